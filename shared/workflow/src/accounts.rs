//! Opening accounts: a user name that nobody has, a sealed mobile number, and a link to set the password (workflows:
//! sign-in and accounts).
//!
//! An account is opened in the commit of whatever makes it necessary – a unit approved, a contact added, a colleague
//! hired –, so there is never one without the other.

use domain::account::{Account, Role};
use domain::identity::Mobile;
use domain::ids::{AccountId, MessageId, UnitId};
use domain::organisation::NodePath;
use domain::user_name;

use crate::commit::{AccountChange, Commit, CommitError};
use crate::desk::Desk;
use crate::password_links;
use crate::ports::{Cipher, Outage, Store};
use crate::texts;

/// The PHC string of an account that has no password yet. Salt and hash are plain sentences; no password is known to give
/// them. Verifying against it costs what verifying any password costs.
pub const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gcGFzc3dvcmQgeWV0$Tm8gcGFzc3dvcmQgaGFzIGJlZW4gc2V0IHlldC4uLi4";
/// Tries to find a name that nobody takes meanwhile. Each is lost only to somebody who got a name.
const TRIES: usize = 32;
/// Largest number that is looked at behind a stem.
const NUMBER_MAX: u32 = 1 << 24;

/// Somebody who is to have an account.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// Name, as checked.
    pub name: &'a str,
    /// Mobile number, 11 digits, as checked: where the link goes.
    pub mobile: &'a str,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Where it sits.
    pub node: NodePath,
    /// The unit of a unit's own account.
    pub unit: Option<UnitId>,
}

/// Opens an account in the commit that `step` makes of it – all but the account itself and its link, which are added here.
/// The id is made before, so that `step` may name it elsewhere; the user name may change from one call of `step` to the
/// next, when somebody of the same name was faster.
///
/// # Errors
/// Whatever the commit answers, but for [`CommitError::UserName`], after which the next name is tried.
pub async fn open(
    desk: &Desk,
    cipher: &dyn Cipher,
    id: AccountId,
    new: &NewAccount<'_>,
    step: impl Fn(&Account) -> Commit + Send + Sync,
) -> Result<Account, CommitError> {
    let stem = user_name::stem(new.name);
    let message = MessageId::from_ulid(desk.ids.ulid());
    for _ in 0..TRIES {
        let user_name = free_name(&*desk.store, &stem).await?;
        let account = new.account(cipher, id.clone(), user_name);
        match opened(desk, cipher, account, message.clone(), &step).await {
            Err(CommitError::UserName) => {}
            other => return other,
        }
    }
    Err(Outage::new("open-account", "others kept taking the name").into())
}

/// Opens an account under a user name that was asked for.
///
/// # Errors
/// Whatever the commit answers; [`CommitError::UserName`] if the name is somebody's.
pub async fn open_as(
    desk: &Desk,
    cipher: &dyn Cipher,
    id: AccountId,
    (new, user_name): (&NewAccount<'_>, &str),
    step: impl Fn(&Account) -> Commit + Send + Sync,
) -> Result<Account, CommitError> {
    let account = new.account(cipher, id, user_name.to_owned());
    opened(desk, cipher, account, MessageId::from_ulid(desk.ids.ulid()), &step).await
}

/// Keyed index of the mobile number of an account of the back office: no two of them share a number.
pub fn mobile_index(cipher: &dyn Cipher, mobile: &Mobile) -> String {
    cipher.blind("account-mobile", mobile.as_str())
}

impl NewAccount<'_> {
    fn account(&self, cipher: &dyn Cipher, id: AccountId, user_name: String) -> Account {
        Account {
            sealed_mobile: Some(texts::seal(cipher, &id, self.mobile)),
            id,
            user_name,
            name: self.name.to_owned(),
            roles: self.roles.clone(),
            node: self.node.clone(),
            unit: self.unit.clone(),
            version: 1,
            active: true,
        }
    }
}

/// Commits what `step` makes of an account, with the account and its link.
async fn opened(
    desk: &Desk,
    cipher: &dyn Cipher,
    account: Account,
    message: MessageId,
    step: &(impl Fn(&Account) -> Commit + Send + Sync),
) -> Result<Account, CommitError> {
    let mut commit = step(&account);
    commit.accounts.push(AccountChange::Open(Box::new(account.clone())));
    let commit = password_links::invite(commit, cipher, &account.id, message, desk.clock.now());
    desk.store.commit(commit).await.map(|()| account)
}

/// The first free name of a stem. Names are given without gaps and never taken back, so doubling and halving finds it: a
/// hundred thousand people of one name cost some thirty reads, and a gap only means that another name is found.
async fn free_name(store: &dyn Store, stem: &str) -> Result<String, Outage> {
    if !store.user_name_taken(stem).await? {
        return Ok(stem.to_owned());
    }
    let (mut taken, mut free) = (1, 2);
    while free < NUMBER_MAX && store.user_name_taken(&user_name::numbered(stem, free)).await? {
        (taken, free) = (free, free.saturating_mul(2));
    }
    while free - taken > 1 {
        let middle = taken + (free - taken) / 2;
        if store.user_name_taken(&user_name::numbered(stem, middle)).await? {
            taken = middle;
        } else {
            free = middle;
        }
    }
    Ok(user_name::numbered(stem, free))
}
