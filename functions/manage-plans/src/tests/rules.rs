use serde_json::{Value, json};
use workflow::ports::References;

use super::*;

fn rules(version: &str) -> Value {
    json!({
        "version": version, "rules": ["participation", "over-age"],
        "participation": [{"office": "2602", "minimum_percent": 50, "all_below_staff": 0}],
    })
}

#[tokio::test]
async fn a_draft_is_tried_on_a_stored_enrolment_and_nothing_is_changed() {
    let stage = Stage::new().await;
    let admin = &stage.world.sample.plan_admin;
    let e = completed(&stage).await;
    stage.change("POST /self-check-rules/drafts", Some(0), rules("2026")).await;
    let before = stage.world.store.inner().snapshot();
    let trial = "POST /self-check-rules/versions/2026/trial";
    let reply = stage.ask(admin, trial, None, json!({"enrolment": e.id.as_str()})).await;
    assert_eq!(stage.world.store.inner().snapshot(), before);
    let tried: Value = reply.json().unwrap();
    assert_eq!((&tried["stored"]["version"], &tried["tried"]["version"]), (&json!("2025-1"), &json!("2026")));
    let of = |rule: &str| {
        let rules = tried["rules"].as_array().unwrap();
        let row = rules.iter().find(|row| row["rule"] == rule).unwrap();
        (row["stored"].clone(), row["tried"].clone())
    };
    // Ten of twenty: not everybody, as the plan asks of a unit below 30, but half, as the draft asks of the office.
    assert_eq!(of("participation"), (json!(false), json!(true)));
    assert_eq!(of("high-risk"), (json!(false), Value::Null), "the draft does not run it");
    assert_eq!(of("over-age"), (json!(true), json!(true)));
    let stranger = stage.ask(&stage.world.sample.handler, trial, None, json!({"enrolment": e.id.as_str()})).await;
    assert_eq!(code(&stranger), (403, "NOT_PERMITTED".into()));
    let none = stage.ask(admin, trial, None, json!({"enrolment": "no-such-enrolment"})).await;
    assert_eq!(code(&none).0, 404);
}

