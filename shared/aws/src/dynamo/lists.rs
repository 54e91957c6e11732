//! Lists of enrolments: one index per depth of the tree, keyed by state and node (docs/adr/0550-lists-are-merged-by-state.md).
//!
//! A list reads one query per state it looks into, newest first, and merges them. Each query is asked for its share of
//! the page at first and for more only while its next enrolment may belong to the page.

use std::collections::VecDeque;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Select};
use domain::enrolment::State;
use domain::ids::UnitId;
use domain::organisation::NodePath;
use futures::future::try_join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use workflow::ports::{
    EnrolmentCounts, EnrolmentList, EnrolmentLists, EnrolmentSummary, LIST_LIMIT_MAX, Outage, Page, PageRequest,
};
use workflow::scope::Scope;

use super::enrolments::{PATH, SUMMARY};
use super::items::{Item, take, text};
use super::{Dynamo, keys, page};
use crate::config::Table;
use crate::outage::outage;

/// Where counting a state stops.
const COUNT_CAP: u32 = 1000;
/// Most enrolments one page, or the count of one state, looks at beyond those it shows.
const LOOKED_AT_MAX: usize = 2_000;
/// Least enrolments a query is asked for.
const CHUNK_MIN: usize = 4;

/// No index says where it stopped.
#[derive(Debug, thiserror::Error)]
#[error("the index does not say where it stopped")]
struct NoPlace;

#[async_trait]
impl EnrolmentLists for Dynamo {
    async fn enrolments(&self, list: &EnrolmentList, request: &PageRequest) -> Result<Page<EnrolmentSummary>, Outage> {
        let limit = request.limit.clamp(1, LIST_LIMIT_MAX) as usize;
        let upto = request.after.clone().or_else(|| list.created_before.map(keys::instant));
        let upto = upto.unwrap_or_else(|| keys::instant(Timestamp::MAX));
        let states = list.wanted();
        // One more than the page shows tells whether another follows.
        let share = (limit + 1).div_ceil(states.len().max(1)).max(CHUNK_MIN);
        let mut streams: Vec<Stream> = Vec::with_capacity(states.len());
        for state in states {
            streams.push(Stream::new(self.list(list, state, &upto)?, upto.clone()));
        }
        let mut looked_at = 0;
        let mut items = Vec::with_capacity(limit);
        try_join_all(streams.iter_mut().map(|stream| stream.fill(share))).await?;
        loop {
            looked_at += streams.iter_mut().map(|stream| std::mem::take(&mut stream.looked_at)).sum::<usize>();
            // What stands before the place where the least read of the empty queries stopped is safe to show.
            let unread = streams.iter().filter(|s| s.found.is_empty() && !s.ended).map(|s| &s.at).max().cloned();
            let newest = streams.iter_mut().filter(|s| !s.found.is_empty()).max_by(|a, b| a.head().cmp(&b.head()));
            let safe = newest.filter(|s| unread.as_ref().is_none_or(|at| s.head() > Some(at)));
            match (safe, unread) {
                (Some(stream), _) if items.len() < limit => items.extend(stream.found.pop_front()),
                (Some(_), _) => {
                    return Ok(Page { next: items.last().map(|(at, _): &Found| at.clone()), items: shown(items) });
                }
                (None, None) => return Ok(Page { items: shown(items), next: None }),
                (None, Some(at)) if looked_at >= limit + LOOKED_AT_MAX => {
                    return Ok(Page { items: shown(items), next: Some(at) });
                }
                (None, Some(_)) => {
                    let wanted = (limit + 1 - items.len()).max(share);
                    let empty = streams.iter_mut().filter(|s| s.found.is_empty() && !s.ended);
                    try_join_all(empty.map(|stream| stream.fill(wanted))).await?;
                }
            }
        }
    }

