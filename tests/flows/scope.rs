//! Another unit's account gets nothing on any route: the routes come from the API's document.

use reqwest::Method;
use serde_json::{Value, json};
use tests::clerk::Clerk;
use tests::client::Client;

use crate::{cloud, signed_in};

/// Routes that name nothing of a unit, and those anybody may call.
const UNSCOPED: &[&str] = &[
    "POST /captchas",
    "POST /sessions",
    "POST /sessions/refresh",
    "DELETE /sessions/current",
    "POST /passwords",
    "POST /passwords/forgotten",
    "POST /passwords/reset",
    "GET /me",
    "POST /me/totp",
    "PUT /me/totp",
    "GET /me/sign-ins",
    "GET /me/messages",
    "GET /messages",
    "GET /plans",
    "GET /roster-templates",
    "POST /enrolments",
    "GET /tasks",
    "GET /dashboards/tasks",
    "GET /exports",
    "POST /exports",
    "GET /opinion-phrases",
    "PUT /opinion-phrases",
    "GET /certificates/verification/{token}",
    "GET /offices",
    "GET /offices/{office}/agencies",
    "POST /registration-images",
    "GET /registration-images/{upload}",
    "POST /registration-codes",
    "POST /registrations",
    "POST /registrations/status",
    "POST /registrations/correction",
    "POST /registrations/on-behalf",
    "GET /registrations",
    "GET /units",
    "POST /unit-searches",
    "GET /accounts",
    "GET /dispatch-candidates",
    "GET /nodes",
    "GET /roles",
    "GET /actions",
    "GET /receipt-series",
];

/// Every route of the API's document.
pub fn routes() -> Vec<(Method, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("docs/openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete"].iter().filter(|method| !item[**method].is_null()) {
            routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    routes
}

/// A body that every route's parser takes, so that only scope or role can refuse it.
pub fn body(path: &str, id: &str) -> Value {
    let receipt = json!({
        "fund_source": "self-paid", "payer_title": "x", "tax_number_type": "none", "channel": "transfer",
        "payer_email": "x@example.com",
        "items": [{"plan_code": "hospital-a", "occupation": "ordinary", "persons": 1, "price_fen": 1}],
    });
    match path.rsplit('/').next().unwrap() {
        "plans" => json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]}),
        "details" => json!({"staff": 10, "female_staff": 5}),
        "unnamed-members" => json!({"plan": "hospital-a", "ordinary": 1}),
        "attachments" | "scan" => json!({"upload": "some-upload"}),
        "withdrawal" | "return" | "void" | "lift" => json!({"reason": "x"}),
        "reissue" => json!({"payer_title": "x", "tax_number_type": "none", "payer_email": "x@example.com"}),
        "reviews" if path.starts_with("/registrations/") => json!({"conclusion": "approve"}),
        "reviews" => json!({"conclusion": "approve", "final_review": false}),
        "receipts" | "preview" | "{receipt}" => receipt,
        "payment" => json!({"arrived_on": "2026-01-01", "amount_fen": 1, "channel": "transfer", "bank_reference": "x"}),
        "prints" if path.contains("/certificate/") => json!({"roster_confirmed": true}),
        "opinion-phrases" => json!({"phrases": []}),
        "plan-variants" => json!({"code": "x", "terms": plan_terms()}),
        "drafts" | "{version}" if path.starts_with("/self-check-rules") => json!({"version": "x", "rules": []}),
        "drafts" | "{version}" => plan_terms(),
        "publication" => json!({"effective_from": "2099-01-01"}),
        "trial" if path.contains("/reliefs/") => json!({"grant": relief()}),
        "trial" => json!({"enrolment": id}),
        "reliefs" => relief(),
        "end" => json!({"last_day": "2099-01-01"}),
        "dispatch" => json!({"account": "x"}),
        "search" if path.starts_with("/restricted") => json!({"id_number": "110101199003071233"}),
        "restricted-people" => json!({"id_number": "110101199003071233", "reason": "x"}),
        "search" => json!({"plan": "hospital-a"}),
        "removals" => json!({"plan": "hospital-a", "entries": ["upload.2"]}),
        "corrections" if path.contains("/roster/") => {
            json!({"plan": "hospital-a", "entry": "upload.2", "name": "李四"})
        }
        "corrections" => json!({"rows": [{"row_number": 2}]}),
        "accounts" => json!({"name": "周才", "roles": ["finance"], "node": "/hq/2602/", "mobile": "13900000001"}),
        "closing" | "reopening" | "totp-reset" => json!({"reason": "x"}),
        "{account}" if path.starts_with("/accounts/") => {
            json!({"name": "x", "roles": ["finance"], "node": "/hq/2602/"})
        }
        "nodes" => json!({"parent": "2602-3", "name": "x"}),
        "{node}" => json!({"name": "x"}),
        "settings" => settings(),
        "archive" => json!({"conclusion": "pass"}),
        "unit-searches" => json!({"contact": "张三"}),
        "address" => json!({"address": "人民路3号"}),
        "standing" => json!({"active": false, "restricted": true, "classified": false}),
        "handler" => json!({"account": "sunliu"}),
        "agency" => json!({"agency": "2602-3-2"}),
        "{survivor}" => json!({"survivor_version": 1}),
        "active" => json!({"active": false}),
        "acquisitions" => json!({"tasks": [id]}),
        "uploads" => json!({
            "purpose": "enrolment-attachment", "enrolment": id, "file_name": "x.png", "size": 10, "sha256": "0".repeat(64),
        }),
        _ => json!({}),
    }
}