#[tokio::test]
async fn rules_are_drafted_published_recalled_and_discarded() {
    let stage = Stage::new().await;
    let admin = &stage.world.sample.plan_admin;
    let version = stage.change("POST /self-check-rules/drafts", Some(0), rules("2026")).await;
    let mut fewer = rules("2026");
    fewer["rules"] = json!(["over-age"]);
    let version = stage.change("PUT /self-check-rules/drafts/2026", Some(version), fewer).await;
    let from = json!({"effective_from": "2026-04-01"});
    let version = stage.change("POST /self-check-rules/versions/2026/publication", Some(version), from).await;
    let book = stage.world.store.inner().rule_book().await.unwrap();
    let on = |day: &str| book.on(day.parse().unwrap()).version;
    assert_eq!((on("2026-03-31"), on("2026-04-01")), ("2025-1".into(), "2026".into()));
    let view = stage.get(admin, "/self-check-rules").await;
    assert_eq!(
        (&view["versions"][1]["standing"], view["catalogue"].as_array().unwrap().len()),
        (&json!("scheduled"), 8)
    );
    let version = stage.change("DELETE /self-check-rules/versions/2026/publication", Some(version), json!({})).await;
    stage.change("DELETE /self-check-rules/drafts/2026", Some(version), json!({})).await;
    let trail = stage.get(admin, "/self-check-rules/trail").await;
    let told: Vec<_> =
        trail["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["begin-draft", "edit-draft", "publish", "recall", "discard-draft"]);
}

#[tokio::test]
async fn refused() {
    let stage = Stage::new().await;
    let sample = &stage.world.sample;
    let draft = "POST /self-check-rules/drafts";
    assert_eq!(code(&stage.ask(&sample.auditor, draft, Some(0), rules("2026")).await), (403, "NOT_PERMITTED".into()));
    let office = stage.ask(&sample.office_plan_admin, draft, Some(0), rules("2026")).await;
    assert_eq!(code(&office), (403, "HEADQUARTERS_ONLY".into()));
    assert_eq!(
        code(&stage.ask(&sample.plan_admin, draft, Some(3), rules("2026")).await),
        (412, "VERSION_CHANGED".into())
    );
    let broken = json!({"version": "2025-1", "rules": []});
    assert_eq!(faults(&stage.ask(&sample.plan_admin, draft, Some(0), broken).await), ["/rules RULES_EMPTY"]);
    let taken = stage.ask(&sample.plan_admin, draft, Some(0), rules("2025-1")).await;
    assert_eq!(faults(&taken), ["/version VERSION_TAKEN"]);
}

#[tokio::test]
async fn a_draft_shows_what_it_finds_otherwise_in_sample_cases() {
    let stage = Stage::new().await;
    let admin = &stage.world.sample.plan_admin;
    let shipped = stage.get(admin, "/self-check-rules").await["versions"][0]["terms"].clone();
    let mut eased = shipped.clone();
    eased["version"] = json!("2026");
    eased["rules"].as_array_mut().unwrap().retain(|rule| rule != "high-risk");
    eased["participation"] = json!([{"office": "2602", "plan": "hospital-a", "minimum_percent": 59}]);
    stage.change("POST /self-check-rules/drafts", Some(0), eased).await;
    let before = stage.world.store.inner().snapshot();
    let effect = stage.get(admin, "/self-check-rules/versions/2026/effect").await;
    assert_eq!(stage.world.store.inner().snapshot(), before);
    assert_eq!((&effect["replaces"], &effect["changed"]), (&shipped["version"], &json!(2)));
    let [measured, switched_off] = effect["listed"].as_array().unwrap().as_slice() else { panic!("{effect}") };
    // One fewer than 60 % of a hundred: too few today, enough with 59 %.
    let case = json!({"kind": "minimum-missed", "name": "比最低参保率要求少一人", "ordinary": 59, "high_risk": 0, "shares": 1,
                      "staff": 100, "age": 35});
    assert_eq!((&measured["case"], &measured["office"]), (&case, &json!("2602")));
    assert_eq!((&measured["plan_code"], &measured["changes"][0]["change"]), (&json!("hospital-a"), &json!("eases")));
    assert_eq!(measured["changes"][0]["after"], "参保59人，职工100人，参保率59%；最低参保率为59%");
    let change = json!({"rule": "high-risk", "rule_name": "高危职业", "change": "disappears", "change_name": "不再提示",
                        "before": "有5人从事高危职业", "after": null});
    assert_eq!((&switched_off["case"]["kind"], &switched_off["changes"]), (&json!("high-risk"), &json!([change])));
}

#[tokio::test]
async fn a_draft_that_says_the_same_has_no_effect_and_only_readers_of_plans_see_it() {
    let stage = Stage::new().await;
    let sample = &stage.world.sample;
    let mut same = stage.get(&sample.plan_admin, "/self-check-rules").await["versions"][0]["terms"].clone();
    same["version"] = json!("2026");
    stage.change("POST /self-check-rules/drafts", Some(0), same).await;
    let effect = stage.get(&sample.auditor, "/self-check-rules/versions/2026/effect").await;
    assert_eq!((&effect["changed"], &effect["listed"]), (&json!(0), &json!([])));
    assert!(effect["cases"].as_u64().unwrap() > 10, "{effect}");
    let path = "GET /self-check-rules/versions/2026/effect";
    let stranger = stage.ask(&sample.handler, path, None, Value::Null).await;
    assert_eq!(code(&stranger), (403, "NOT_PERMITTED".into()));
    let none = "GET /self-check-rules/versions/none/effect";
    assert_eq!(code(&stage.ask(&sample.plan_admin, none, None, Value::Null).await), (404, "NOT_FOUND".into()));
}