    async fn count_enrolments(&self, list: &EnrolmentList) -> Result<EnrolmentCounts, Outage> {
        let upto = keys::instant(list.created_before.unwrap_or(Timestamp::MAX));
        let mut counts = Vec::new();
        for state in list.wanted() {
            let query = self.list(list, state, &upto)?;
            counts.push(async move { Ok::<_, Outage>((state, count(query).await?)) });
        }
        let counts = try_join_all(counts).await?;
        let at_least = counts.iter().any(|(_, (_, whole))| !whole);
        Ok(EnrolmentCounts { by_state: counts.into_iter().map(|(state, (n, _))| (state, n)).collect(), at_least })
    }

    async fn enrolment_numbered(&self, number: &str, scope: &Scope) -> Result<Option<EnrolmentSummary>, Outage> {
        if !keys::fits(number) {
            return Ok(None);
        }
        let query = self
            .index(keys::BY_NUMBER)?
            .key_condition_expression("#number = :number")
            .expression_attribute_names("#number", "number")
            .expression_attribute_values(":number", AttributeValue::S(number.to_owned()));
        let found = query.send().await.map_err(outage("query"))?.items.unwrap_or_default();
        Ok(within(found, scope)?.pop())
    }

    async fn enrolments_ending(
        &self,
        unit: &UnitId,
        scope: &Scope,
        (from, upto): (Date, Date),
        request: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        if upto < from {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let query = self
            .index(keys::BY_END)?
            .key_condition_expression("#unit = :unit AND #ends BETWEEN :from AND :upto")
            .expression_attribute_names("#unit", "unit")
            .expression_attribute_names("#ends", "ends")
            .expression_attribute_values(":unit", AttributeValue::S(unit.to_string()))
            .expression_attribute_values(":from", AttributeValue::S(from.to_string()))
            .expression_attribute_values(":upto", AttributeValue::S(upto.to_string()));
        let found =
            page::page_of(query, &[keys::PK, keys::SK, "unit", "ends"], request, LIST_LIMIT_MAX, |_| true).await?;
        let items = within(found.items, scope)?;
        // A unit stands in one place: outside the scope there is nothing to go on with either.
        let next = found.next.filter(|_| !items.is_empty());
        Ok(Page { items, next })
    }
}

impl Dynamo {
    fn index(&self, name: &str) -> Result<QueryFluentBuilder, Outage> {
        Ok(self.client.query().table_name(self.tables.name(Table::Enrolments)?).index_name(name))
    }

    /// The enrolments of one state up to a place, newest first, that pass the list's conditions.
    fn list(&self, list: &EnrolmentList, state: State, upto: &str) -> Result<QueryFluentBuilder, Outage> {
        let (depth, key) = keys::list(keys::Listed::Enrolments(state), &list.node);
        let from = keys::instant(list.created_from.unwrap_or(Timestamp::MIN));
        let query = self
            .index(keys::LISTS[depth])?
            .key_condition_expression("#list = :list AND #listed BETWEEN :from AND :upto")
            .expression_attribute_names("#list", keys::LIST_ATTRIBUTES[depth])
            .expression_attribute_names("#listed", keys::LISTED)
            .expression_attribute_values(":list", AttributeValue::S(key))
            // A range that is empty is no range to DynamoDB.
            .expression_attribute_values(":from", AttributeValue::S(from.min(upto.to_owned())))
            .expression_attribute_values(":upto", AttributeValue::S(upto.to_owned()))
            .scan_index_forward(false);
        Ok(narrowed(query, list))
    }
}

/// The conditions that are no keys.
fn narrowed(query: QueryFluentBuilder, list: &EnrolmentList) -> QueryFluentBuilder {
    let EnrolmentList { plan, new_employment_form, returned, .. } = list;
    let mut conditions = Vec::new();
    let mut query = query;
    if let Some(plan) = plan {
        conditions.push("contains(#summary.#plan_codes, :plan)");
        query = query
            .expression_attribute_names("#plan_codes", "plan_codes")
            .expression_attribute_values(":plan", AttributeValue::S(plan.clone()));
    }
    if let Some(wanted) = new_employment_form {
        conditions.push("#summary.#new_form = :new_form");
        query = query
            .expression_attribute_names("#new_form", "new_employment_form")
            .expression_attribute_values(":new_form", AttributeValue::Bool(*wanted));
    }
    if let Some(wanted) = returned {
        let is = "attribute_type(#summary.#reason, :text)";
        let is_not = "(NOT attribute_type(#summary.#reason, :text))";
        conditions.push(if *wanted { is } else { is_not });
        query = query
            .expression_attribute_names("#reason", "return_reason")
            .expression_attribute_values(":text", AttributeValue::S("S".to_owned()));
    }
    if conditions.is_empty() {
        return query;
    }
    query.expression_attribute_names("#summary", SUMMARY).filter_expression(conditions.join(" AND "))
}

/// An enrolment with its place.
type Found = (String, EnrolmentSummary);

/// One query of a list, as far as it was read.
struct Stream {
    query: QueryFluentBuilder,
    start: Option<Item>,
    /// Read and not shown yet, newest first.
    found: VecDeque<Found>,
    /// What stands after this place was read.
    at: String,
    /// Whether all was read.
    ended: bool,
    /// Enrolments looked at since this was asked last.
    looked_at: usize,
    /// The place the list goes on from: it was shown before.
    shown: String,
}

impl Stream {
    fn new(query: QueryFluentBuilder, upto: String) -> Self {
        let (start, found) = (None, VecDeque::new());
        Self { query, start, found, at: upto.clone(), ended: false, looked_at: 0, shown: upto }
    }

