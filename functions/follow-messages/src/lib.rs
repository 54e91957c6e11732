//! What became of messages: of an enrolment, of a unit, one's own, and the log of the back office; and sending a failed one
//! again.
//!
//! Trigger: API Gateway. Changes: a message that failed is left in the outbox once more, under a new id, with its record and
//! a mark on the old one. Refused: what did not fail, what was sent again before, codes.

mod view;

use std::sync::Arc;

use axum::extract::State;
use domain::account::Permission;
use domain::ids::{EnrolmentId, MessageId, UnitId};
use domain::message_log::{Fate, MessageRecord};
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use domain::texts::TemplateId;
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use lambda::enrolments::Counter;
use lambda::http::{Answer, Command, Empty, Json, Listing, Paging, Path, Problem, Query, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::message_log;
use workflow::ports::{Cipher, MessageFilter, MessageList};
use workflow::scope::Scope;

use crate::view::{MessageView, shown};

/// What the handlers need.
#[derive(Clone)]
pub struct Postbox {
    /// The tables, the clock, identifiers.
    pub counter: Counter,
    /// Keys of the words the log keeps.
    pub cipher: Arc<dyn Cipher>,
}

/// The routes.
pub fn routes(postbox: Postbox) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(of_enrolment))
        .routes(routes!(of_unit))
        .routes(routes!(mine))
        .routes(routes!(log))
        .routes(routes!(resend))
        .with_state(postbox)
}

impl Postbox {
    async fn page(
        &self,
        list: MessageList,
        filter: &MessageFilter,
        paging: &Paging,
    ) -> Result<Listing<MessageView>, Problem> {
        let page = self.counter.desk.store.messages(&list, filter, paging.request()).await?;
        Ok(paging.listing(page, |record| shown(&*self.cipher, record)))
    }
}

/// The messages about an enrolment, newest first.
#[utoipa::path(get, path = "/enrolments/{enrolment}/messages", tag = "messages",
    params(("enrolment" = String, Path), Paging), responses((status = 200, body = Listing<MessageView>)))]
async fn of_enrolment(
    State(p): State<Postbox>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
    paging: Paging,
) -> Result<Json<Listing<MessageView>>, Problem> {
    let e = p.counter.readable(&actor, &id).await?;
    Ok(Json(p.page(MessageList::About(e.id.to_string()), &MessageFilter::default(), &paging).await?))
}

/// The messages of a unit, newest first: about its enrolments, and to its accounts.
#[utoipa::path(get, path = "/units/{unit}/messages", tag = "messages",
    params(("unit" = String, Path), Paging), responses((status = 200, body = Listing<MessageView>)))]
async fn of_unit(
    State(p): State<Postbox>,
    Signed { actor, .. }: Signed,
    Path(id): Path<UnitId>,
    paging: Paging,
) -> Result<Json<Listing<MessageView>>, Problem> {
    if !actor.may(Permission::ReadEnrolments) {
        return Err(Refusal::not_permitted().into());
    }
    let unit = p.counter.desk.store.unit(&id, &Scope::of(&actor)).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(p.page(MessageList::Below(unit.path), &MessageFilter::default(), &paging).await?))
}

/// One's own messages, newest first: what the home page shows. Notices of the portal are among them.
#[utoipa::path(get, path = "/me/messages", tag = "messages", params(Paging),
    responses((status = 200, body = Listing<MessageView>)))]
async fn mine(
    State(p): State<Postbox>,
    Signed { actor, .. }: Signed,
    paging: Paging,
) -> Result<Json<Listing<MessageView>>, Problem> {
    Ok(Json(p.page(MessageList::Of(actor.account), &MessageFilter::default(), &paging).await?))
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LogQuery {
    /// What became of them: `queued`, `retrying`, `sent`, `failed`, `dropped` or `dead`.
    #[param(value_type = Option<String>)]
    state: Option<Fate>,
    /// Their template, `enrolment-returned`.
    #[param(value_type = Option<String>)]
    kind: Option<TemplateId>,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    node: Option<NodePath>,
    /// First day, in UTC+8.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Last day, likewise.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
}

/// The instant a business day begins at.
fn beginning(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(TimeZone::fixed(tz::offset(8))).ok()?.timestamp())
}

/// The log of messages within one's subtree, newest first.
#[utoipa::path(get, path = "/messages", tag = "messages", params(LogQuery, Paging),
    responses((status = 200, body = Listing<MessageView>)))]
async fn log(
    State(p): State<Postbox>,
    Signed { actor, .. }: Signed,
    Query(query): Query<LogQuery>,
    paging: Paging,
) -> Result<Json<Listing<MessageView>>, Problem> {
    if !actor.may(Permission::ReadMessages) {
        return Err(Refusal::not_permitted().into());
    }
    let node = query.node.unwrap_or_else(|| actor.node.clone());
    if !actor.node.covers(&node) {
        return Err(Problem::not_found());
    }
    let filter = MessageFilter {
        fate: query.state,
        template: query.kind,
        from: query.from.and_then(beginning),
        before: query.to.and_then(|day| beginning(day.tomorrow().ok()?)),
    };
    Ok(Json(p.page(MessageList::Below(node), &filter, &paging).await?))
}

/// A message that was sent again.
#[derive(Debug, Serialize, ToSchema)]
struct Resent {
    /// The new message.
    id: String,
    /// The one it repeats.
    repeats: String,
}

/// Send a failed or given-up message again. The words are written anew, from what they speak of as it is now.
#[utoipa::path(post, path = "/messages/{message}/resend", tag = "messages", params(("message" = String, Path)),
    responses((status = 201, body = Resent)))]
async fn resend(
    State(p): State<Postbox>,
    Path(id): Path<MessageId>,
    Command { actor, once, body: Empty {} }: Command<Empty>,
) -> Result<Answer, Problem> {
    let desk = &p.counter.desk;
    let answer = |record: &MessageRecord| {
        let resent = Resent { id: record.id.to_string(), repeats: id.to_string() };
        Answer::json(StatusCode::CREATED, &resent)
    };
    let work = async {
        let keep = |record: &MessageRecord| once.record(&answer(record));
        let record = message_log::resend(desk, &*p.cipher, &actor, &id, &keep).await?;
        Ok(answer(&record))
    };
    once.run(&*desk.store, work).await
}

#[cfg(test)]
mod tests;
