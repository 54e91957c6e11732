//! Lists of enrolments across units, and what waits for somebody.

use domain::account::Account;
use domain::cover::CoverPeriod;
use domain::enrolment::{Conclusion, Enrolment, Opinion, State};
use domain::organisation::Unit;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};
use testing::sample;
use workflow::commit::Commit;
use workflow::ports::{Clock, Commits, Ids, ReceiptSeries};

use super::{Bureau, refused, told};

/// Writes an enrolment of a unit as it would stand, entered a minute after the one before.
async fn entered(b: &Bureau, unit: &Unit, by: &Account, change: impl FnOnce(&mut Enrolment)) -> Enrolment {
    b.world.clock.advance(SignedDuration::from_mins(1));
    let mut e = sample::draft(b.world.ids.ulid(), unit, by, b.world.clock.now());
    change(&mut e);
    let commit = Commit { enrolment: Some((e.clone(), 0)), ..Commit::default() };
    b.world.store.inner().commit(commit).await.unwrap();
    e
}

/// One of each unit in each of some states, oldest first.
async fn everywhere(b: &Bureau, states: &[State]) -> Vec<Enrolment> {
    let s = b.world.sample.clone();
    let mut all = Vec::new();
    for state in states {
        for (unit, by) in
            [(&s.unit, &s.handler), (&s.neighbour, &s.neighbour_handler), (&s.stranger, &s.stranger_handler)]
        {
            all.push(entered(b, unit, by, |e| e.state = *state).await);
        }
    }
    all
}

async fn read(b: &Bureau, by: &Account, address: &str) -> Value {
    let reply = b.ask(by, &format!("GET {address}"), None, json!({})).await;
    assert_eq!(reply.status.as_u16(), 200, "{address}: {}", told(&reply));
    reply.json().unwrap()
}

/// Ids of all pages.
async fn listed(b: &Bureau, by: &Account, query: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = read(b, by, &format!("/enrolments?limit=2{query}{cursor}")).await;
        ids.extend(page["items"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { return ids };
        cursor = format!("&cursor={next}");
    }
}

fn newest_first(of: &[&Enrolment]) -> Vec<String> {
    of.iter().rev().map(|e| e.id.to_string()).collect()
}

#[tokio::test]
async fn everybody_lists_what_lies_below_their_node() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let all = everywhere(&b, &[State::Drafting, State::Completed]).await;
    let [own, beside, far, own_done, beside_done, far_done] = all.iter().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(listed(&b, &s.handler, "").await, newest_first(&[own, own_done]));
    assert_eq!(listed(&b, &s.registrar, "").await, newest_first(&[own, own_done]));
    assert_eq!(listed(&b, &s.second_reviewer, "").await, newest_first(&[own, beside, own_done, beside_done]));
    assert_eq!(listed(&b, &s.auditor, "").await, newest_first(&[own, beside, far, own_done, beside_done, far_done]));
    assert_eq!(listed(&b, &s.auditor, "&node=/hq/1600/").await, newest_first(&[far, far_done]));
    let unit = format!("&unit={}", s.neighbour.id);
    assert_eq!(listed(&b, &s.finance, &unit).await, newest_first(&[beside, beside_done]));
    assert_eq!(listed(&b, &s.finance, &format!("{unit}&node=/hq/2602/baoji/qishan/")).await, Vec::<String>::new());
    for outside in [unit, "&node=/hq/1600/".to_owned(), "&node=/hq/".to_owned()] {
        for request in ["/enrolments", "/enrolments/counts"] {
            let reply = b.ask(&s.registrar, &format!("GET {request}?limit=2{outside}"), None, json!({})).await;
            assert_eq!(refused(&reply).0, 404, "{request}{outside}");
        }
    }
}

#[tokio::test]
async fn lists_are_filtered_and_counted() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let drafted = entered(&b, &s.unit, &s.handler, |e| e.new_employment_form = true).await;
    b.world.clock.advance(SignedDuration::from_hours(48));
    let waiting = entered(&b, &s.unit, &s.handler, |e| e.state = State::AwaitingPrint).await;
    let printed = entered(&b, &s.unit, &s.handler, |e| e.state = State::AwaitingArchive).await;
    let done = entered(&b, &s.unit, &s.handler, |e| e.state = State::Completed).await;
    let check = async |query: &str, expected: &[&Enrolment]| {
        assert_eq!(listed(&b, &s.archivist, query).await, newest_first(expected), "{query}");
        let counts = read(&b, &s.archivist, &format!("/enrolments/counts?{query}")).await;
        assert_eq!((&counts["total"], &counts["at_least"]), (&json!(expected.len()), &json!(false)), "{query}");
    };
    check("&state=drafting,completed", &[&drafted, &done]).await;
    check("&certificate=unprinted", &[&waiting]).await;
    check("&certificate=printed", &[&printed, &done]).await;
    check("&certificate=printed&state=drafting", &[]).await;
    check("&new_employment_form=true", &[&drafted]).await;
    check("&from=2026-03-12", &[&waiting, &printed, &done]).await;
    check("&to=2026-03-10", &[&drafted]).await;
    check(&format!("&application_number={}", printed.application_number), &[&printed]).await;
    check(&format!("&application_number={}&state=completed", printed.application_number), &[]).await;
    let counts = read(&b, &s.archivist, "/enrolments/counts?state=drafting,withdrawn").await;
    assert_eq!(counts["states"][0], json!({"state": "drafting", "state_name": "录入", "count": 1}));
    assert_eq!(counts["states"][1]["count"], 0);
    let reply = b.ask(&s.archivist, "GET /enrolments?state=drafted", None, json!({})).await;
    let problem: Value = reply.json().unwrap();
    assert_eq!((reply.status.as_u16(), &problem["errors"][0]["pointer"]), (400, &json!("query:state")));
    let member = Account { roles: Vec::new(), ..s.handler.clone() };
    for request in ["GET /enrolments", "GET /enrolments/counts"] {
        assert_eq!(refused(&b.ask(&member, request, None, json!({})).await).0, 403);
    }
}

