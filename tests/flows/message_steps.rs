//! Texts and mails in this process: sent once, put off, given up, put back, refused for good, sent again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::account::{Account, Role};
use domain::cover::CoverPeriod;
use domain::enrolment::{Enrolment, Receipt, State};
use domain::ids::{MessageId, TaskId};
use domain::message::{CodePurpose, Message, Outgoing, Scheduled, TextTemplate};
use domain::message_log::{Fate, MessageRecord};
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use jiff::{SignedDuration, ToSpan};
use lambda::batch::{DELIVERIES_MAX, Delivery, Outcome, Step};
use mail_receipt::MailReceipt;
use run_timetable::RunTimetable;
use send_mail::SendMail;
use send_text::SendText;
use serde_json::json;
use testing::faults::{Call, When};
use testing::sample;
use testing::world::World;
use workflow::commit::{Commit, IdempotencyRecord};
use workflow::ports::{Clock, Commits, Ids, Outbox};
use workflow::{codes, message_log, texts};

use crate::in_process::{PUBLIC_URL, desk};

const MOBILE: &str = "13800000000";

fn texter(w: &World) -> SendText {
    let (cipher, texts) = (Arc::new(w.cipher), Arc::new(w.texts.clone()));
    SendText { desk: desk(w), cipher, texts, public_url: PUBLIC_URL.to_owned() }
}

pub fn mailer(w: &World) -> MailReceipt {
    MailReceipt {
        desk: desk(w),
        objects: Arc::new(w.objects.clone()),
        cipher: Arc::new(w.cipher),
        mails: Arc::new(w.mails.clone()),
        series: Arc::new(w.receipts.clone()),
    }
}

/// The `n`-th delivery of a message.
pub fn nth(n: u32) -> Delivery {
    Delivery { id: "record".into(), receive_count: n, deadline: Instant::now() + Duration::from_secs(60) }
}

pub fn record(w: &World, id: &MessageId) -> MessageRecord {
    w.store.inner().records().into_iter().find(|record| record.id == *id).unwrap()
}

fn handler(w: &World) -> Account {
    let account = w.sample.account_for(Role::UnitHandler).clone();
    Account { sealed_mobile: Some(texts::seal(&w.cipher, &account.id, MOBILE)), ..account }
}

/// A draft whose handler is told something, as the step leaves it behind that says so.
async fn told(w: &World) -> (Enrolment, Outgoing) {
    let handler = handler(w);
    w.store.inner().with_account(handler.clone(), "");
    let e = sample::draft(w.ids.ulid(), w.sample.units()[0], &handler, w.clock.now());
    let template = TextTemplate::CertificateArchived;
    let message = Message::Text { template, account: handler.id, enrolment: e.id.clone(), opinion: None };
    let outgoing = Outgoing { id: MessageId::of(e.id.as_str(), 1, 0), message };
    let commit = Commit { enrolment: Some((e.clone(), 0)), messages: vec![outgoing.clone()], ..Commit::default() };
    w.store.inner().commit(commit).await.unwrap();
    (e, outgoing)
}

#[tokio::test]
async fn a_text_is_recorded_from_its_commit_to_its_end() {
    let w = World::default();
    let (e, outgoing) = told(&w).await;
    let queued = record(&w, &outgoing.id);
    assert_eq!((queued.fate, queued.attempts, queued.recipient), (Fate::Queued, 0, None));
    assert_eq!(queued.path, e.unit.path);
    assert_eq!(texter(&w).perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::Done);
    let sent = record(&w, &outgoing.id);
    assert_eq!((sent.fate, sent.attempts, sent.wording), (Fate::Sent, 1, Some(1)));
    assert_eq!(sent.recipient.as_deref(), Some("138****0000"));
    assert_eq!(sent.provider_id, Some(format!("taken-{}", outgoing.id)));
    let words = message_log::words(&w.cipher, &sent).unwrap();
    assert_eq!(words.text, w.texts.inner().sent()[0].1);
    assert!(words.text.contains(&e.application_number), "{}", words.text);
}

