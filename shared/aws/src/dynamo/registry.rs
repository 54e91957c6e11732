//! Organisation, units, accounts and plans; and the writes with which they are set up.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::account::Account;
use domain::ids::{AccountId, NodeId, UnitId};
use domain::organisation::{Node, Unit};
use domain::plan::PlanVariant;
use jiff::Timestamp;
use workflow::ports::{Credentials, Outage, Registry};
use workflow::scope::Scope;

use super::items::{self, Item, Row, take, text, to_value};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

const HASH: &str = "password_hash";
const FAILURES: &str = "failures";
const LOCKED_UNTIL: &str = "locked_until";
/// Whose user name it is.
const ACCOUNT: &str = "account";

#[async_trait]
impl Registry for Dynamo {
    async fn node(&self, id: &NodeId) -> Result<Option<Node>, Outage> {
        self.doc(Table::Registry, &keys::node(id), false).await
    }

    async fn unit(&self, id: &UnitId, scope: &Scope) -> Result<Option<Unit>, Outage> {
        let found: Option<Unit> = self.doc(Table::Registry, &keys::unit(id), false).await?;
        Ok(found.filter(|unit| scope.covers(&unit.path)))
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Outage> {
        self.doc(Table::Registry, &keys::account(id), false).await
    }

    async fn credentials(&self, user_name: &str) -> Result<Option<Credentials>, Outage> {
        let owner = self.item(Table::Registry, &keys::user_name(user_name), false).await?;
        let Some(mut owner) = owner else { return Ok(None) };
        let id: AccountId = take(&mut owner, ACCOUNT)?;
        // Consistent: the failures counted last decide.
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(keys::account(&id).pk));
        let mut found = query.send().await.map_err(outage("read-credentials"))?.items.unwrap_or_default();
        let mut pick = |sk: &str| {
            let at = found.iter().position(|item| text(item, keys::SK) == Some(sk))?;
            Some(found.swap_remove(at))
        };
        match (pick(&keys::account(&id).sk), pick(&keys::credentials(&id).sk)) {
            (Some(account), Some(mut secret)) => Ok(Some(Credentials {
                account: items::doc(account)?,
                password_hash: take(&mut secret, HASH)?,
                failures: take(&mut secret, FAILURES)?,
                locked_until: take(&mut secret, LOCKED_UNTIL)?,
            })),
            _ => Ok(None),
        }
    }

    async fn record_failures(
        &self,
        account: &AccountId,
        failures: u32,
        locked_until: Option<Timestamp>,
    ) -> Result<(), Outage> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Registry)?)
            .set_key(Some(keys::credentials(account).attributes()))
            .update_expression("SET #failures = :failures, #until = :until")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#failures", FAILURES)
            .expression_attribute_names("#until", LOCKED_UNTIL)
            .expression_attribute_values(":failures", AttributeValue::N(failures.to_string()))
            .expression_attribute_values(":until", to_value(&locked_until)?);
        update.send().await.map_err(outage("record-failures"))?;
        Ok(())
    }

    async fn plans(&self) -> Result<Vec<PlanVariant>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(keys::PLANS.to_owned()));
        let mut plans = Vec::new();
        let mut found = query.into_paginator().items().send();
        while let Some(item) = found.try_next().await.map_err(outage("read-plans"))? {
            plans.push(items::doc(item)?);
        }
        Ok(plans)
    }
}

/// The writes with which an installation is set up. Each may be repeated.
impl Dynamo {
    /// Writes a node of the tree.
    pub async fn put_node(&self, node: &Node) -> Result<(), Outage> {
        self.put(Table::Registry, Row::of(&keys::node(&node.id), node)?.finish()?).await
    }

    /// Writes a unit.
    pub async fn put_unit(&self, unit: &Unit) -> Result<(), Outage> {
        self.put(Table::Registry, Row::of(&keys::unit(&unit.id), unit)?.finish()?).await
    }

    /// Writes a version of a plan variant.
    pub async fn put_plan(&self, plan: &PlanVariant) -> Result<(), Outage> {
        self.put(Table::Registry, Row::of(&keys::plan(&plan.code, &plan.version), plan)?.finish()?).await
    }

    /// Writes an account with the PHC string of its password, unlocked. An outage if the user name is another account's.
    pub async fn put_account(&self, account: &Account, password_hash: &str) -> Result<(), Outage> {
        let name = Row::new(&keys::user_name(&account.user_name)).text(ACCOUNT, account.id.as_str()).finish()?;
        let secret = Row::new(&keys::credentials(&account.id))
            .text(HASH, password_hash)
            .number(FAILURES, 0)
            .nested(LOCKED_UNTIL, &None::<Timestamp>)?
            .finish()?;
        let name = self
            .registry_put(name)?
            .condition_expression("attribute_not_exists(pk) OR #account = :account")
            .expression_attribute_names("#account", ACCOUNT)
            .expression_attribute_values(":account", AttributeValue::S(account.id.to_string()));
        let writes = [
            name,
            self.registry_put(Row::of(&keys::account(&account.id), account)?.finish()?)?,
            self.registry_put(secret)?,
        ];
        let mut transaction = self.client.transact_write_items();
        for write in writes {
            let put = write.build().map_err(|problem| Outage::new("put-account", problem))?;
            transaction = transaction.transact_items(TransactWriteItem::builder().put(put).build());
        }
        transaction.send().await.map_err(outage("put-account"))?;
        Ok(())
    }

    fn registry_put(&self, item: Item) -> Result<PutBuilder, Outage> {
        Ok(Put::builder().table_name(self.tables.name(Table::Registry)?).set_item(Some(item)))
    }
}
