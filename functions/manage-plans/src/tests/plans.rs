use serde_json::{Value, json};
use testing::faults::When;
use workflow::ports::{References, business_date, plan_subject};
use workflow::references::plans_on;

use super::*;

const ACCIDENT: &str = "/plan-variants/accident-20";

/// The version of the accident plan that a unit would choose on a day.
async fn chosen(stage: &Stage, day: &str) -> String {
    let plans = plans_on(stage.world.store.inner(), day.parse().unwrap()).await.unwrap();
    plans.into_iter().find(|plan| plan.code == "accident-20").map(|plan| plan.version).unwrap_or_default()
}

#[tokio::test]
async fn a_draft_takes_the_place_of_what_is_in_effect() {
    let stage = Stage::new().await;
    let version = stage.change(&format!("POST {ACCIDENT}/drafts"), Some(1), terms("2026")).await;
    let mut edited = terms("2026");
    edited["fee_fen"] = json!(1900);
    let version = stage.change(&format!("PUT {ACCIDENT}/drafts/2026"), Some(version), edited.clone()).await;
    let from = json!({"effective_from": "2026-04-01"});
    let version =
        stage.change(&format!("POST {ACCIDENT}/versions/2026/publication"), Some(version), from.clone()).await;
    assert_eq!(
        (chosen(&stage, "2026-03-31").await, chosen(&stage, "2026-04-01").await),
        ("2025".into(), "2026".into())
    );

    let admin = &stage.world.sample.plan_admin;
    let view = stage.get(admin, ACCIDENT).await;
    assert_eq!(view["version"], version);
    assert_eq!(view["versions"][0]["standing"], "in-effect");
    assert_eq!(view["versions"][0]["effective_until"], "2026-03-31");
    assert_eq!(
        (&view["versions"][1]["standing_name"], &view["versions"][1]["terms"]["fee_fen"]),
        (&json!("待生效"), &json!(1900))
    );
    let rows = stage.get(admin, "/plan-variants").await;
    let row = rows.as_array().unwrap().iter().find(|row| row["code"] == "accident-20").unwrap();
    assert_eq!((&row["in_effect"], &row["scheduled"]), (&json!("2025"), &json!(["2026"])));

    let version = stage.change(&format!("DELETE {ACCIDENT}/versions/2026/publication"), Some(version), json!({})).await;
    assert_eq!(chosen(&stage, "2026-04-01").await, "2025");
    stage.change(&format!("DELETE {ACCIDENT}/drafts/2026"), Some(version), json!({})).await;
    let trail = stage.get(admin, &format!("{ACCIDENT}/trail")).await;
    let told: Vec<_> =
        trail["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["begin-draft", "edit-draft", "publish", "recall", "discard-draft"]);
    assert_eq!(trail["items"][1]["note"], "2026：fee：1800 → 1900");
}

#[tokio::test]
async fn a_new_variant_begins_as_a_draft() {
    let stage = Stage::new().await;
    let new = |code: &str| json!({"code": code, "terms": terms("2026")});
    let taken = stage.ask(&stage.world.sample.plan_admin, "POST /plan-variants", None, new("accident-20")).await;
    assert_eq!(faults(&taken), ["/code PLAN_CODE_TAKEN"]);
    let version = stage.change("POST /plan-variants", None, new("accident-18")).await;
    let plans = plans_on(stage.world.store.inner(), "2027-01-01".parse().unwrap()).await.unwrap();
    assert!(plans.iter().all(|plan| plan.code != "accident-18"), "a draft cannot be chosen");
    let today = business_date(stage.world.clock.now());
    let from = json!({"effective_from": today.to_string()});
    stage.change("POST /plan-variants/accident-18/versions/2026/publication", Some(version), from).await;
    let plans = plans_on(stage.world.store.inner(), today).await.unwrap();
    assert!(plans.iter().any(|plan| plan.code == "accident-18"));
}

#[tokio::test]
async fn every_field_is_judged_at_once() {
    let stage = Stage::new().await;
    let admin = &stage.world.sample.plan_admin;
    let mut broken = terms("2026");
    (broken["fee_fen"], broken["age"], broken["benefits"][0]["sum_assured"]) = (json!(0), json!([60, 16]), json!("2"));
    let reply = stage.ask(admin, &format!("POST {ACCIDENT}/drafts"), Some(1), broken.clone()).await;
    assert_eq!(faults(&reply), ["/fee_fen PLAN_FEE", "/age PLAN_AGE", "/benefits/0/sum_assured FORMULA_FIGURE"]);
    let reply = stage.ask(admin, "POST /plan-variants", None, json!({"code": "Ä", "terms": broken})).await;
    let expect = ["/code PLAN_CODE", "/terms/fee_fen PLAN_FEE", "/terms/age PLAN_AGE"];
    assert_eq!(faults(&reply)[..3], expect);
}

#[tokio::test]
async fn refused() {
    let stage = Stage::new().await;
    let sample = stage.world.sample.clone();
    let draft = format!("POST {ACCIDENT}/drafts");
    for (by, expect) in [
        (&sample.handler, "NOT_PERMITTED"),
        (&sample.auditor, "NOT_PERMITTED"),
        (&sample.supervisor, "NOT_PERMITTED"),
        (&sample.office_plan_admin, "HEADQUARTERS_ONLY"),
    ] {
        assert_eq!(code(&stage.ask(by, &draft, Some(1), terms("2026")).await), (403, expect.into()));
    }
    assert_eq!(code(&stage.ask(&sample.handler, "GET /plan-variants", None, Value::Null).await).0, 403);
    stage.get(&sample.auditor, ACCIDENT).await;
    let admin = &sample.plan_admin;
    assert_eq!(code(&stage.ask(admin, &draft, None, terms("2026")).await), (428, "IF_MATCH_MISSING".into()));
    assert_eq!(code(&stage.ask(admin, &draft, Some(7), terms("2026")).await), (412, "VERSION_CHANGED".into()));
    let unknown = stage.ask(admin, "POST /plan-variants/none/drafts", Some(1), terms("2026")).await;
    assert_eq!(code(&unknown), (404, "NOT_FOUND".into()));
    let publish = format!("POST {ACCIDENT}/versions/2025/publication");
    let again = stage.ask(admin, &publish, Some(1), json!({"effective_from": "2026-04-01"})).await;
    assert_eq!(code(&again), (409, "NOT_A_DRAFT".into()));
    let version = stage.change(&draft, Some(1), terms("2026")).await;
    let publish = format!("POST {ACCIDENT}/versions/2026/publication");
    let past = stage.ask(admin, &publish, Some(version), json!({"effective_from": "2026-03-09"})).await;
    assert_eq!(faults(&past), ["/effective_from EFFECTIVE_DATE_PAST"]);
    let trail = stage.world.store.inner().trail_of(&plan_subject("accident-20"));
    assert_eq!(trail.len(), 1, "what is refused leaves no entry");
}

#[tokio::test]
async fn sent_twice_it_happens_once() {
    let stage = Stage::new().await;
    let admin = &stage.world.sample.plan_admin;
    let request = format!("POST {ACCIDENT}/drafts");
    let first = stage.send(admin, &request, "the-same-key", Some(1), &terms("2026")).await;
    let again = stage.send(admin, &request, "the-same-key", Some(1), &terms("2026")).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = stage.send(admin, &request, "the-same-key", Some(1), &terms("2027")).await;
    assert_eq!(code(&other), (422, "IDEMPOTENCY_KEY_REUSED".into()));
    let book = stage.world.store.inner().plan_book("accident-20").await.unwrap().unwrap();
    assert_eq!((book.version, book.versions.iter().count()), (2, 2));
}

#[tokio::test]
async fn it_survives_a_crash_before_and_after_the_commit() {
    for when in [When::Before, When::AfterWritten] {
        let stage = Stage::new().await;
        let admin = &stage.world.sample.plan_admin;
        let request = format!("POST {ACCIDENT}/drafts");
        stage.world.faults.fail_next_commit(when);
        let lost = stage.send(admin, &request, "the-same-key", Some(1), &terms("2026")).await;
        assert_eq!(lost.status, 503);
        let again = stage.send(admin, &request, "the-same-key", Some(1), &terms("2026")).await;
        assert_eq!(again.status, 201, "{when:?}");
        let book = stage.world.store.inner().plan_book("accident-20").await.unwrap().unwrap();
        assert_eq!((book.version, book.versions.iter().count()), (2, 2), "{when:?}");
    }
}

#[tokio::test]
async fn a_draft_is_tried_and_nothing_is_changed() {
    let stage = Stage::new().await;
    let admin = &stage.world.sample.plan_admin;
    let e = completed(&stage).await;
    stage.change(&format!("POST {ACCIDENT}/drafts"), Some(1), terms("2026")).await;
    let before = stage.world.store.inner().snapshot();
    let trial = format!("POST {ACCIDENT}/versions/2026/trial");
    let tried = stage.ask(admin, &trial, None, json!({"enrolment": e.id.as_str()})).await;
    assert_eq!(stage.world.store.inner().snapshot(), before);
    let tried: Value = tried.json().unwrap();
    // 9 × 2 × 20.00 + 1 × 2 × 32.00, and the same at 18.00 and 30.00.
    assert_eq!(
        (&tried["stored"]["contribution_fen"], &tried["tried"]["contribution_fen"]),
        (&json!(42_400), &json!(38_400))
    );
    assert_eq!((&tried["stored"]["version"], &tried["tried"]["version"]), (&json!("2025"), &json!("2026")));
    // 10 of 20: everybody in a unit below 30, 40 % in one of 10 or more.
    let participation = |side: &str| {
        let findings = tried[side]["self_check"]["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["rule"] == "participation").unwrap()["passed"].clone()
    };
    assert_eq!((participation("stored"), participation("tried")), (json!(false), json!(true)));

    let sample = json!({"sample": {"ordinary": 25, "shares": 5, "staff": 100}});
    let tried: Value = stage.ask(admin, &trial, None, sample).await.json().unwrap();
    assert_eq!(
        (&tried["tried"]["contribution_fen"], &tried["tried"]["shares_allowed"]),
        (&json!(225_000), &json!(false))
    );
    assert_eq!(tried["tried"]["participation_percent"], 25);

    assert_eq!(faults(&stage.ask(admin, &trial, None, json!({})).await), ["/enrolment TRIAL_SUBJECT"]);
    let other = "POST /plan-variants/hospital-a/versions/2025/trial";
    let other = stage.ask(admin, other, None, json!({"enrolment": e.id.as_str()})).await;
    assert_eq!(faults(&other), ["/enrolment PLAN_NOT_CHOSEN"]);
}

#[tokio::test]
async fn a_draft_shows_what_sample_cases_come_to() {
    let stage = Stage::new().await;
    let sample = &stage.world.sample;
    stage.change(&format!("POST {ACCIDENT}/drafts"), Some(1), terms("2026")).await;
    let before = stage.world.store.inner().snapshot();
    let effect = stage.get(&sample.auditor, &format!("{ACCIDENT}/versions/2026/effect")).await;
    assert_eq!(stage.world.store.inner().snapshot(), before);
    assert_eq!(effect["replaces"], "2025");
    let of = |kind: &str| {
        let cases = effect["cases"].as_array().unwrap();
        cases.iter().find(|case| case["case"]["kind"] == kind).unwrap().clone()
    };
    // 20 × 20.00 + 5 × 32.00, and the same at 18.00 and 30.00.
    let high_risk = of("high-risk");
    let amount = |side: &str| high_risk[side]["contribution_fen"].clone();
    assert_eq!(
        (amount("before"), amount("after"), &high_risk["changed"]),
        (json!(56_000), json!(51_000), &json!(true))
    );
    // Up to 60 years today, up to 65 with the draft.
    assert_eq!(of("over-age")["changes"][0]["change"], "eases");
    assert_eq!(of("under-age")["after"]["refused"][0]["code"], "AGE_BELOW_MINIMUM");
    // Half of a hundred but one is too few today; the draft asks for 40 %.
    assert_eq!(of("minimum-missed")["changes"][0]["rule"], "participation");

    let version = stage.change("POST /plan-variants", None, json!({"code": "new", "terms": terms("2026")})).await;
    assert_eq!(version, 1);
    let new = stage.get(&sample.plan_admin, "/plan-variants/new/versions/2026/effect").await;
    assert_eq!((&new["replaces"], &new["cases"][0]["before"]), (&Value::Null, &Value::Null));
    for path in ["/plan-variants/none/versions/2026/effect", "/plan-variants/new/versions/2027/effect"] {
        let none = stage.ask(&sample.plan_admin, &format!("GET {path}"), None, Value::Null).await;
        assert_eq!(code(&none), (404, "NOT_FOUND".into()), "{path}");
    }
    let path = format!("GET {ACCIDENT}/versions/2026/effect");
    let stranger = stage.ask(&sample.handler, &path, None, Value::Null).await;
    assert_eq!(code(&stranger), (403, "NOT_PERMITTED".into()));
}
