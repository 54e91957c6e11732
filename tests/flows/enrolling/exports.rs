//! Exports: jobs that go on a step at a time, whatever happens in between, to a workbook whose cells are what they say.

use calamine::Data;
use domain::account::Account;
use domain::enrolment::{Enrolment, State};
use domain::ledger::{LedgerAccount, Side};
use domain::message::{Message, Outgoing};
use domain::money::Fen;
use jiff::SignedDuration;
use lambda::batch::{Outcome, Step};
use serde_json::{Value, json};
use testing::faults::When;
use testing::sample;
use workflow::exports;
use workflow::ports::Bucket;

use super::workbooks::{ask, build, builder, column, exported, file, follow, paid, placed, sheet, sum, texts, waiting};
use super::{Bureau, refused};
use crate::in_process::{delivery, desk};

const ROSTER: &str =
    "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n李四,370202198511304561,,高危职业\n";

#[tokio::test]
async fn sums_are_those_of_the_ledger() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    for persons in [1, 7, 40, 333] {
        paid(&b, persons).await;
    }
    placed(&b, 3, State::Drafting).await;
    let ledger = |account: LedgerAccount, side: Side| {
        let postings = b.world.store.inner().ledger_entries().into_iter().flat_map(|entry| entry.postings);
        let of_account = postings.filter(|posting| posting.account == account && posting.side == side);
        Fen::sum(of_account.map(|posting| posting.amount)).unwrap().fen()
    };
    let payments = exported(&b, &s.finance, json!({"kind": "payments"})).await;
    assert_eq!(payments.height(), 5);
    assert_eq!(sum(&payments, "到账金额"), ledger(LedgerAccount::Bank, Side::Debit));
    assert_eq!(sum(&payments, "工会经费"), ledger(LedgerAccount::Bank, Side::Debit));
    let receipts = exported(&b, &s.finance, json!({"kind": "receipts"})).await;
    assert_eq!(sum(&receipts, "金额"), ledger(LedgerAccount::Bank, Side::Debit));
    let due = json!({"kind": "enrolments", "filter": {"state": "awaiting-print,awaiting-archive,completed"}});
    let enrolments = exported(&b, &s.finance, due).await;
    assert_eq!(sum(&enrolments, "应付"), ledger(LedgerAccount::ContributionsReceivable, Side::Debit));

    assert_eq!(texts(&receipts, "抬头"), ["=岐山机械厂工会"; 4], "text that looks like a formula is text");
    let Data::DateTime(arrived) = &column(&payments, "到账日期")[0] else { panic!("a day is a day") };
    assert_eq!(arrived.to_ymd_hms_milli(), (2026, 3, 10, 0, 0, 0, 0));
    assert!(column(&payments, "确认时间").iter().all(|at| matches!(at, Data::DateTime(_))));
    assert!(column(&receipts, "人数").iter().all(|n| matches!(n, Data::Float(_) | Data::Int(_))));
}

#[tokio::test]
async fn numbers_are_in_full_for_those_entitled_and_the_trail_says_so() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let e = b.import(&b.draft().await, ROSTER).await;
    let viewed =
        |b: &Bureau| b.world.store.inner().actions_of(e.id.as_str()).iter().filter(|a| *a == "view-unmasked").count();
    let masked = exported(&b, &s.auditor, json!({"kind": "rosters"})).await;
    assert_eq!(texts(&masked, "身份证号码"), ["110101********1233", "370202********4561"]);
    assert_eq!(texts(&masked, "姓名"), ["张三", "李四"]);
    assert_eq!(viewed(&b), 0);
    let full = exported(&b, &s.registrar, json!({"kind": "rosters", "in_full": true})).await;
    let ids = [Data::String("110101199003071233".into()), Data::String("370202198511304561".into())];
    assert_eq!(column(&full, "身份证号码"), ids, "text, not a number");
    assert_eq!(viewed(&b), 1);
    let trail = b.world.store.inner().trail_of(e.id.as_str());
    let entry = trail.iter().find(|entry| entry.action == "view-unmasked").unwrap();
    assert_eq!((&entry.account, entry.actor_name.as_str()), (&Some(s.registrar.id.clone()), "赵磊"));
    let reply = b.ask(&s.auditor, "POST /exports", None, json!({"kind": "rosters", "in_full": true})).await;
    assert_eq!(refused(&reply), (403, "NOT_PERMITTED".to_owned()));
}