#[tokio::test]
async fn a_text_delivered_twice_is_shown_once() {
    let w = World::default();
    let (_, outgoing) = told(&w).await;
    let step = texter(&w);
    assert_eq!(step.perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::Done);
    let once = w.store.inner().snapshot();
    assert_eq!(step.perform(outgoing.clone(), &nth(2)).await.unwrap(), Outcome::Duplicate);
    assert_eq!(w.store.inner().snapshot(), once);
    assert_eq!(w.texts.inner().sent().len(), 1);
}

/// The window that is documented: the provider has the text, the worker dies before it has said so.
#[tokio::test]
async fn only_a_crash_between_provider_and_mark_sends_a_text_twice() {
    for (call, when, sent) in [
        (Call::Consumed, When::Before, 1),
        (Call::Message, When::Before, 1),
        (Call::SendText, When::Before, 1),
        (Call::SendText, When::AfterWritten, 2),
        (Call::Commit, When::Before, 2),
        (Call::Commit, When::AfterWritten, 1),
    ] {
        let w = World::default();
        let (_, outgoing) = told(&w).await;
        let step = texter(&w);
        w.faults.fail_next(call, when);
        assert!(step.perform(outgoing.clone(), &nth(1)).await.is_err(), "{call:?} failed {when:?}");
        step.perform(outgoing.clone(), &nth(2)).await.unwrap();
        assert_eq!(w.texts.inner().sent().len(), sent, "{call:?} failed {when:?}");
        assert_eq!(record(&w, &outgoing.id).fate, Fate::Sent, "{call:?} failed {when:?}");
        assert_eq!(step.perform(outgoing, &nth(3)).await.unwrap(), Outcome::Duplicate);
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_asked_again_then_the_text_rests_and_a_redrive_sends_it() {
    let w = World::default();
    let (_, outgoing) = told(&w).await;
    let step = texter(&w);
    for n in 1..=DELIVERIES_MAX {
        w.faults.fail_next(Call::SendText, When::Before);
        assert!(step.perform(outgoing.clone(), &nth(n)).await.is_err());
        let record = record(&w, &outgoing.id);
        let expected = if n < DELIVERIES_MAX { Fate::Retrying } else { Fate::Dead };
        assert_eq!((record.fate, record.attempts, record.reason.as_deref()), (expected, n, Some("send-text")));
    }
    assert_eq!(step.perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::Done, "put back by command");
    let sent = record(&w, &outgoing.id);
    assert_eq!((sent.fate, sent.reason), (Fate::Sent, None));
    assert_eq!(w.texts.inner().sent().len(), 1);
}

#[tokio::test]
async fn a_number_that_is_refused_ends_the_text_and_shows_why() {
    let w = World::default();
    let (_, outgoing) = told(&w).await;
    w.texts.inner().refuse(MOBILE);
    let step = texter(&w);
    assert_eq!(step.perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::rejected("REFUSED_BY_PROVIDER"));
    let failed = record(&w, &outgoing.id);
    assert_eq!((failed.fate, failed.detail.as_deref()), (Fate::Failed, Some("InvalidParameter")));
    assert!(failed.may_repeat());
    assert_eq!(step.perform(outgoing, &nth(2)).await.unwrap(), Outcome::Duplicate, "never tried again");
}

#[tokio::test]
async fn a_code_that_comes_too_late_is_not_sent() {
    let w = World::default();
    let id = MessageId::from_ulid(w.ids.ulid());
    let sealed_mobile = texts::sealed(&w.cipher, &codes::mobile_place(&id), MOBILE.as_bytes());
    let code = |id: &MessageId| {
        let message = Message::Code { purpose: CodePurpose::MemberSignIn, sealed_mobile: sealed_mobile.clone() };
        Outgoing { id: id.clone(), message }
    };
    let messages = vec![code(&id)];
    w.store.inner().commit(Commit { messages, ..Commit::default() }).await.unwrap();
    w.clock.advance(SignedDuration::from_mins(6));
    let outcome = texter(&w).perform(code(&id), &nth(4)).await.unwrap();
    assert_eq!(outcome, Outcome::rejected("EXPIRED"));
    assert_eq!(w.texts.inner().sent(), []);
    let expired = record(&w, &id);
    assert_eq!((expired.fate, expired.sealed_words.as_ref()), (Fate::Failed, None));
    assert!(!expired.may_repeat(), "a code is asked for anew");
}

/// An enrolment whose cover ends in a year, and the reminder of it.
async fn ending(w: &World) -> (Enrolment, Outgoing) {
    let handler = handler(w);
    w.store.inner().with_account(handler.clone(), "");
    let mut e = sample::draft(w.ids.ulid(), w.sample.units()[0], &handler, w.clock.now());
    let period = CoverPeriod::of_term(w.clock.today(), 12).unwrap();
    e.periods = vec![("hospital-a".into(), period)];
    e.state = State::AwaitingPrint;
    let commit = Commit { enrolment: Some((e.clone(), 0)), ..Commit::default() };
    w.store.inner().commit(commit).await.unwrap();
    let message = Message::CoverEnding { enrolment: e.id.clone(), end: period.end(), days: 30 };
    let outgoing = Outgoing { id: MessageId::of(e.id.as_str(), 1, 0), message };
    (e, outgoing)
}

#[tokio::test]
async fn a_reminder_waits_for_its_day_and_comes_once() {
    let w = World::default();
    let (e, outgoing) = ending(&w).await;
    let on = e.periods[0].1.end().checked_sub(30.days()).unwrap();
    let scheduled = vec![Scheduled { on, outgoing: outgoing.clone() }];
    w.store.inner().commit(Commit { scheduled, ..Commit::default() }).await.unwrap();
    let timetable = RunTimetable { desk: desk(&w), queues: Arc::new(w.queues.clone()) };
    timetable.perform(json!({}), &nth(1)).await.unwrap();
    assert!(w.store.inner().outbox().is_empty(), "not before its day");
    w.clock.advance(SignedDuration::from_hours(24 * (365 - 30)));
    for _ in 0..2 {
        timetable.perform(json!({}), &nth(1)).await.unwrap();
        assert_eq!(w.store.inner().outbox(), std::slice::from_ref(&outgoing));
    }
    assert_eq!(record(&w, &outgoing.id).fate, Fate::Queued);
    texter(&w).perform(outgoing.clone(), &nth(1)).await.unwrap();
    texter(&w).perform(outgoing.clone(), &nth(2)).await.unwrap();
    let sent = w.texts.inner().sent();
    let [(mobile, text)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(mobile, MOBILE);
    assert!(text.contains(&e.application_number) && text.contains("还有30天"), "{text}");
    let record = record(&w, &outgoing.id);
    assert_eq!((record.account, record.path), (Some(e.handler), e.unit.path), "the home page shows it");
}

#[tokio::test]
async fn nobody_is_reminded_of_cover_that_does_not_end() {
    let w = World::default();
    let (e, outgoing) = ending(&w).await;
    let withdrawn = Enrolment { state: State::Withdrawn, version: e.version + 1, ..e.clone() };
    let commit = Commit { enrolment: Some((withdrawn, e.version)), ..Commit::default() };
    w.store.inner().commit(commit).await.unwrap();
    assert_eq!(texter(&w).perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::Done);
    assert_eq!(w.texts.inner().sent(), []);
    let dropped = record(&w, &outgoing.id);
    assert_eq!((dropped.fate, dropped.may_repeat()), (Fate::Dropped, false));
    assert_eq!(texter(&w).perform(outgoing, &nth(2)).await.unwrap(), Outcome::Duplicate);
}

/// An enrolment that was paid, with one receipt to be mailed.
pub async fn receipted(w: &World) -> (Enrolment, Outgoing) {
    let handler = handler(w);
    let mut e = sample::draft(w.ids.ulid(), w.sample.units()[0], &handler, w.clock.now());
    e.state = State::AwaitingPrint;
    let receipt: Receipt = serde_json::from_value(json!({
        "id": "receipt-1", "batch_number": "S202412101000025282", "issued": null, "mailed_at": null, "mail_problem": null,
        "request": {
            "fund_source": "self-paid", "payer_title": "岐山县第一机械厂", "tax_number_type": "none", "channel": "transfer",
            "payer_email": "payer@example.com",
            "items": [{"plan_code": "hospital-a", "occupation": "ordinary", "persons": 2, "price": 9500, "note": ""}],
        },
    }))
    .unwrap();
    let message = Message::ReceiptMail { enrolment: e.id.clone(), receipt: receipt.id.clone() };
    e.receipts = vec![receipt];
    let outgoing = Outgoing { id: MessageId::of(e.id.as_str(), 1, 0), message };
    let messages = vec![outgoing.clone()];
    let commit = Commit { enrolment: Some((e.clone(), 0)), messages, ..Commit::default() };
    w.store.inner().commit(commit).await.unwrap();
    (e, outgoing)
}

#[tokio::test]
async fn a_mail_is_recorded_and_sent_once_with_its_pdf() {
    let w = World::default();
    let (e, outgoing) = receipted(&w).await;
    let step = mailer(&w);
    assert_eq!(step.perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::Done);
    assert_eq!(step.perform(outgoing.clone(), &nth(2)).await.unwrap(), Outcome::Duplicate);
    let sent = w.mails.inner().sent();
    let [mail] = sent.as_slice() else { panic!("{} mails", sent.len()) };
    let (name, kind, pdf) = mail.attachment.as_ref().unwrap();
    assert_eq!(
        (name.as_str(), kind.as_str(), &pdf[..5]),
        ("S202412101000025282.pdf", "application/pdf", &b"%PDF-"[..])
    );
    assert!(mail.text.contains(&e.application_number) && mail.text.contains("190.00元"), "{}", mail.text);
    let record = record(&w, &outgoing.id);
    assert_eq!((record.fate, record.path), (Fate::Sent, e.unit.path));
    assert!(record.recipient.is_some_and(|to| to.contains('*') && to.ends_with("@example.com")));
}

#[tokio::test]
async fn an_address_that_refuses_is_tried_again_only_by_a_message_sent_again() {
    let w = World::default();
    let (e, outgoing) = receipted(&w).await;
    let step = mailer(&w);
    w.mails.inner().refuse("payer@example.com");
    step.perform(outgoing.clone(), &nth(1)).await.unwrap();
    let failed = record(&w, &outgoing.id);
    assert_eq!((failed.fate, failed.detail.as_deref()), (Fate::Failed, Some("MessageRejected")));
    assert!(w.store.inner().enrolment_of(&e.id).unwrap().receipts[0].mail_problem.is_some(), "the unit sees it");
    let once = w.store.inner().snapshot();
    assert_eq!(step.perform(outgoing.clone(), &nth(2)).await.unwrap(), Outcome::Duplicate);
    assert_eq!(w.store.inner().snapshot(), once);

    let supervisor = w.sample.account_for(Role::Supervisor).actor();
    let answer = |record: &MessageRecord| IdempotencyRecord {
        key: "key".to_owned(),
        request_hash: "hash".to_owned(),
        status: 201,
        body: record.id.to_string(),
        etag: None,
    };
    let again = message_log::resend(&desk(&w), &w.cipher, &supervisor, &outgoing.id, &answer).await.unwrap();
    let again = Outgoing { id: again.id, message: outgoing.message };
    assert_eq!(step.perform(again.clone(), &nth(1)).await.unwrap(), Outcome::Done, "asked again, refused again");
    assert_eq!(record(&w, &again.id).fate, Fate::Failed);
    assert_eq!(record(&w, &outgoing.id).resent_as, Some(again.id));
}

fn reporter(w: &World) -> SendMail {
    let (cipher, mails) = (Arc::new(w.cipher), Arc::new(w.mails.clone()));
    SendMail { desk: desk(w), cipher, mails, operations: "operations@example.com".to_owned() }
}

/// Tasks of the sample unit that had to be done by the end of a day.
async fn due(w: &World, end: jiff::Timestamp, levels: &[Level]) {
    let handler = handler(w);
    for level in levels {
        let e = sample::draft(w.ids.ulid(), w.sample.units()[0], &handler, w.clock.now());
        let task = Task {
            id: TaskId::of(e.id.as_str(), level.as_str(), 1),
            subject: Subject::Enrolment(e.id),
            level: *level,
            state: TaskState::Pending,
            path: e.unit.path,
            application_number: e.application_number,
            unit_name: e.unit.name,
            queued_at: w.clock.now(),
            due_at: end,
        };
        let commit = Commit { tasks: vec![TaskChange::Open(task)], ..Commit::default() };
        w.store.inner().commit(commit).await.unwrap();
    }
}

#[tokio::test]
async fn overdue_tasks_are_told_once_a_day_for_each_office_whatever_fails() {
    let w = World::default();
    let end = sample::office_settings().review_due(Level::FirstReview, w.clock.today());
    due(&w, end, &[Level::FirstReview, Level::FirstReview, Level::Payment]).await;
    let timetable = RunTimetable { desk: desk(&w), queues: Arc::new(w.queues.clone()) };
    timetable.perform(json!({}), &nth(1)).await.unwrap();
    assert_eq!(w.store.inner().outbox(), [], "not yet");
    w.clock.advance(end.duration_since(w.clock.now()) + SignedDuration::from_mins(1));
    for (call, when) in
        [(Call::TasksDue, When::Before), (Call::Commit, When::AfterWritten), (Call::Consume, When::Before)]
    {
        w.faults.fail_next(call, when);
        assert!(timetable.perform(json!({}), &nth(1)).await.is_err(), "{call:?}");
    }
    for _ in 0..3 {
        timetable.perform(json!({}), &nth(1)).await.unwrap();
    }
    let mails: Vec<Outgoing> = w.store.inner().outbox();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let step = reporter(&w);
    assert_eq!(step.perform(mails[0].clone(), &nth(1)).await.unwrap(), Outcome::Done);
    assert_eq!(step.perform(mails[0].clone(), &nth(2)).await.unwrap(), Outcome::Duplicate);
    let sent = w.mails.inner().sent();
    let [mail] = sent.as_slice() else { panic!("{} mails", sent.len()) };
    assert_eq!(mail.to, "operations@example.com");
    assert!(mail.subject.contains("3个任务超时"), "{}", mail.subject);
    assert!(mail.text.contains("初审：2个\n到账确认：1个"), "{}", mail.text);
    assert_eq!(record(&w, &mails[0].id).fate, Fate::Sent);
    w.store.inner().sent(&mails[0].id).await.unwrap();
    w.clock.advance(SignedDuration::from_hours(24));
    timetable.perform(json!({}), &nth(1)).await.unwrap();
    assert_eq!(w.store.inner().outbox(), [], "a task is told once");
}

#[tokio::test]
async fn dead_letters_are_told_every_day_as_long_as_there_are_some() {
    let w = World::default();
    let timetable = RunTimetable { desk: desk(&w), queues: Arc::new(w.queues.clone()) };
    w.queues.inner().bury("cover", 3);
    let mut told = Vec::new();
    for hours in [0, 1, 24, 48] {
        w.clock.advance(SignedDuration::from_hours(hours));
        if hours == 48 {
            w.queues.inner().bury("cover", 0);
        }
        timetable.perform(json!({}), &nth(1)).await.unwrap();
        let outbox = w.store.inner().outbox();
        for outgoing in &outbox {
            reporter(&w).perform(outgoing.clone(), &nth(1)).await.unwrap();
            w.store.inner().sent(&outgoing.id).await.unwrap();
        }
        told.push(outbox.len());
    }
    assert_eq!(told, [1, 0, 1, 0]);
    assert!(w.mails.inner().sent()[0].subject.contains("队列cover中有3条死信"));
}
