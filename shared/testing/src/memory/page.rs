//! Pages: items are ordered by a key, and a cursor is the key of the last item shown.

use workflow::ports::{Page, PageRequest};

/// Most items of a page.
const LIMIT_MAX: u32 = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// The page of `items`, each with the key it is ordered by, that follows the cursor.
pub(super) fn page<T>(items: impl IntoIterator<Item = (String, T)>, order: Order, request: &PageRequest) -> Page<T> {
    page_of(items, order, request, LIMIT_MAX)
}

/// The same, of at most `limit_max` items.
pub(super) fn page_of<T>(
    items: impl IntoIterator<Item = (String, T)>,
    order: Order,
    request: &PageRequest,
    limit_max: u32,
) -> Page<T> {
    let limit = request.limit.clamp(1, limit_max) as usize;
    let mut items: Vec<_> = items.into_iter().collect();
    items.sort_by(|(one, _), (other, _)| one.cmp(other));
    if order == Order::Descending {
        items.reverse();
    }
    items.retain(|(key, _)| match &request.after {
        None => true,
        Some(after) if order == Order::Ascending => key > after,
        Some(after) => key < after,
    });
    let next = (items.len() > limit).then(|| items[limit - 1].0.clone());
    items.truncate(limit);
    Page { items: items.into_iter().map(|(_, item)| item).collect(), next }
}
