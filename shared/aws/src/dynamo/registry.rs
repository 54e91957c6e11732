//! Organisation, units, accounts and plans; and the writes with which they are set up.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use domain::account::Account;
use domain::ids::{AccountId, NodeId, UnitId};
use domain::organisation::{Node, Unit};
use workflow::commit::{MobileChange, NewPassword};
use workflow::ports::{Credentials, Outage, Registry, Totp};
use workflow::scope::Scope;

use super::actions::{Action, Meaning, action};
use super::directory::{account_item, node_item};
use super::items::{self, Item, Row, take, text, to_value};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::{done, outage};

pub(super) const HASH: &str = "password_hash";
/// How often the password was set.
pub(super) const GENERATION: &str = "generation";
/// The second factor; absent until it was confirmed.
pub(super) const TOTP: &str = "totp";
/// No account has this id: an id has no space.
const NOBODY: &str = "no body";
/// Whose user name it is.
pub(super) const ACCOUNT: &str = "account";

#[async_trait]
impl Registry for Dynamo {
    async fn node(&self, id: &NodeId) -> Result<Option<Node>, Outage> {
        self.doc(Table::Registry, &keys::node(id), false).await
    }

    async fn unit(&self, id: &UnitId, scope: &Scope) -> Result<Option<Unit>, Outage> {
        // Consistent: whoever has just changed it reads it again, and changes it from the version shown.
        let found: Option<Unit> = self.doc(Table::Registry, &keys::unit(id), true).await?;
        Ok(found.filter(|unit| scope.covers(&unit.path)))
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Outage> {
        self.doc(Table::Registry, &keys::account(id), false).await
    }

    async fn user_name_taken(&self, user_name: &str) -> Result<bool, Outage> {
        Ok(self.item(Table::Registry, &keys::user_name(user_name), true).await?.is_some())
    }

    async fn mobile_holder(&self, index: &str) -> Result<Option<AccountId>, Outage> {
        let holder = self.item(Table::Registry, &keys::mobile(index), true).await?;
        holder.map(|mut holder| take(&mut holder, ACCOUNT)).transpose()
    }

    async fn credentials(&self, user_name: &str) -> Result<Option<Credentials>, Outage> {
        let owner = self.item(Table::Registry, &keys::user_name(user_name), false).await?;
        // An unknown name is looked up just the same: how long it takes must not tell that nobody has it.
        let id = owner.map_or_else(|| Ok(NOBODY.to_owned()), |mut owner| take(&mut owner, ACCOUNT))?;
        self.credentials_at(&id).await
    }

    async fn credentials_of(&self, account: &AccountId) -> Result<Option<Credentials>, Outage> {
        self.credentials_at(account.as_str()).await
    }

    async fn set_totp(&self, account: &AccountId, totp: &Totp) -> Result<bool, Outage> {
        let update = self
            .update_credentials(account)?
            .update_expression("SET #totp = :totp")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(#totp)")
            .expression_attribute_names("#totp", TOTP)
            .expression_attribute_values(":totp", to_value(totp)?);
        done("set-totp", update.send().await)
    }

    async fn use_totp_step(&self, account: &AccountId, step: u64) -> Result<bool, Outage> {
        let update = self
            .update_credentials(account)?
            .update_expression("SET #totp.#last = :step")
            .condition_expression("#totp.#last < :step")
            .expression_attribute_names("#totp", TOTP)
            .expression_attribute_names("#last", "last_step")
            .expression_attribute_values(":step", AttributeValue::N(step.to_string()));
        done("use-totp-step", update.send().await)
    }
}

impl Dynamo {
    async fn credentials_at(&self, account: &str) -> Result<Option<Credentials>, Outage> {
        // Consistent: a password set or a code used a moment ago decides.
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(format!("ACCOUNT#{account}")));
        let mut found = query.send().await.map_err(outage("read-credentials"))?.items.unwrap_or_default();
        let mut pick = |sk: &str| {
            let at = found.iter().position(|item| text(item, keys::SK) == Some(sk))?;
            Some(found.swap_remove(at))
        };
        match (pick("ACCOUNT"), pick("CREDENTIALS")) {
            (Some(account), Some(mut secret)) => Ok(Some(Credentials {
                account: items::doc(account)?,
                password_hash: take(&mut secret, HASH)?,
                generation: take(&mut secret, GENERATION)?,
                totp: secret.contains_key(TOTP).then(|| take(&mut secret, TOTP)).transpose()?,
            })),
            _ => Ok(None),
        }
    }

    fn update_credentials(&self, account: &AccountId) -> Result<UpdateItemFluentBuilder, Outage> {
        let table = self.tables.name(Table::Registry)?;
        Ok(self.client.update_item().table_name(table).set_key(Some(keys::credentials(account).attributes())))
    }

    /// The action of a number that becomes an account's, or nobody's.
    pub(super) fn change_mobile(&self, change: &MobileChange) -> Result<Action, Outage> {
        const FREE_OR_OWN: &str = "attribute_not_exists(pk) OR #account = :account";
        let (key, by) = (keys::mobile(change.index()), AttributeValue::S(change.by().to_string()));
        match change {
            MobileChange::Take { .. } => {
                let row = Row::new(&key).text(ACCOUNT, change.by().as_str()).finish()?;
                let put = self.put_if(Table::Registry, row, FREE_OR_OWN)?;
                let put = put.expression_attribute_names("#account", ACCOUNT);
                action(Meaning::Mobile, put.expression_attribute_values(":account", by))
            }
            MobileChange::Release { .. } => {
                let delete = Delete::builder()
                    .table_name(self.tables.name(Table::Registry)?)
                    .set_key(Some(key.attributes()))
                    .condition_expression(FREE_OR_OWN)
                    .expression_attribute_names("#account", ACCOUNT)
                    .expression_attribute_values(":account", by)
                    .build()
                    .map_err(|problem| Outage::new("commit", problem))?;
                Ok((Meaning::Mobile, TransactWriteItem::builder().delete(delete).build()))
            }
        }
    }

    /// The action of a new password: a new hash and a new generation of sessions.
    pub(super) fn new_password(&self, password: &NewPassword) -> Result<TransactWriteItem, Outage> {
        let update = Update::builder()
            .table_name(self.tables.name(Table::Registry)?)
            .set_key(Some(keys::credentials(&password.account).attributes()))
            .update_expression("SET #hash = :hash ADD #generation :one")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#hash", HASH)
            .expression_attribute_names("#generation", GENERATION)
            .expression_attribute_values(":hash", AttributeValue::S(password.hash.clone()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .build();
        let update = update.map_err(|problem| Outage::new("commit", problem))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// The writes with which an installation is set up. Each may be repeated.
impl Dynamo {
    /// Writes a node of the tree.
    pub async fn put_node(&self, node: &Node) -> Result<(), Outage> {
        self.put(Table::Registry, Row::of(&keys::tree(&node.path), node)?.finish()?).await?;
        self.put(Table::Registry, node_item(node)?).await
    }

    /// Writes an account with the PHC string of its password. An outage if the user name is another account's.
    pub async fn put_account(&self, account: &Account, password_hash: &str) -> Result<(), Outage> {
        let name = Row::new(&keys::user_name(&account.user_name)).text(ACCOUNT, account.id.as_str()).finish()?;
        let secret =
            Row::new(&keys::credentials(&account.id)).text(HASH, password_hash).number(GENERATION, 0).finish()?;
        let name = self
            .registry_put(name)?
            .condition_expression("attribute_not_exists(pk) OR #account = :account")
            .expression_attribute_names("#account", ACCOUNT)
            .expression_attribute_values(":account", AttributeValue::S(account.id.to_string()));
        let writes = [name, self.registry_put(account_item(account)?)?, self.registry_put(secret)?];
        let mut transaction = self.client.transact_write_items();
        for write in writes {
            let put = write.build().map_err(|problem| Outage::new("put-account", problem))?;
            transaction = transaction.transact_items(TransactWriteItem::builder().put(put).build());
        }
        transaction.send().await.map_err(outage("put-account"))?;
        Ok(())
    }

    /// Writes whose a mobile number of the back office is, given as its keyed index.
    pub async fn put_mobile(&self, index: &str, account: &AccountId) -> Result<(), Outage> {
        let row = Row::new(&keys::mobile(index)).text(ACCOUNT, account.as_str()).finish()?;
        self.put(Table::Registry, row).await
    }

    fn registry_put(&self, item: Item) -> Result<PutBuilder, Outage> {
        Ok(Put::builder().table_name(self.tables.name(Table::Registry)?).set_item(Some(item)))
    }
}