fn relief() -> Value {
    json!({
        "plan_code": "hospital-a", "rule": {"type": "first-shares", "shares": 1}, "bearer": {"kind": "gifted-cover"},
        "from": "2099-01-01",
    })
}

fn plan_terms() -> Value {
    json!({
        "version": "2099", "name": "x", "variant": "x", "kind": "accident", "fee_fen": 1, "fee_high_risk_fen": 1,
        "max_shares": 1, "term_months": 12, "age": [16, 60], "sex": "any", "waiting": {"none_until_day": 0},
        "participation": {"minimum_percent": 0, "all_below_staff": 0}, "benefits": [],
    })
}

/// Settings of an office that break no rule.
pub fn settings() -> Value {
    json!({
        "settlement_day": 20, "renewal_grace_days": 15, "telephone": "029-1", "address": "某路1号",
        "collection_account":
            {"name": "办事处", "bank": "银行", "account_number": "6228480018123456784", "branch_code": "000000000000"},
        "review_target_working_days": 2, "final_enrolment_review": "always", "final_claim_review_threshold_fen": 1,
        "min_staff_for_ratio": null, "rounding": "down", "mask_certificate_ids": true, "phone_required": false,
    })
}

async fn refused(stranger: &Client, method: &Method, path: &str, ids: (&str, &str, &str)) -> u16 {
    let (enrolment, task, upload) = ids;
    let address = path
        .replace("{enrolment}", enrolment)
        .replace("{task}", task)
        .replace("{upload}", upload)
        .replace("{receipt}", "some-receipt")
        .replace("{export}", "some-export")
        .replace("{restriction}", "2602-01J8Z7Q0C2N5T4R8K6W3Y1XABC")
        .replace("{registration}", "some-registration")
        .replace("{message}", "some-message")
        .replace("{unit}", "unit-qishan-2")
        .replace("{survivor}", "unit-qishan-1")
        .replace("{account}", "sunliu")
        .replace("{code}", "hospital-a")
        .replace("{version}", "2025")
        .replace("{office}", "2602")
        .replace("{node}", "2602")
        .replace("{relief}", "some-relief");
    let of_a_unit =
        ["/enrolments", "/enrolments/counts", "/renewals", "/payments", "/ledger", "/ledger/totals"].contains(&path);
    let address = if of_a_unit { format!("{path}?unit=unit-qishan-2") } else { address };
    let body = match (method, path) {
        (&Method::DELETE, _) => json!({}),
        (_, "/tasks/acquisitions") => body(path, task),
        _ => body(path, enrolment),
    };
    let body = (*method != Method::GET).then_some(body);
    let reply = stranger.send(method.clone(), &address, Some(&stranger.key()), Some(1), body.as_ref()).await.unwrap();
    let answers = reply.json();
    // A list of several answers for each.
    if path == "/tasks/acquisitions" && answers[0]["acquired"] == false && answers[0]["code"] == "NOT_FOUND" {
        return 404;
    }
    reply.status
}

#[tokio::test(flavor = "multi_thread")]
async fn another_unit_gets_nothing_on_any_route() {
    let owner = signed_in("sunliu").await;
    let clerk = Clerk::open(&owner).await.unwrap();
    clerk.act(Method::PUT, "/plans", body("/plans", "")).await.unwrap();
    clerk.act(Method::PUT, "/details", body("/details", "")).await.unwrap();
    let form = clerk.form("enrolment-attachment", &[], "x.png", b"x").await.unwrap().ok().unwrap();
    clerk.act(Method::PUT, "/unnamed-members", json!({"plan": "hospital-a", "ordinary": 10})).await.unwrap();
    clerk.act(Method::POST, "/completion", json!({})).await.unwrap();
    let task = clerk.view().await.unwrap()["task"].as_str().unwrap().to_owned();
    let upload = form["upload"].as_str().unwrap();

    let mut asked = 0;
    for stranger in ["lisi", "zhaoqi", "henanchushen", "henanfushen", "henancaiwu", "henanguidang"] {
        let stranger = signed_in(stranger).await;
        for (method, path) in routes() {
            if UNSCOPED.contains(&format!("{method} {path}").as_str()) {
                continue;
            }
            let status = refused(&stranger, &method, &path, (&clerk.id, &task, upload)).await;
            assert!([403, 404].contains(&status), "{} on {method} {path}: {status}", stranger.name);
            asked += 1;
        }
    }
    assert!(asked > 150, "the document lists too few routes: {asked}");
    assert_eq!(clerk.view().await.unwrap()["state"], "first-review", "nothing happened");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_anything_without_a_token() {
    let anybody = Client::new(&cloud()).unwrap();
    let forged = anybody.with_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ6aGFuZ3NhbiJ9.");
    for (method, path) in routes() {
        let open = [
            "POST /captchas",
            "POST /sessions",
            "POST /sessions/refresh",
            "POST /passwords",
            "POST /passwords/forgotten",
            "POST /passwords/reset",
            "GET /certificates/verification/{token}",
            "GET /offices",
            "GET /offices/{office}/agencies",
            "POST /registration-images",
            "GET /registration-images/{upload}",
            "POST /registration-codes",
            "POST /registrations",
            "POST /registrations/status",
            "POST /registrations/correction",
        ];
        if open.contains(&format!("{method} {path}").as_str()) {
            continue;
        }
        for client in [&anybody, &forged] {
            let status = refused(client, &method, &path, ("e", "t", "u")).await;
            assert_eq!(status, 401, "{method} {path}");
        }
    }
}
