use serde_json::{Value, json};

use super::*;

const RELIEFS: &str = "/offices/2602/reliefs";

fn subsidy(from: &str) -> Value {
    json!({
        "plan_code": "hospital-a", "rule": {"type": "fixed-per-member", "amount_fen": 3500},
        "bearer": {"kind": "subsidy", "title": "陕西省总工会", "fund_source": "administrative-funds"}, "from": from,
    })
}

#[tokio::test]
async fn an_office_grants_and_ends() {
    let stage = Stage::new().await;
    let admin = stage.world.sample.office_plan_admin.clone();
    let granted = stage.ask(&admin, &format!("POST {RELIEFS}"), Some(0), subsidy("2026-03-10")).await;
    assert_eq!(granted.status, 201, "{:?}", granted.body);
    let gift = json!({
        "plan_code": "women-25", "rule": {"type": "percentage", "basis_points": 5000}, "bearer": {"kind": "gifted-cover"},
        "from": "2026-04-01", "until": "2026-12-31",
    });
    assert_eq!(stage.ask(&admin, &format!("POST {RELIEFS}"), Some(1), gift).await.status, 201);
    let view = stage.get(&admin, RELIEFS).await;
    let [gift, subsidy] = view["reliefs"].as_array().unwrap().as_slice() else { panic!("two") };
    assert_eq!((&gift["kind_name"], &gift["applies_today"]), (&json!("赠险"), &json!(false)));
    assert_eq!((&subsidy["kind_name"], &subsidy["applies_today"]), (&json!("补贴"), &json!(true)));
    assert_eq!(subsidy["bearer"]["title"], "陕西省总工会");
    let end = format!("POST {RELIEFS}/{}/end", subsidy["id"].as_str().unwrap());
    assert_eq!(stage.ask(&admin, &end, Some(2), json!({"last_day": "2026-06-30"})).await.status, 200);
    let end = format!("POST {RELIEFS}/{}/end", gift["id"].as_str().unwrap());
    assert_eq!(stage.ask(&admin, &end, Some(3), json!({"last_day": "2026-03-31"})).await.status, 200);
    let view = stage.get(&admin, RELIEFS).await;
    assert_eq!((view["reliefs"].as_array().unwrap().len(), &view["reliefs"][0]["until"]), (1, &json!("2026-06-30")));
    let trail = stage.get(&admin, &format!("{RELIEFS}/trail")).await;
    let told: Vec<_> = trail["items"].as_array().unwrap().iter().map(|entry| entry["note"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [
            "补贴：hospital-a，自2026-03-10至另行通知",
            "赠险：women-25，自2026-04-01至2026-12-31",
            "补贴：hospital-a，until：（无） → 2026-06-30",
            "赠险：women-25，until：2026-12-31 → 2026-03-31",
        ]
    );
}

#[tokio::test]
async fn refused() {
    let stage = Stage::new().await;
    let sample = stage.world.sample.clone();
    let grant = format!("POST {RELIEFS}");
    assert_eq!(
        code(&stage.ask(&sample.supervisor, &grant, Some(0), subsidy("2026-03-10")).await),
        (403, "NOT_PERMITTED".into())
    );
    let elsewhere = "POST /offices/1600/reliefs";
    let other = stage.ask(&sample.office_plan_admin, elsewhere, Some(0), subsidy("2026-03-10")).await;
    assert_eq!(code(&other), (404, "NOT_FOUND".into()));
    assert_eq!(
        stage.ask(&sample.plan_admin, elsewhere, Some(0), subsidy("2026-03-10")).await.status,
        201,
        "headquarters may"
    );
    let agency = stage.ask(&sample.plan_admin, "GET /offices/baoji/reliefs", None, Value::Null).await;
    assert_eq!(code(&agency), (404, "NOT_FOUND".into()), "an agency grants nothing");
    let mut broken = subsidy("2026-03-09");
    (broken["plan_code"], broken["rule"]["amount_fen"]) = (json!("none"), json!(0));
    let reply = stage.ask(&sample.office_plan_admin, &grant, Some(0), broken).await;
    assert_eq!(faults(&reply), ["/plan_code PLAN_UNKNOWN", "/rule/amount_fen RELIEF_RULE", "/from RELIEF_PERIOD"]);
    let end = format!("POST {RELIEFS}/none/end");
    let reply = stage.ask(&sample.office_plan_admin, &end, Some(0), json!({"last_day": "2026-06-30"})).await;
    assert_eq!(code(&reply), (409, "NO_SUCH_RELIEF".into()));
}

/// What the first sample enrolment – 25 members with a share each – pays before and after.
fn first(trial: &Value) -> [Value; 4] {
    let case = &trial["cases"][0];
    let of = |side: &str, figure: &str| case[side][figure].clone();
    [of("before", "subsidy_fen"), of("before", "due_fen"), of("after", "subsidy_fen"), of("after", "due_fen")]
}

#[tokio::test]
async fn a_grant_and_its_end_are_tried_before_they_are_made() {
    let stage = Stage::new().await;
    let admin = stage.world.sample.office_plan_admin.clone();
    let trial = format!("POST {RELIEFS}/trial");
    let before = stage.world.store.inner().snapshot();
    let tried = stage.ask(&admin, &trial, None, json!({"grant": subsidy("2026-03-12")})).await;
    assert_eq!(stage.world.store.inner().snapshot(), before);
    let tried: Value = tried.json().unwrap();
    assert_eq!(
        (&tried["day"], &tried["plan_code"], &tried["plan_version"]),
        (&json!("2026-03-12"), &json!("hospital-a"), &json!("2025"))
    );
    // 25 × 95.00 = 2,375.00, of which 25 × 35.00 are borne.
    assert_eq!(first(&tried), [0, 237_500, 87_500, 150_000].map(|fen| json!(fen)));
    assert_eq!(tried["changed"].as_u64().unwrap(), tried["cases"].as_array().unwrap().len() as u64);

    assert_eq!(stage.ask(&admin, &format!("POST {RELIEFS}"), Some(0), subsidy("2026-03-12")).await.status, 201);
    let granted = stage.get(&admin, RELIEFS).await["reliefs"][0]["id"].clone();
    let end = |last: &str| json!({"end": {"relief": granted, "last_day": last}});
    let tried: Value = stage.ask(&admin, &trial, None, end("2026-06-30")).await.json().unwrap();
    assert_eq!(tried["day"], "2026-07-01");
    assert_eq!(first(&tried), [87_500, 150_000, 0, 237_500].map(|fen| json!(fen)));
    let taken_out: Value = stage.ask(&admin, &trial, None, end("2026-03-10")).await.json().unwrap();
    assert_eq!((&taken_out["day"], first(&taken_out)), (&json!("2026-03-12"), first(&tried)));
    let nothing = json!({"plan_code": "hospital-a", "rule": {"type": "fixed-per-member", "amount_fen": 9500},
                         "bearer": {"kind": "subsidy", "title": "乙", "fund_source": "union-funds"}, "from": "2026-03-10"});
    assert_eq!(stage.ask(&admin, &format!("POST {RELIEFS}"), Some(1), nothing).await.status, 201);
    let gift = json!({"plan_code": "hospital-a", "rule": {"type": "first-shares", "shares": 1},
                      "bearer": {"kind": "gifted-cover"}, "from": "2026-03-10"});
    let no_effect: Value = stage.ask(&admin, &trial, None, json!({"grant": gift})).await.json().unwrap();
    assert_eq!(no_effect["changed"], 0, "everything is borne already: {no_effect}");
}

#[tokio::test]
async fn a_trial_is_refused_for_what_the_grant_would_be_refused_for() {
    let stage = Stage::new().await;
    let sample = stage.world.sample.clone();
    let (admin, trial) = (&sample.office_plan_admin, format!("POST {RELIEFS}/trial"));
    let grant = json!({"grant": subsidy("2026-03-10")});
    for by in [&sample.supervisor, &sample.auditor, &sample.handler] {
        assert_eq!(code(&stage.ask(by, &trial, None, grant.clone()).await), (403, "NOT_PERMITTED".into()));
    }
    let elsewhere = stage.ask(admin, "POST /offices/1600/reliefs/trial", None, grant).await;
    assert_eq!(code(&elsewhere), (404, "NOT_FOUND".into()));
    let mut broken = subsidy("2026-03-09");
    (broken["plan_code"], broken["rule"]["amount_fen"]) = (json!("none"), json!(0));
    assert_eq!(
        faults(&stage.ask(admin, &trial, None, json!({"grant": broken})).await),
        ["/grant/plan_code PLAN_UNKNOWN", "/grant/rule/amount_fen RELIEF_RULE", "/grant/from RELIEF_PERIOD"]
    );
    let none = json!({"end": {"relief": "none", "last_day": "2026-06-30"}});
    assert_eq!(code(&stage.ask(admin, &trial, None, none.clone()).await), (409, "NO_SUCH_RELIEF".into()));
    let both = json!({"grant": subsidy("2026-03-10"), "end": none["end"]});
    for neither in [json!({}), both] {
        assert_eq!(faults(&stage.ask(admin, &trial, None, neither).await), ["/grant TRIAL_SUBJECT"]);
    }
    let unknown = stage.ask(admin, &trial, None, json!({"take": 1})).await;
    assert_eq!(unknown.status.as_u16() / 100, 4, "{:?}", unknown.body);
}
