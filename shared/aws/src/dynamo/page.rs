//! Pages of a query that end exactly where the items end.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use workflow::ports::{Outage, Page, PageRequest};

use super::items::{Item, text};
use crate::outage::outage;

/// Most items of a page.
pub(super) const LIMIT_MAX: u32 = 100;
/// Items a filtered query looks at in one call, after the first.
const CHUNK: usize = 500;
/// Most items a patient page looks at, or a piece more.
const LOOKED_AT_MAX: usize = 5_000;

/// The text is no cursor of this query.
#[derive(Debug, thiserror::Error)]
#[error("not a cursor")]
struct NotACursor;

/// Runs a query until the page is full or the items end. `keys` are the attributes a query of this index goes on from.
///
/// Asks for one item more than the page holds: DynamoDB names a place to go on from even when nothing follows.
pub(super) async fn page(
    query: QueryFluentBuilder,
    keys: &[&str],
    request: &PageRequest,
) -> Result<Page<Item>, Outage> {
    page_of(query, keys, request, LIMIT_MAX, |_| true).await
}

/// The same, of at most `limit_max` items, and of those only that are to be shown.
pub(super) async fn page_of(
    query: QueryFluentBuilder,
    keys: &[&str],
    request: &PageRequest,
    limit_max: u32,
    shown: impl Fn(&Item) -> bool,
) -> Result<Page<Item>, Outage> {
    run(query, keys, request, (limit_max, usize::MAX), shown).await
}

/// The same of a query whose filter may keep next to nothing: after some thousand items it shows what it has found, and
/// whoever asks goes on from there.
pub(super) async fn patient_page(
    query: QueryFluentBuilder,
    keys: &[&str],
    request: &PageRequest,
) -> Result<Page<Item>, Outage> {
    run(query, keys, request, (LIMIT_MAX, LOOKED_AT_MAX), |_| true).await
}

async fn run(
    query: QueryFluentBuilder,
    keys: &[&str],
    request: &PageRequest,
    (limit_max, looked_at_max): (u32, usize),
    shown: impl Fn(&Item) -> bool,
) -> Result<Page<Item>, Outage> {
    let limit = request.limit.clamp(1, limit_max) as usize;
    let mut start = request.after.as_deref().map(|after| parse(after, keys)).transpose()?;
    let mut items: Vec<Item> = Vec::new();
    let mut looked_at = 0;
    let mut chunk = limit + 1;
    while items.len() <= limit {
        let wanted = i32::try_from(chunk).unwrap_or(i32::MAX);
        let some = query.clone().limit(wanted).set_exclusive_start_key(start).send().await.map_err(outage("query"))?;
        looked_at += usize::try_from(some.scanned_count).unwrap_or_default();
        items.extend(some.items.unwrap_or_default().into_iter().filter(&shown));
        start = some.last_evaluated_key;
        let Some(place) = &start else { break };
        if looked_at >= looked_at_max && items.len() <= limit {
            return Ok(Page { next: Some(cursor(place, keys)?), items });
        }
        // A filter leaves something out of most pieces: the next ones are larger.
        let filtered = query.get_filter_expression().is_some();
        chunk = if filtered { CHUNK } else { (limit + 1).saturating_sub(items.len()) };
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|last| cursor(last, keys)).transpose()? } else { None };
    Ok(Page { items, next })
}

/// The place after an item: the item's keys as a JSON object.
fn cursor(item: &Item, keys: &[&str]) -> Result<String, Outage> {
    let values: Option<BTreeMap<_, _>> = keys.iter().map(|key| Some((*key, text(item, key)?))).collect();
    let values = values.ok_or_else(|| Outage::new("query", NotACursor))?;
    serde_json::to_string(&values).map_err(|problem| Outage::new("query", problem))
}

fn parse(after: &str, keys: &[&str]) -> Result<Item, Outage> {
    let values: BTreeMap<String, String> = serde_json::from_str(after).map_err(|_| Outage::new("query", NotACursor))?;
    if values.len() != keys.len() || keys.iter().any(|key| !values.contains_key(*key)) {
        return Err(Outage::new("query", NotACursor));
    }
    Ok(values.into_iter().map(|(name, value)| (name, AttributeValue::S(value))).collect())
}
