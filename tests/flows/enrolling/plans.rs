//! What reference data does to an enrolment: plans and self-check rules by version, subsidies by day.

use domain::account::Account;
use domain::enrolment::State;
use domain::ledger::{LedgerEvent, Side, total};
use domain::money::Fen;
use http::StatusCode;
use lambda::batch::Outcome;
use serde_json::{Value, json};

use super::{Bureau, refused, told};

const TODAY: &str = "2026-03-10";

/// A version of a plan at 36.00.
fn terms(version: &str) -> Value {
    json!({
        "version": version, "name": "在职职工重大疾病", "variant": "重大疾病(会费36元)", "kind": "critical",
        "fee_fen": 3600, "fee_high_risk_fen": 3600, "max_shares": 4, "term_months": 12, "age": [16, 60], "sex": "any",
        "participation": {"minimum_percent": 50, "all_below_staff": 30}, "waiting": {"none_until_day": 30},
        "benefits": [{"code": "severe", "claim_type": "重疾", "name": "重大疾病互助金", "formula": "lump-sum",
                      "per_share": 1_000_000, "tier": "full"}],
    })
}

impl Bureau {
    /// A request that must succeed.
    async fn done(&self, by: &Account, request: &str, seen: Option<u64>, body: Value) -> Value {
        let reply = self.ask(by, request, seen, body).await;
        assert!(reply.status.is_success(), "{request}: {}", told(&reply));
        reply.json().unwrap()
    }

    /// Publishes the first draft of a variant, or the next one, from today on.
    async fn publish(&self, code: &str, version: &str) {
        let admin = &self.world.sample.plan_admin;
        let known = self.ask(admin, &format!("GET /plan-variants/{code}"), None, json!({})).await;
        let drafted = if known.status == StatusCode::OK {
            let seen = known.json::<Value>().unwrap()["version"].as_u64();
            self.done(admin, &format!("POST /plan-variants/{code}/drafts"), seen, terms(version)).await
        } else {
            self.done(admin, "POST /plan-variants", None, json!({"code": code, "terms": terms(version)})).await
        };
        let publish = format!("POST /plan-variants/{code}/versions/{version}/publication");
        self.done(admin, &publish, drafted["version"].as_u64(), json!({"effective_from": TODAY})).await;
    }
}

#[tokio::test]
async fn an_enrolment_keeps_the_version_it_was_entered_with() {
    let b = Bureau::open().await;
    let handler = &b.world.sample.handler;
    let before = b.draft().await;
    b.publish("hospital-a", "2026").await;
    let offered = b.done(handler, "GET /plans", None, json!({})).await;
    let offer = offered.as_array().unwrap().iter().find(|plan| plan["code"] == "hospital-a").unwrap();
    assert_eq!((&offer["version"], &offer["fee_fen"]), (&json!("2026"), &json!(3600)));

    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    let put = format!("PUT /enrolments/{}/plans", before.id);
    let kept = b.done(handler, &put, Some(before.version), plans.clone()).await;
    assert_eq!(b.now(&before.id).lines[0].plan.version, "2025");
    let moved = json!({"plans": [{"code": "hospital-a", "version": "2026", "shares": 1}]});
    let moved = b.done(handler, &put, kept["version"].as_u64(), moved).await;
    assert_eq!(b.now(&before.id).lines[0].plan.fee, Fen::new(3600));
    let back = b.ask(handler, &put, moved["version"].as_u64(), plans).await;
    assert_eq!(back.json::<Value>().unwrap()["errors"][0]["code"], "PLAN_UNKNOWN", "it is not offered any more");
}

