//! What an office decides for itself, obeyed where it applies: set over HTTP, met by an enrolment.

use domain::enrolment::{Enrolment, ImportOutcome, State};
use domain::self_check::Rule;
use serde_json::{Value, json};
use testing::sample;
use workflow::commit::Commit;
use workflow::ports::{Clock, Commits, Ids};

use super::{Bureau, told};
use crate::scope::settings;

const TODAY: &str = "2026-03-10";
/// Row 2 has a mobile number, row 3 has none, row 4 an unreadable one.
const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n\
                      李四,370202198511304561,,\n赵六,610103197001010025,12,\n";

impl Bureau {
    /// The office decides one thing otherwise.
    async fn decide(&self, setting: &str, value: Value) {
        let admin = &self.world.sample.administrator;
        let node = self.ask(admin, "GET /nodes/2602/settings", None, json!({})).await;
        let seen = node.header("etag").trim_matches('"').parse().ok();
        let mut settings = settings();
        settings[setting] = value;
        let reply = self.ask(admin, "PUT /nodes/2602/settings", seen, settings).await;
        assert!(reply.status.is_success(), "{}", told(&reply));
    }

    /// Completes a draft of some persons without names.
    async fn completed(&self, persons: u32) -> Enrolment {
        let (e, handler) = (self.draft().await, &self.world.sample.handler);
        let unnamed = json!({"plan": "hospital-a", "ordinary": persons});
        for (request, body) in [("PUT", "unnamed-members"), ("POST", "completion")].map(|(method, what)| {
            let body = if what == "completion" { json!({}) } else { unnamed.clone() };
            (format!("{method} /enrolments/{}/{what}", e.id), body)
        }) {
            let reply = self.ask(handler, &request, Some(self.now(&e.id).version), body).await;
            assert!(reply.status.is_success(), "{request}: {}", told(&reply));
        }
        self.now(&e.id)
    }
}

fn outcome(e: &Enrolment) -> (u32, u32) {
    match e.batches.last().and_then(|batch| batch.outcome.as_ref()) {
        Some(ImportOutcome::Done { succeeded, failed, .. }) => (*succeeded, *failed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_roster_gives_every_mobile_number_where_the_office_asks_for_it() {
    let b = Bureau::open().await;
    let easy = b.import(&b.draft().await, ROSTER).await;
    assert_eq!(outcome(&easy), (2, 1), "none is asked for, and a wrong one is wrong");

    b.decide("phone_required", json!(true)).await;
    let strict = b.import(&b.draft().await, ROSTER).await;
    assert_eq!(outcome(&strict), (1, 2));
    let handler = &b.world.sample.handler;
    let batch = format!("/enrolments/{}/batches/{}", strict.id, strict.batches[0].upload);
    let failed: Value = b.ask(handler, &format!("GET {batch}/failed-rows"), None, json!({})).await.json().unwrap();
    let reasons = failed["rows"]["items"].as_array().unwrap().iter().map(|row| &row["reasons"][0]);
    let reasons: Vec<_> = reasons.map(|reason| (&reason["cell"], &reason["code"])).collect();
    let at = json!("mobile");
    assert_eq!(reasons, [(&at, &json!("PHONE_MISSING")), (&at, &json!("PHONE_FORMAT"))]);

    // A correction is judged as the import was.
    let correct = async |mobile: &str| {
        let row = json!({"row_number": 3, "name": "李四", "id_number": "370202198511304561", "mobile": mobile});
        let version = b.now(&strict.id).version;
        let reply = b.ask(handler, &format!("POST {batch}/corrections"), Some(version), json!({"rows": [row]})).await;
        reply.json::<Value>().unwrap()
    };
    let again = correct("").await;
    assert_eq!((&again["accepted"], &again["failed"][0]["reasons"][0]["code"]), (&json!(0), &json!("PHONE_MISSING")));
    assert_eq!(correct("13800000009").await["accepted"], 1);
}

/// Eight of ten take part, where the plan asks everyone of a unit below twenty and 60 % of others.
#[tokio::test]
async fn the_self_check_measures_by_the_size_the_office_has_set() {
    let b = Bureau::open().await;
    let passes = async |size: Value| {
        b.decide("min_staff_for_ratio", size).await;
        let found = b.completed(8).await.self_check.unwrap();
        let participation = found.findings.into_iter().find(|finding| finding.rule == Rule::Participation).unwrap();
        (participation.passed, participation.text)
    };
    let (passed, text) = passes(Value::Null).await;
    assert!(!passed && text.contains("不足20人"), "the plan's own: {text}");
    assert!(passes(json!(10)).await.0, "ten are not fewer than ten");
    let (passed, text) = passes(json!(11)).await;
    assert!(!passed && text.contains("不足11人"), "{text}");
}

/// 3 × 95.00 × 33.30 % is 94.905.
#[tokio::test]
async fn a_percentage_is_rounded_as_the_office_rounds() {
    let b = Bureau::open().await;
    let relief = json!({
        "plan_code": "hospital-a", "rule": {"type": "percentage", "basis_points": 3330}, "from": TODAY,
        "bearer": {"kind": "subsidy", "title": "陕西省总工会", "fund_source": "administrative-funds"},
    });
    let granted = b.ask(&b.world.sample.office_plan_admin, "POST /offices/2602/reliefs", Some(0), relief).await;
    assert!(granted.status.is_success(), "{}", told(&granted));
    for (rounding, subsidy, due) in [("half-up", 9491, 19_009), ("half-even", 9490, 19_010), ("down", 9490, 19_010)] {
        b.decide("rounding", json!(rounding)).await;
        let e = b.completed(3).await;
        let reckoned = (e.subsidy().unwrap().fen(), e.amount_due().unwrap().fen());
        assert_eq!(reckoned, (subsidy, due), "{rounding}");
    }
}

#[tokio::test]
async fn the_second_reviewer_learns_whether_a_final_review_follows() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let mut e = sample::draft(b.world.ids.ulid(), &s.unit, &s.handler, b.world.clock.now());
    e.state = State::SecondReview;
    let commit = Commit { enrolment: Some((e.clone(), 0)), ..Commit::default() };
    b.world.store.inner().commit(commit).await.unwrap();
    let told = async |by| {
        let view: Value = b.ask(by, &format!("GET /enrolments/{}", e.id), None, json!({})).await.json().unwrap();
        view["final_review"].clone()
    };
    assert_eq!(told(&s.second_reviewer).await, "reviewer-decides");
    b.decide("final_enrolment_review", json!("never")).await;
    assert_eq!(told(&s.second_reviewer).await, "never");
    let draft = b.draft().await;
    let view: Value =
        b.ask(&s.handler, &format!("GET /enrolments/{}", draft.id), None, json!({})).await.json().unwrap();
    assert_eq!(view["final_review"], Value::Null, "nobody decides it yet");
}
