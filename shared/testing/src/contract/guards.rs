//! Counts, tickets, passwords and the sign-in log.

use domain::account::{Account, Role};
use domain::sign_in::{SignInOutcome, SignInRecord};
use futures::future::join_all;
use jiff::SignedDuration;
use workflow::commit::{Commit, CommitError, NewPassword};
use workflow::ports::{Limit, Store, Ticket, Totp};

use super::fixture::{Fixture, first, insist, pages};
use crate::sample;

const CONTENDERS: usize = 20;
const RATE: Limit = Limit::rate(5, SignedDuration::from_secs(60));
const LOCKING: Limit =
    Limit { times: 5, within: SignedDuration::from_hours(24), lock: Some(SignedDuration::from_mins(15)) };

pub(super) async fn counts_up_to_a_limit<S: Store>(store: &S, f: &Fixture) {
    let name = f.text();
    for count in 1..=5 {
        assert_eq!(store.count(&name, RATE, f.after(i64::from(count))).await.unwrap(), Ok(count));
    }
    let until = f.after(61).as_second();
    let refused = store.count(&name, RATE, f.after(60)).await.unwrap().map_err(|until| until.as_second());
    assert_eq!(refused, Err(until));
    assert_eq!(store.count(&name, RATE, f.after(61)).await.unwrap(), Ok(1));
    assert_eq!(store.count(&f.text(), RATE, f.now).await.unwrap(), Ok(1), "another name");
}

pub(super) async fn counts_none_of_many_twice<S: Store>(store: &S, f: &Fixture) {
    for limit in [RATE, LOCKING] {
        let name = f.text();
        let answers = join_all((0..CONTENDERS).map(|_| store.count(&name, limit, f.now))).await;
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        let mut counted: Vec<u32> = answers.iter().filter_map(|answer| answer.ok()).collect();
        counted.sort_unstable();
        assert_eq!(counted, [1, 2, 3, 4, 5]);
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), CONTENDERS - 5);
    }
    let (name, roomy) = (f.text(), Limit { times: 20, ..RATE });
    let mut counted: Vec<u32> = join_all((0..CONTENDERS).map(|_| store.count(&name, roomy, f.now)))
        .await
        .into_iter()
        .map(|answer| answer.unwrap().unwrap())
        .collect();
    counted.sort_unstable();
    assert_eq!(counted, (1..=20).collect::<Vec<u32>>());
}

pub(super) async fn locks_and_forgets<S: Store>(store: &S, f: &Fixture) {
    let name = f.text();
    for count in 1..=5 {
        // An hour apart: none is forgotten before a day has passed.
        assert_eq!(store.count(&name, LOCKING, f.after(i64::from(count) * 3600)).await.unwrap(), Ok(count));
    }
    let fifth = 5 * 3600;
    let refused = store.count(&name, LOCKING, f.after(fifth + 899)).await.unwrap();
    assert_eq!(refused.map_err(|until| until.as_second()), Err(f.after(fifth + 900).as_second()));
    assert_eq!(store.count(&name, LOCKING, f.after(fifth + 900)).await.unwrap(), Ok(1));
    store.forget(&name).await.unwrap();
    store.forget(&name).await.unwrap();
    assert_eq!(store.count(&name, LOCKING, f.after(fifth + 901)).await.unwrap(), Ok(1));
}

fn ticket(f: &Fixture) -> Ticket {
    Ticket { name: format!("contract#{}", f.text()), holds: f.text(), expires_at: f.after(120) }
}

pub(super) async fn keeps_tickets_while_they_are_good<S: Store>(store: &S, f: &Fixture) {
    let kept = ticket(f);
    assert!(store.ticket(&kept.name, f.now).await.unwrap().is_none());
    store.keep_ticket(&kept).await.unwrap();
    assert!(store.ticket(&kept.name, f.after(119)).await.unwrap() == Some(kept.clone()));
    assert!(store.ticket(&kept.name, kept.expires_at).await.unwrap().is_none(), "expired");
    let next = Ticket { holds: f.text(), ..kept.clone() };
    store.keep_ticket(&next).await.unwrap();
    assert!(store.take_ticket(&kept.name, f.now).await.unwrap() == Some(next), "the later one");
    assert!(store.take_ticket(&kept.name, f.now).await.unwrap().is_none(), "taken");
    store.keep_ticket(&kept).await.unwrap();
    assert!(store.take_ticket(&kept.name, kept.expires_at).await.unwrap().is_none(), "expired");
}

pub(super) async fn gives_a_ticket_to_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let ticket = ticket(f);
    store.keep_ticket(&ticket).await.unwrap();
    let answers = join_all((0..CONTENDERS).map(|_| store.take_ticket(&ticket.name, f.now))).await;
    assert_eq!(answers.into_iter().filter(|taken| taken.as_ref().unwrap().is_some()).count(), 1);
}

/// What a commit of a ticket may not change when it is refused.
async fn refused<S: Store>(store: &S, f: &Fixture, redeemed: Ticket) {
    let beside = ticket(f);
    let commit = Commit { redeemed: Some(redeemed), tickets: vec![beside.clone()], ..Commit::default() };
    let answer = store.commit(commit).await;
    assert!(matches!(answer, Err(CommitError::Ticket)), "{answer:?}");
    assert!(store.ticket(&beside.name, f.now).await.unwrap().is_none(), "nothing is written");
}

