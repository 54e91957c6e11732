//! Exports as a browser and the queue see them: asked for, built, read; and the enrolments that are in them.

use std::io::Cursor;
use std::sync::Arc;

use build_export::BuildExport;
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use domain::account::Account;
use domain::enrolment::{Enrolment, State};
use domain::message::{Outgoing, Queue};
use jiff::SignedDuration;
use lambda::batch::Step;
use serde_json::{Value, json};
use testing::sample;
use workflow::commit::Commit;
use workflow::ports::{Bucket, Clock, Commits, Ids, Outbox};

use super::{Bureau, told};
use crate::in_process::{delivery, desk};

pub(super) fn builder(b: &Bureau) -> BuildExport {
    let w = &b.world;
    BuildExport { desk: desk(w), objects: Arc::new(w.objects.clone()), cipher: Arc::new(w.cipher) }
}

/// The messages that ask for steps.
pub(super) fn waiting(b: &Bureau) -> Vec<Outgoing> {
    let all = b.world.store.inner().outbox();
    all.into_iter().filter(|outgoing| outgoing.message.queue() == Queue::Export).collect()
}

/// Delivers every message as a queue would, until no step is left; answers the messages.
pub(super) async fn build(b: &Bureau) -> Vec<Outgoing> {
    let mut delivered = Vec::new();
    while let [outgoing, ..] = waiting(b).as_slice() {
        let mut tries = 0;
        while builder(b).perform(outgoing.clone(), &delivery()).await.is_err() {
            tries += 1;
            assert!(tries < 5, "the message goes to the dead letters");
        }
        b.world.store.inner().sent(&outgoing.id).await.unwrap();
        delivered.push(outgoing.clone());
        assert!(delivered.len() < 100, "the steps go round in circles");
    }
    delivered
}

pub(super) async fn ask(b: &Bureau, by: &Account, body: Value) -> Value {
    let reply = b.ask(by, "POST /exports", None, body).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", told(&reply));
    reply.json().unwrap()
}

pub(super) async fn follow(b: &Bureau, by: &Account, export: &Value) -> Value {
    let reply = b.ask(by, &format!("GET /exports/{}", export["id"].as_str().unwrap()), None, json!({})).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", told(&reply));
    reply.json().unwrap()
}

/// The bytes that a link in memory leads to.
pub(super) fn file(b: &Bureau, ready: &Value) -> Vec<u8> {
    let url = ready["url"].as_str().unwrap();
    let key = url.strip_prefix("memory://documents/").and_then(|rest| rest.split('?').next()).unwrap();
    let stored = b.world.objects.inner().stored(Bucket::Documents, key).unwrap();
    assert_eq!(ready["size"], stored.body.len());
    stored.body.to_vec()
}

pub(super) fn sheet(file: Vec<u8>) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(file)).unwrap();
    book.worksheet_range_at(0).unwrap().unwrap()
}

/// Exports and reads the workbook.
pub(super) async fn exported(b: &Bureau, by: &Account, body: Value) -> Range<Data> {
    let queued = ask(b, by, body).await;
    assert_eq!((&queued["state"], &queued["rows"], &queued["url"]), (&json!("queued"), &json!(0), &Value::Null));
    build(b).await;
    let ready = follow(b, by, &queued).await;
    assert_eq!(ready["state"], "ready");
    let sheet = sheet(file(b, &ready));
    assert_eq!(ready["rows"], sheet.height() - 1);
    sheet
}

pub(super) fn column(sheet: &Range<Data>, title: &str) -> Vec<Data> {
    let titles = sheet.rows().next().unwrap();
    let at = titles.iter().position(|cell| *cell == title).unwrap_or_else(|| panic!("no column {title}"));
    sheet.rows().skip(1).map(|row| row[at].clone()).collect()
}

pub(super) fn texts(sheet: &Range<Data>, title: &str) -> Vec<String> {
    column(sheet, title).iter().map(ToString::to_string).collect()
}

/// Sum of a column of amounts, in fen.
pub(super) fn sum(sheet: &Range<Data>, title: &str) -> i64 {
    column(sheet, title).iter().map(|cell| yuan(&cell.to_string())).sum()
}

/// Fen of an amount as text, `95` or `95.5`.
fn yuan(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().unwrap()
}

/// Writes enrolments of the sample unit as they would stand.
pub(super) async fn placed(b: &Bureau, count: usize, state: State) -> Vec<Enrolment> {
    let (w, mut all) = (&b.world, Vec::new());
    for _ in 0..count {
        w.clock.advance(SignedDuration::from_secs(1));
        let e = Enrolment { state, ..sample::draft(w.ids.ulid(), &w.sample.unit, &w.sample.handler, w.clock.now()) };
        let commit = Commit { enrolment: Some((e.clone(), 0)), ..Commit::default() };
        w.store.inner().commit(commit).await.unwrap();
        all.push(e);
    }
    all
}

/// Takes an enrolment of some persons without names through reviews and receipts until its payment is confirmed.
pub(super) async fn paid(b: &Bureau, persons: u32) -> Enrolment {
    let s = b.world.sample.clone();
    let e = b.draft().await;
    let act = async |by: &Account, method: &str, rest: &str, body: Value| {
        let version = b.now(&e.id).version;
        let reply = b.ask(by, &format!("{method} /enrolments/{}{rest}", e.id), Some(version), body).await;
        assert!(reply.status.is_success(), "{rest}: {}", told(&reply));
    };
    let acquire = async |by: &Account| {
        let task = b.now(&e.id).task.unwrap();
        b.ask(by, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
    };
    let details = json!({"staff": persons, "female_staff": 0});
    act(&s.handler, "PUT", "/details", details).await;
    act(&s.handler, "PUT", "/unnamed-members", json!({"plan": "hospital-a", "ordinary": persons})).await;
    act(&s.handler, "POST", "/completion", json!({})).await;
    for reviewer in [&s.first_reviewer, &s.second_reviewer] {
        acquire(reviewer).await;
        let approve = json!({"conclusion": "approve", "opinion": "同意", "final_review": false});
        act(reviewer, "POST", "/reviews", approve).await;
    }
    let price = sample::plan("hospital-a").fee.fen();
    let receipt = json!({
        "fund_source": "union-funds", "payer_title": "=岐山机械厂工会", "tax_number_type": "none",
        "channel": "transfer", "payer_email": "union@example.com",
        "items": [{"plan_code": "hospital-a", "occupation": "ordinary", "persons": persons, "price_fen": price}],
    });
    act(&s.handler, "POST", "/receipts", receipt).await;
    act(&s.handler, "POST", "/receipts/submission", json!({})).await;
    acquire(&s.finance).await;
    let arrived = json!({"arrived_on": "2026-03-10", "amount_fen": i64::from(persons) * price, "channel": "transfer",
                         "bank_reference": "BANK-0001", "remark": ""});
    act(&s.finance, "POST", "/payment", arrived).await;
    b.now(&e.id)
}