#[tokio::test]
async fn an_export_holds_what_its_list_shows() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let drafts = placed(&b, 3, State::Drafting).await;
    let done = placed(&b, 2, State::Completed).await;
    let numbers = |of: &[Enrolment]| of.iter().rev().map(|e| e.application_number.clone()).collect::<Vec<_>>();
    let export = async |by: &Account, filter: Value| {
        texts(&exported(&b, by, json!({"kind": "enrolments", "filter": filter})).await, "申请书号")
    };
    assert_eq!(export(&s.handler, json!({"state": "drafting"})).await, numbers(&drafts));
    assert_eq!(export(&s.auditor, json!({"node": "/hq/2602/"})).await.len(), 5);
    assert_eq!(export(&s.stranger_reviewer, json!({})).await, Vec::<String>::new());
    let one = done[0].application_number.clone();
    assert_eq!(export(&s.finance, json!({"application_number": &one})).await, [one.as_str()]);
    assert_eq!(export(&s.stranger_reviewer, json!({"application_number": &one})).await, Vec::<String>::new());
    let elsewhere = json!({"kind": "enrolments", "filter": {"node": "/hq/2602/"}});
    assert_eq!(refused(&b.ask(&s.stranger_reviewer, "POST /exports", None, elsewhere).await).0, 404);
    let nothing = json!({"kind": "enrolments", "filter": {"state": "drafting", "certificate": "printed"}});
    assert_eq!(
        refused(&b.ask(&s.finance, "POST /exports", None, nothing).await),
        (409, "NOTHING_TO_EXPORT".to_owned())
    );
}

/// Rows of several steps: three steps of twenty thousand members write them all, each once.
#[tokio::test]
async fn a_large_roster_is_exported_in_several_steps() {
    let b = Bureau::open().await;
    let members = (0..45_000_u32).map(|n| {
        let id = sample::resident_id(n);
        format!("职工,{},,\n", id.as_str())
    });
    let e =
        b.import(&b.draft().await, &format!("姓名,身份证号码,手机号码,职业\n{}", members.collect::<String>())).await;
    assert_eq!(e.lines[0].participants(), 45_000);
    let queued = ask(&b, &b.world.sample.registrar, json!({"kind": "rosters", "in_full": true})).await;
    let steps = build(&b).await;
    assert_eq!(steps.len(), 4, "three parts, and putting them together");
    let ready = follow(&b, &b.world.sample.registrar, &queued).await;
    let sheet = sheet(file(&b, &ready));
    let mut ids = texts(&sheet, "身份证号码");
    assert_eq!(ids.len(), 45_000);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 45_000, "nobody twice");
    let seen = b.world.store.inner().actions_of(e.id.as_str()).iter().filter(|a| *a == "view-unmasked").count();
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn delivered_twice_late_or_out_of_order_a_step_is_done_once() {
    let b = Bureau::open().await;
    b.import(&b.draft().await, ROSTER).await;
    let queued = ask(&b, &b.world.sample.handler, json!({"kind": "rosters", "in_full": true})).await;
    let steps = build(&b).await;
    let before = follow(&b, &b.world.sample.handler, &queued).await;
    let held = b.world.store.inner().snapshot();
    for outgoing in steps.iter().rev().chain(&steps) {
        let outcome = builder(&b).perform(outgoing.clone(), &delivery()).await.unwrap();
        assert_eq!(outcome, Outcome::Duplicate);
    }
    assert_eq!(follow(&b, &b.world.sample.handler, &queued).await, before);
    assert_eq!(b.world.store.inner().snapshot(), held);
    let [Outgoing { id, message: Message::Export { account, export, .. } }, ..] = steps.as_slice() else { panic!() };
    let ahead = Message::Export { account: account.clone(), export: export.clone(), version: 9 };
    let early = Outgoing { id: id.clone(), message: ahead };
    assert_eq!(builder(&b).perform(early, &delivery()).await.unwrap(), Outcome::Duplicate);
}

/// What the portal tells somebody, with what it is about.
async fn notices(b: &Bureau, of: &Account) -> Vec<(String, Value)> {
    let reply = b.ask(of, "GET /me/messages", None, json!({})).await;
    let messages: Value = reply.json().unwrap();
    let messages = messages["items"].as_array().unwrap().iter().filter(|message| message["channel"] == "portal");
    messages.map(|message| (message["text"].as_str().unwrap().to_owned(), message["about"].clone())).collect()
}