pub(super) async fn redeems_a_ticket_with_a_commit<S: Store>(store: &S, f: &Fixture) {
    let (one, beside) = (ticket(f), ticket(f));
    refused(store, f, one.clone()).await;
    store.keep_ticket(&one).await.unwrap();
    refused(store, f, Ticket { holds: f.text(), ..one.clone() }).await;
    let commit = Commit { redeemed: Some(one.clone()), tickets: vec![beside.clone()], ..Commit::default() };
    store.commit(commit).await.unwrap();
    assert!(store.ticket(&one.name, f.now).await.unwrap().is_none());
    assert!(store.ticket(&beside.name, f.now).await.unwrap() == Some(beside));
    refused(store, f, one.clone()).await;
    let expired = Ticket { expires_at: f.after(-1), ..one };
    store.keep_ticket(&expired).await.unwrap();
    refused(store, f, expired).await;
}

pub(super) async fn redeems_for_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let ticket = ticket(f);
    store.keep_ticket(&ticket).await.unwrap();
    let commit = || Commit { redeemed: Some(ticket.clone()), ..Commit::default() };
    let answers = join_all((0..CONTENDERS).map(|_| insist(store, commit()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(CommitError::Ticket))), "{answers:?}");
}

async fn account(f: &Fixture) -> Account {
    let account = f.account("李敏", Role::EnrolmentFirstReviewer, &f.place().await.county);
    f.seed.account(account.clone(), sample::PASSWORD_HASH).await;
    account
}

pub(super) async fn sets_a_password<S: Store>(store: &S, f: &Fixture) {
    let account = account(f).await;
    let fresh = store.credentials(&account.user_name).await.unwrap().unwrap();
    assert_eq!((&fresh.account, fresh.password_hash.as_str()), (&account, sample::PASSWORD_HASH));
    assert_eq!((fresh.generation, fresh.totp.is_none()), (0, true));
    for generation in 1..=2 {
        let hash = f.text();
        let password = Some(NewPassword { account: account.id.clone(), hash: hash.clone() });
        store.commit(Commit { password, ..Commit::default() }).await.unwrap();
        let set = store.credentials_of(&account.id).await.unwrap().unwrap();
        assert_eq!((&set.account, set.password_hash, set.generation), (&account, hash, generation));
        assert!(store.credentials(&account.user_name).await.unwrap().unwrap().generation == generation);
    }
    let nobody = f.account("无名", Role::Finance, &account.node);
    assert!(store.credentials(&nobody.user_name).await.unwrap().is_none());
    assert!(store.credentials_of(&nobody.id).await.unwrap().is_none());
    let password = Some(NewPassword { account: nobody.id, hash: f.text() });
    let answer = store.commit(Commit { password, ..Commit::default() }).await;
    assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
}

pub(super) async fn keeps_the_second_factor<S: Store>(store: &S, f: &Fixture) {
    let account = account(f).await;
    assert!(!store.use_totp_step(&account.id, 7).await.unwrap(), "none is set");
    let totp = Totp { sealed_secret: f.text(), last_step: 7 };
    let answers = join_all((0..CONTENDERS).map(|_| store.set_totp(&account.id, &totp))).await;
    assert_eq!(answers.into_iter().filter(|set| *set.as_ref().unwrap()).count(), 1);
    assert_eq!(store.credentials_of(&account.id).await.unwrap().unwrap().totp, Some(totp.clone()));
    assert!(!store.use_totp_step(&account.id, 7).await.unwrap(), "used");
    let answers = join_all((0..CONTENDERS).map(|_| store.use_totp_step(&account.id, 9))).await;
    assert_eq!(answers.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 1);
    assert!(!store.use_totp_step(&account.id, 8).await.unwrap(), "earlier than the last");
    let stored = store.credentials_of(&account.id).await.unwrap().unwrap();
    assert_eq!(stored.totp, Some(Totp { last_step: 9, ..totp.clone() }));
    let nobody = f.account("无名", Role::Finance, &account.node);
    assert!(!store.set_totp(&nobody.id, &totp).await.unwrap());
}

pub(super) async fn tells_sign_ins_newest_first<S: Store>(store: &S, f: &Fixture) {
    let account = f.account("李敏", Role::EnrolmentFirstReviewer, &f.place().await.county);
    let record = |n: i64| SignInRecord {
        id: f.text(),
        account: account.id.clone(),
        outcome: SignInOutcome::Failed,
        at: f.after(n),
        network: "203.0.113.0/24".to_owned(),
        agent: "chrome".to_owned(),
    };
    let mut records: Vec<SignInRecord> = (0..7).map(record).collect();
    for record in &records[..5] {
        store.record_sign_in(record).await.unwrap();
    }
    store.commit(Commit { sign_ins: records[5..].to_vec(), ..Commit::default() }).await.unwrap();
    let another = f.account("张强", Role::Finance, &account.node);
    store.record_sign_in(&SignInRecord { account: another.id, ..record(3) }).await.unwrap();
    records.reverse();
    for limit in [1, 3, 7, 100] {
        let told: Vec<SignInRecord> = pages!(limit, |request| store.sign_ins(&account.id, &request));
        assert_eq!(told, records, "{limit}");
    }
    let again = store.commit(Commit { sign_ins: records[..1].to_vec(), ..Commit::default() }).await;
    assert!(matches!(again, Err(CommitError::Version)), "{again:?}");
    let page = store.sign_ins(&f.account("无名", Role::Finance, &account.node).id, &first(10)).await.unwrap();
    assert_eq!((page.items, page.next), (vec![], None));
}
