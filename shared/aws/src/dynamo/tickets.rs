//! Tickets: whoever's deletion gets the item back has the ticket, and nobody else.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::ReturnValue;
use jiff::Timestamp;
use workflow::ports::{Outage, Ticket, Tickets};

use super::items::{self, Item, Row};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

/// What a ticket is worth, within its document.
pub(super) const HOLDS: &str = "holds";

/// The item of a ticket.
pub(super) fn item(ticket: &Ticket) -> Result<Item, Outage> {
    Row::of(&keys::ticket(&ticket.name), ticket)?.expires(ticket.expires_at, 0).finish()
}

#[async_trait]
impl Tickets for Dynamo {
    async fn keep_ticket(&self, ticket: &Ticket) -> Result<(), Outage> {
        self.put(Table::Runtime, item(ticket)?).await
    }

    async fn ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage> {
        let found: Option<Ticket> = self.doc(Table::Runtime, &keys::ticket(name), true).await?;
        Ok(found.filter(|ticket| now < ticket.expires_at))
    }

    async fn take_ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage> {
        let delete = self
            .client
            .delete_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::ticket(name).attributes()))
            .return_values(ReturnValue::AllOld);
        let taken = delete.send().await.map_err(outage("take-ticket"))?.attributes;
        let taken: Option<Ticket> = taken.map(items::doc).transpose()?;
        Ok(taken.filter(|ticket| now < ticket.expires_at))
    }
}
