//! Accounts that commits open and edit.

use domain::account::{Account, Role};
use domain::ids::AccountId;
use futures::future::join_all;
use workflow::accounts::NO_PASSWORD;
use workflow::commit::{AccountChange, Commit, CommitError, MobileChange, NewPassword};
use workflow::ports::{Store, Ticket};

use super::fixture::{Fixture, insist};

const CONTENDERS: usize = 8;

fn opening(account: &Account) -> Commit {
    Commit { accounts: vec![AccountChange::Open(Box::new(account.clone()))], ..Commit::default() }
}

fn editing(before: &Account, after: &Account) -> Commit {
    let change = AccountChange::Edit { before: Box::new(before.clone()), after: Box::new(after.clone()) };
    Commit { accounts: vec![change], ..Commit::default() }
}

pub(super) async fn opens_an_account_without_a_password<S: Store>(store: &S, f: &Fixture) {
    let account = f.account("李敏", Role::Registrar, &f.place().await.county);
    assert!(!store.user_name_taken(&account.user_name).await.unwrap());
    store.commit(opening(&account)).await.unwrap();
    assert!(store.user_name_taken(&account.user_name).await.unwrap());
    assert_eq!(store.account(&account.id).await.unwrap().as_ref(), Some(&account));
    let credentials = store.credentials(&account.user_name).await.unwrap().unwrap();
    assert_eq!((&credentials.account, credentials.password_hash.as_str()), (&account, NO_PASSWORD));
    assert_eq!((credentials.generation, credentials.totp.is_none()), (0, true));
    let password = Some(NewPassword { account: account.id.clone(), hash: f.text() });
    store.commit(Commit { password, ..Commit::default() }).await.unwrap();
    assert_eq!(store.credentials_of(&account.id).await.unwrap().unwrap().generation, 1);

    let again = Account { user_name: f.text(), ..account };
    let answer = store.commit(opening(&again)).await;
    assert!(matches!(answer, Err(CommitError::Version)), "the id is taken: {answer:?}");
    assert!(!store.user_name_taken(&again.user_name).await.unwrap(), "nothing is written");
}

pub(super) async fn gives_a_user_name_to_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let node = f.place().await.county;
    let name = f.text();
    let account = || Account { user_name: name.clone(), ..f.account("李敏", Role::Registrar, &node) };
    let tickets: Vec<Ticket> = (0..CONTENDERS)
        .map(|_| Ticket { name: format!("contract#{}", f.text()), holds: f.text(), expires_at: f.after(60) })
        .collect();
    let commits = tickets.iter().map(|ticket| Commit { tickets: vec![ticket.clone()], ..opening(&account()) });
    let answers = join_all(commits.map(|commit| insist(store, commit))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|a| matches!(a, Ok(()) | Err(CommitError::UserName))), "{answers:?}");
    for (ticket, answer) in tickets.iter().zip(&answers) {
        let kept = store.ticket(&ticket.name, f.now).await.unwrap().is_some();
        assert_eq!(kept, answer.is_ok(), "nothing else is written for those who came too late");
    }
}

pub(super) async fn edits_an_account_as_it_was<S: Store>(store: &S, f: &Fixture) {
    let first = Account {
        sealed_mobile: Some("c2VhbGVk".to_owned()),
        ..f.account("李敏", Role::Registrar, &f.place().await.county)
    };
    store.commit(opening(&first)).await.unwrap();
    let renamed = Account { name: "李明敏".to_owned(), ..first.clone() };
    store.commit(editing(&first, &renamed)).await.unwrap();
    assert_eq!(store.account(&first.id).await.unwrap().as_ref(), Some(&renamed));
    let closed = Account { active: false, roles: vec![Role::Registrar, Role::Auditor], ..first.clone() };
    let answer = store.commit(editing(&first, &closed)).await;
    assert!(matches!(answer, Err(CommitError::Version)), "edited meanwhile: {answer:?}");
    store.commit(editing(&renamed, &closed)).await.unwrap();
    let stored = store.credentials(&first.user_name).await.unwrap().unwrap();
    assert_eq!((stored.account, stored.password_hash.as_str()), (closed, NO_PASSWORD), "the password stays");
    let nobody = f.account("无名", Role::Registrar, &first.node);
    let answer = store.commit(editing(&nobody, &nobody)).await;
    assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
}

fn taking(index: &str, by: &AccountId) -> Commit {
    let change = MobileChange::Take { index: index.to_owned(), by: by.clone() };
    Commit { mobiles: vec![change], ..Commit::default() }
}

pub(super) async fn gives_a_mobile_number_to_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let node = f.place().await.county;
    let index = f.text();
    let accounts: Vec<Account> = (0..CONTENDERS).map(|_| f.account("李敏", Role::Registrar, &node)).collect();
    let commits =
        accounts.iter().map(|account| Commit { mobiles: taking(&index, &account.id).mobiles, ..opening(account) });
    let answers = join_all(commits.map(|commit| insist(store, commit))).await;
    assert!(answers.iter().all(|a| matches!(a, Ok(()) | Err(CommitError::Mobile))), "{answers:?}");
    let winners: Vec<&AccountId> =
        accounts.iter().zip(&answers).filter(|(_, answer)| answer.is_ok()).map(|(account, _)| &account.id).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert_eq!(store.mobile_holder(&index).await.unwrap().as_ref(), Some(winners[0]));
    for (account, answer) in accounts.iter().zip(&answers) {
        assert_eq!(store.account(&account.id).await.unwrap().is_some(), answer.is_ok(), "nothing else is written");
    }
}

pub(super) async fn a_mobile_number_stays_its_accounts_until_released<S: Store>(store: &S, f: &Fixture) {
    let node = f.place().await.county;
    let [one, other] = ["李敏", "王芳"].map(|name| f.account(name, Role::Registrar, &node).id);
    let (index, unheard) = (f.text(), f.text());
    let release = |index: &str, by: &AccountId| Commit {
        mobiles: vec![MobileChange::Release { index: index.to_owned(), by: by.clone() }],
        ..Commit::default()
    };
    assert_eq!(store.mobile_holder(&index).await.unwrap(), None);
    store.commit(taking(&index, &one)).await.unwrap();
    store.commit(taking(&index, &one)).await.unwrap();
    for commit in [taking(&index, &other), release(&index, &other)] {
        let answer = store.commit(commit).await;
        assert!(matches!(answer, Err(CommitError::Mobile)), "{answer:?}");
    }
    store.commit(release(&unheard, &one)).await.unwrap();
    store.commit(release(&index, &one)).await.unwrap();
    assert_eq!(store.mobile_holder(&index).await.unwrap(), None);
    store.commit(taking(&index, &other)).await.unwrap();
    assert_eq!(store.mobile_holder(&index).await.unwrap(), Some(other));
}