#[tokio::test]
async fn whoever_asked_is_told_once_that_it_ended() {
    let b = Bureau::open().await;
    let handler = b.world.sample.handler.clone();
    b.import(&b.draft().await, ROSTER).await;
    let queued = ask(&b, &handler, json!({"kind": "rosters"})).await;
    let mut steps = build(&b).await;
    steps.extend(steps.clone());
    for outgoing in steps {
        builder(&b).perform(outgoing, &delivery()).await.unwrap();
    }
    let told = "您导出的参保人员已完成，共2行，请在导出列表中下载。".to_owned();
    assert_eq!(notices(&b, &handler).await, [(told, queued["id"].clone())]);
    assert_eq!(notices(&b, &b.world.sample.auditor).await, [], "nobody else is");

    let queued = ask(&b, &handler, json!({"kind": "enrolments"})).await;
    let [first] = <[Outgoing; 1]>::try_from(waiting(&b)).unwrap();
    let Message::Export { account, export, version } = &first.message else { panic!("{first:?}") };
    let job = exports::due(&desk(&b.world), account, export, *version).await.unwrap().unwrap();
    for _ in 0..2 {
        exports::refuse_size(&desk(&b.world), &b.world.cipher, &job).await.unwrap();
    }
    let told =
        "您导出的参保单未能完成，原因：超过1000000行，请缩小查询条件（例如按月份或按机构）后分别导出。".to_owned();
    let all = notices(&b, &handler).await;
    assert_eq!((all.len(), all.contains(&(told, queued["id"].clone()))), (2, true), "{all:?}");
}

#[tokio::test]
async fn it_survives_a_crash_before_and_after_every_call() {
    let run = async |fault: Option<(u64, When)>| {
        let b = Bureau::open().await;
        b.import(&b.draft().await, ROSTER).await;
        let queued = ask(&b, &b.world.sample.handler, json!({"kind": "rosters"})).await;
        if let Some((n, when)) = fault {
            b.world.faults.fail_nth(n, when);
        }
        let calls = b.world.faults.total();
        build(&b).await;
        let calls = b.world.faults.total() - calls;
        let ready = follow(&b, &b.world.sample.handler, &queued).await;
        assert_eq!(b.world.store.inner().records().len(), 1, "one notice");
        (calls, b.world.faults.fired(), file(&b, &ready), b.world.objects.inner().keys(Bucket::Documents))
    };
    let (calls, _, calm, keys) = run(None).await;
    for n in 1..=calls {
        for when in [When::Before, When::AfterWritten] {
            let (_, fired, file, left) = run(Some((n, when))).await;
            assert_eq!(fired, 1, "call {n}");
            assert!(file == calm && left == keys, "call {n} failed {when:?}");
        }
    }
}

#[tokio::test]
async fn an_export_is_its_askers_own_and_for_a_while_only() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    placed(&b, 1, State::Drafting).await;
    let queued = ask(&b, &s.first_reviewer, json!({"kind": "enrolments"})).await;
    build(&b).await;
    let address = format!("GET /exports/{}", queued["id"].as_str().unwrap());
    let moved = Account { node: s.stranger_reviewer.node.clone(), ..s.first_reviewer.clone() };
    for other in [&s.other_first_reviewer, &s.auditor, &moved] {
        assert_eq!(refused(&b.ask(other, &address, None, json!({})).await).0, 404);
    }
    let listed: Value = b.ask(&moved, "GET /exports", None, json!({})).await.json().unwrap();
    assert_eq!(listed["items"], json!([]));
    let listed: Value = b.ask(&s.first_reviewer, "GET /exports", None, json!({})).await.json().unwrap();
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["state"], &items[0]["url"]), (1, &json!("ready"), &Value::Null));
    b.world.clock.advance(SignedDuration::from_hours(7 * 24));
    let late = follow(&b, &s.first_reviewer, &queued).await;
    assert_eq!((&late["state"], &late["url"]), (&json!("expired"), &Value::Null));
}

#[tokio::test]
async fn few_run_at_a_time_and_one_that_stands_still_has_failed() {
    let b = Bureau::open().await;
    let handler = b.world.sample.handler.clone();
    let body = json!({"kind": "enrolments"});
    let first = ask(&b, &handler, body.clone()).await;
    for _ in 0..2 {
        ask(&b, &handler, body.clone()).await;
    }
    let reply = b.ask(&handler, "POST /exports", None, body.clone()).await;
    assert_eq!(refused(&reply), (409, "EXPORTS_UNDER_WAY".to_owned()));
    b.world.clock.advance(SignedDuration::from_hours(2));
    let late = follow(&b, &handler, &first).await;
    assert_eq!((&late["state"], &late["reason"]), (&json!("failed"), &json!("长时间没有进展，请重新导出")));
    ask(&b, &handler, body.clone()).await;
    let once = b.ask_as("the-same-key", &handler, "POST /exports", None, json!({"kind": "receipts"})).await;
    let again = b.ask_as("the-same-key", &handler, "POST /exports", None, json!({"kind": "receipts"})).await;
    assert_eq!((once.status.as_u16(), &once.body), (201, &again.body));
}