    fn head(&self) -> Option<&String> {
        self.found.front().map(|(at, _)| at)
    }

    /// Looks at some more.
    async fn fill(&mut self, some: usize) -> Result<(), Outage> {
        let limit = i32::try_from(some).unwrap_or(i32::MAX);
        let query = self.query.clone().limit(limit).set_exclusive_start_key(self.start.take());
        let read = query.send().await.map_err(outage("query"))?;
        self.looked_at += usize::try_from(read.scanned_count).unwrap_or_default();
        for mut item in read.items.unwrap_or_default() {
            let at = text(&item, keys::LISTED).ok_or_else(|| Outage::new("query", NoPlace))?.to_owned();
            if at != self.shown {
                self.found.push_back((at, take(&mut item, SUMMARY)?));
            }
        }
        match read.last_evaluated_key {
            None => self.ended = true,
            Some(key) => {
                self.at = text(&key, keys::LISTED).ok_or_else(|| Outage::new("query", NoPlace))?.to_owned();
                self.start = Some(key);
            }
        }
        Ok(())
    }
}

fn shown(found: Vec<Found>) -> Vec<EnrolmentSummary> {
    found.into_iter().map(|(_, summary)| summary).collect()
}

/// Those of some enrolments that lie in the scope.
fn within(items: Vec<Item>, scope: &Scope) -> Result<Vec<EnrolmentSummary>, Outage> {
    let mut found = Vec::with_capacity(items.len());
    for mut item in items {
        let path: NodePath = take(&mut item, PATH)?;
        if scope.covers(&path) {
            found.push(take(&mut item, SUMMARY)?);
        }
    }
    Ok(found)
}

/// Counts at the store; whether that is all of them.
async fn count(query: QueryFluentBuilder) -> Result<(u32, bool), Outage> {
    let query = query.select(Select::Count);
    let (mut counted, mut looked_at, mut start) = (0, 0, None);
    while counted < COUNT_CAP && looked_at < LOOKED_AT_MAX {
        let left = i32::try_from(COUNT_CAP - counted).unwrap_or(i32::MAX);
        let some = query.clone().limit(left).set_exclusive_start_key(start).send().await.map_err(outage("count"))?;
        counted += u32::try_from(some.count).unwrap_or_default();
        looked_at += usize::try_from(some.scanned_count).unwrap_or_default();
        start = some.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    Ok((counted, counted < COUNT_CAP && start.is_none()))
}
