//! Accounts that a commit opens or edits: the account, its credentials and its user name are an item each.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::account::Account;
use workflow::accounts::NO_PASSWORD;
use workflow::commit::AccountChange;
use workflow::ports::Outage;

use super::actions::{Action, Meaning, action};
use super::directory::account_item;
use super::items::{DOC, Row, to_value};
use super::registry::{ACCOUNT, GENERATION, HASH};
use super::{Dynamo, keys};
use crate::config::Table;

impl Dynamo {
    /// The actions of a change. The item of the user name is what makes a name one account's.
    pub(super) fn change_account(&self, change: &AccountChange) -> Result<Vec<Action>, Outage> {
        match change {
            AccountChange::Open(account) => self.open_account(account),
            AccountChange::Edit { before, after } => Ok(vec![self.edit_account(before, after)?]),
        }
    }

    fn open_account(&self, account: &Account) -> Result<Vec<Action>, Outage> {
        let name = Row::new(&keys::user_name(&account.user_name)).text(ACCOUNT, account.id.as_str());
        let secret = Row::new(&keys::credentials(&account.id)).text(HASH, NO_PASSWORD).number(GENERATION, 0);
        Ok(vec![
            self.create(Meaning::UserName, Table::Registry, name.finish()?)?,
            self.create(Meaning::Version, Table::Registry, account_item(account)?)?,
            self.create(Meaning::Version, Table::Registry, secret.finish()?)?,
        ])
    }

    /// The account as a whole is compared: whoever edited it meanwhile is not overwritten, whatever they edited.
    fn edit_account(&self, before: &Account, after: &Account) -> Result<Action, Outage> {
        let item = account_item(after)?;
        let put = self.put_if(Table::Registry, item, "#doc = :before")?;
        let before: AttributeValue = to_value(before)?;
        action(
            Meaning::Version,
            put.expression_attribute_names("#doc", DOC).expression_attribute_values(":before", before),
        )
    }
}