#[tokio::test]
async fn a_unit_is_told_what_waits_for_it() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let opinion = Opinion {
        state: State::FirstReview,
        by: s.first_reviewer.id.clone(),
        by_name: s.first_reviewer.name.clone(),
        at: b.world.clock.now(),
        conclusion: Conclusion::Returned,
        text: "女职工人数有误".to_owned(),
    };
    let returned = entered(&b, &s.unit, &s.handler, |e| e.opinions = vec![opinion]).await;
    let receipts = entered(&b, &s.unit, &s.handler, |e| e.state = State::Invoicing).await;
    let today = b.world.clock.today();
    let period =
        |days: i64| vec![("hospital-a".to_owned(), CoverPeriod::new(today - 1.year(), today + days.days()).unwrap())];
    let prints = entered(&b, &s.unit, &s.handler, |e| (e.state, e.periods) = (State::AwaitingPrint, period(365))).await;
    let ending = entered(&b, &s.unit, &s.handler, |e| (e.state, e.periods) = (State::Completed, period(60))).await;
    entered(&b, &s.unit, &s.handler, |_| ()).await;
    entered(&b, &s.neighbour, &s.neighbour_handler, |e| e.state = State::Invoicing).await;

    let told = read(&b, &s.handler, "/dashboards/tasks").await;
    assert_eq!(told["pools"], json!([]));
    let unit = &told["unit"];
    for (kind, e) in [("returned", &returned), ("receipts", &receipts), ("prints", &prints)] {
        assert_eq!(unit[kind]["count"], 1, "{kind}");
        assert_eq!(unit[kind]["newest"][0]["id"], e.id.as_str(), "{kind}");
    }
    assert_eq!(unit["returned"]["newest"][0]["return_reason"], "女职工人数有误");
    let ends: Vec<&Value> = unit["ending"].as_array().unwrap().iter().map(|e| &e["id"]).collect();
    assert_eq!(ends, [ending.id.as_str()]);
    assert_eq!(unit["ending"][0]["ends_on"], (today + 60.days()).to_string());
    // Whoever enters for several units is told of all of them.
    let county = read(&b, &s.registrar, "/dashboards/tasks").await;
    assert_eq!((&county["unit"]["receipts"]["count"], &county["unit"]["ending"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn the_back_office_is_told_of_its_pools() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let e = b.import(&b.draft().await, "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n").await;
    b.ask(&s.handler, &format!("POST /enrolments/{}/completion", e.id), Some(e.version), json!({})).await;
    let pools = async |by: &Account| read(&b, by, "/dashboards/tasks").await;
    let first = json!({"level": "first-review", "level_name": "初审", "pending": 1, "mine": 0, "held": 0, "overdue": 0, "cap": 1000});
    let told = pools(&s.first_reviewer).await;
    assert_eq!((&told["pools"], &told["unit"]), (&json!([first]), &Value::Null));
    b.world.clock.advance(SignedDuration::from_hours(4 * 24));
    let supervised = pools(&s.supervisor).await;
    let overdue: Vec<&Value> = supervised["pools"].as_array().unwrap().iter().map(|pool| &pool["overdue"]).collect();
    assert_eq!(overdue, [1, 0, 0, 0, 0, 0]);
    assert_eq!(pools(&s.stranger_reviewer).await["pools"][0]["pending"], 0);
    assert_eq!(pools(&s.auditor).await["pools"], json!([]));
}

#[tokio::test]
async fn a_series_of_receipts_tells_how_far_it_has_come() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let unused = json!([{"code": "00000000", "last_number": null, "taken": 0, "left": null, "sample": true}]);
    assert_eq!(read(&b, &s.finance, "/receipt-series").await, unused);
    b.world.receipts.next(b.world.clock.today()).await.unwrap();
    let taken = read(&b, &s.auditor, "/receipt-series").await;
    assert_eq!((&taken[0]["taken"], &taken[0]["last_number"]), (&json!(1), &json!("0000000001")));
    let reply = b.ask(&s.handler, "GET /receipt-series", None, json!({})).await;
    assert_eq!(refused(&reply).0, 403);
}
