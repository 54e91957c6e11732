//! Sign-in sessions: one item per family, which holds the hash of the one refresh token that is good.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use workflow::ports::{IssuedSession, Outage, RotateError, Sessions};

use super::items::{self, DOC, EXPIRES, Item, Row};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

const TOKEN_HASH: &str = "token_hash";

#[async_trait]
impl Sessions for Dynamo {
    async fn begin(&self, session: &IssuedSession) -> Result<(), Outage> {
        let row = Row::of(&keys::session(&session.family), session)?.expires(session.expires_at, 0);
        self.put(Table::Runtime, row.finish()?).await
    }

    async fn rotate(
        &self,
        family: &str,
        token_hash: &str,
        next_hash: &str,
        now: Timestamp,
    ) -> Result<IssuedSession, RotateError> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::session(family).attributes()))
            .update_expression("SET #doc.#hash = :next")
            .condition_expression("#doc.#hash = :hash AND #expires > :now")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#hash", TOKEN_HASH)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":hash", AttributeValue::S(token_hash.to_owned()))
            .expression_attribute_values(":next", AttributeValue::S(next_hash.to_owned()))
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let error = match update.send().await {
            Ok(written) => return Ok(items::doc(written.attributes.unwrap_or_default())?),
            Err(error) => error,
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(outage("rotate-session")(error).into());
        };
        if !used_before(failed.item.clone(), token_hash, now)? {
            return Err(RotateError::Unknown);
        }
        self.revoke(family).await?;
        Err(RotateError::Reused)
    }

    async fn revoke(&self, family: &str) -> Result<(), Outage> {
        let delete = self
            .client
            .delete_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::session(family).attributes()));
        delete.send().await.map_err(outage("revoke-session"))?;
        Ok(())
    }
}

/// Whether the family lives and has another token by now; otherwise it is unknown, expired or revoked.
fn used_before(item: Option<Item>, token_hash: &str, now: Timestamp) -> Result<bool, Outage> {
    let session: Option<IssuedSession> = item.map(items::doc).transpose()?;
    Ok(session.is_some_and(|session| session.token_hash != token_hash && session.expires_at > now))
}