/// Rules: 25 × 95.00 = 2,375.00, subsidy 35.00 each = 875.00 → 1,500.00; with 25 × 36.00 = 900.00 → due 2,400.00.
#[tokio::test]
async fn the_worked_example_is_due_2400() {
    let b = Bureau::open().await;
    let sample = b.world.sample.clone();
    b.publish("critical-36", "2026").await;
    let relief = json!({
        "plan_code": "hospital-a", "rule": {"type": "fixed-per-member", "amount_fen": 3500}, "from": TODAY,
        "bearer": {"kind": "subsidy", "title": "陕西省总工会", "fund_source": "administrative-funds"},
    });
    b.done(&sample.office_plan_admin, "POST /offices/2602/reliefs", Some(0), relief).await;

    let handler = &sample.handler;
    let mut e = b.draft().await;
    let at = |rest: &str| format!("/enrolments/{}{rest}", e.id);
    let plans = json!({"plans": [
        {"code": "hospital-a", "version": "2025", "shares": 1}, {"code": "critical-36", "version": "2026", "shares": 1},
    ]});
    let headcount = |plan: &str| json!({"plan": plan, "ordinary": 25});
    for (request, body) in [
        (format!("PUT {}", at("/plans")), plans),
        (format!("PUT {}", at("/unnamed-members")), headcount("hospital-a")),
        (format!("PUT {}", at("/unnamed-members")), headcount("critical-36")),
        (format!("PUT {}", at("/details")), json!({"staff": 40, "female_staff": 20})),
        (format!("POST {}", at("/completion")), json!({})),
    ] {
        b.done(handler, &request, Some(b.now(&e.id).version), body).await;
    }
    let seen = b.done(&sample.first_reviewer, &format!("GET {}", at("")), None, json!({})).await;
    let amounts = ["contribution_fen", "subsidy_fen", "gifted_fen", "amount_due_fen"].map(|name| seen[name].clone());
    assert_eq!(amounts, [327_500, 87_500, 0, 240_000].map(|fen| json!(fen)), "the reviewer sees them");
    assert_eq!((&seen["plans"][0]["due_fen"], &seen["plans"][1]["due_fen"]), (&json!(150_000), &json!(90_000)));
    assert_eq!(seen["plans"][0]["borne"][0]["bearer_title"], "陕西省总工会");

    // The subsidy ends; what was reckoned stands.
    let reliefs = b.done(&sample.office_plan_admin, "GET /offices/2602/reliefs", None, json!({})).await;
    let end = format!("POST /offices/2602/reliefs/{}/end", reliefs["reliefs"][0]["id"].as_str().unwrap());
    b.done(&sample.office_plan_admin, &end, Some(1), json!({"last_day": TODAY})).await;
    b.world.clock.advance(jiff::SignedDuration::from_hours(24));

    for (reviewer, body) in [
        (&sample.first_reviewer, json!({"conclusion": "approve"})),
        (&sample.second_reviewer, json!({"conclusion": "approve", "final_review": false})),
    ] {
        let task = b.now(&e.id).task.unwrap();
        b.done(reviewer, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
        b.done(reviewer, &format!("POST {}", at("/reviews")), Some(b.now(&e.id).version), body).await;
    }
    let entries = b.world.store.inner().ledger_entries();
    let told: Vec<_> =
        entries.iter().map(|entry| (entry.event, total(&entry.postings, Side::Debit).unwrap().fen())).collect();
    assert_eq!(told, [(LedgerEvent::ContributionDue, 327_500), (LedgerEvent::SubsidyGranted, 87_500)]);

    let receipt = |plan: &str, price_fen: u32| {
        json!({
            "fund_source": "union-funds", "payer_title": "岐山机械厂工会委员会", "tax_number_type": "none",
            "channel": "transfer", "payer_email": "union@example.com",
            "items": [{"plan_code": plan, "occupation": "ordinary", "persons": 25, "price_fen": price_fen}],
        })
    };
    let add = format!("POST {}", at("/receipts"));
    let over = b.ask(handler, &add, Some(b.now(&e.id).version), receipt("hospital-a", 9500)).await;
    assert_eq!(over.json::<Value>().unwrap()["errors"][0]["code"], "RECEIPT_OVER_DUE");
    for (plan, price) in [("hospital-a", 6000), ("critical-36", 3600)] {
        b.done(handler, &add, Some(b.now(&e.id).version), receipt(plan, price)).await;
    }
    let entered = b.done(handler, &format!("GET {}", at("/receipts")), None, json!({})).await;
    assert_eq!((&entered["subsidy_fen"], &entered["amount_due_fen"]), (&json!(87_500), &json!(240_000)));
    assert_eq!(
        (&entered["borne"][0]["plan_code"], &entered["remaining"][0]["remaining_fen"]),
        (&json!("hospital-a"), &json!(0))
    );
    b.done(handler, &format!("POST {}", at("/notice/prints")), Some(b.now(&e.id).version), json!({})).await;
    assert!(b.render().await.contains(&Outcome::Done), "the notice with its subsidy");
    b.done(handler, &format!("POST {}", at("/receipts/submission")), Some(b.now(&e.id).version), json!({})).await;

    e = b.now(&e.id);
    let task = e.task.clone().unwrap();
    b.done(&sample.finance, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
    let arrived = |amount_fen: i64| json!({"arrived_on": TODAY, "amount_fen": amount_fen, "channel": "transfer", "bank_reference": "B-1"});
    let pay = format!("POST /enrolments/{}/payment", e.id);
    let whole = b.ask(&sample.finance, &pay, Some(e.version), arrived(327_500)).await;
    assert_eq!(refused(&whole), (422, "INVALID".to_owned()));
    b.done(&sample.finance, &pay, Some(e.version), arrived(240_000)).await;
    assert_eq!(b.now(&e.id).state, State::AwaitingPrint);
    let listed = b.done(handler, "GET /enrolments", None, json!({})).await;
    let row = &listed["items"][0];
    assert_eq!(
        (&row["contribution_fen"], &row["subsidy_fen"], &row["amount_due_fen"]),
        (&json!(327_500), &json!(87_500), &json!(240_000))
    );
}

#[tokio::test]
async fn a_stored_result_names_the_rules_that_made_it() {
    let b = Bureau::open().await;
    let (admin, handler) = (&b.world.sample.plan_admin, &b.world.sample.handler);
    let rules = json!({"version": "2026-1", "rules": ["over-age"]});
    b.done(admin, "POST /self-check-rules/drafts", Some(0), rules).await;
    let publish = "POST /self-check-rules/versions/2026-1/publication";
    b.done(admin, publish, Some(1), json!({"effective_from": TODAY})).await;
    let e = b.draft().await;
    let unnamed = format!("PUT /enrolments/{}/unnamed-members", e.id);
    b.done(handler, &unnamed, Some(e.version), json!({"plan": "hospital-a", "ordinary": 1})).await;
    // One of ten takes part: the rule that would say so does not run, and blocks nothing either way.
    let complete = format!("POST /enrolments/{}/completion", e.id);
    b.done(handler, &complete, Some(e.version + 1), json!({})).await;
    let found = b.now(&e.id).self_check.unwrap();
    assert_eq!((found.version.as_str(), found.findings.len(), found.passed()), ("2026-1", 1, true));
}
