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
