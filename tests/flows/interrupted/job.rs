//! The main job, from a draft to the archive, by the accounts whose task each step is.

use domain::account::Account;
use http::Method;
use serde_json::{Value, json};
use testing::sample::Organisation;

use super::platform::Platform;

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n李四,370202198511304561,,高危职业\n\
                      王五,110101199003071234,,\n";

/// Somebody at the enrolment.
pub struct Seat<'a> {
    /// The platform.
    pub platform: &'a mut Platform,
    /// The enrolment.
    pub id: String,
    /// Everybody else.
    pub sample: Organisation,
    /// The unit's handler.
    pub handler: Account,
}

impl Seat<'_> {
    pub async fn view(&mut self, by: &Account) -> Value {
        let path = format!("/enrolments/{}", self.id);
        self.platform.ask(by, Method::GET, &path, None, Value::Null).await
    }

    /// Something of the enrolment.
    pub async fn look(&mut self, by: &Account, rest: &str) -> Value {
        let path = format!("/enrolments/{}{rest}", self.id);
        self.platform.ask(by, Method::GET, &path, None, Value::Null).await
    }

    /// A command about the version as it stands; answers the state.
    pub async fn act(&mut self, by: &Account, method: Method, rest: &str, body: Value) -> String {
        let version = self.view(by).await["version"].as_u64();
        let path = format!("/enrolments/{}{rest}", self.id);
        let outcome = self.platform.ask(by, method, &path, version, body).await;
        outcome["state"].as_str().unwrap_or_default().to_owned()
    }

    async fn acquire(&mut self, by: &Account) {
        let task = self.view(by).await["task"].as_str().unwrap().to_owned();
        self.platform.ask(by, Method::POST, &format!("/tasks/{task}/acquisition"), None, json!({})).await;
    }

    async fn review(&mut self, by: &Account, body: Value) -> String {
        self.acquire(by).await;
        self.act(by, Method::POST, "/reviews", body).await
    }

    /// All three levels approve.
    pub async fn approve(&mut self) {
        let approve = |final_review| json!({"conclusion": "approve", "opinion": "同意", "final_review": final_review});
        let sample = self.sample.clone();
        for (reviewer, final_review) in
            [(&sample.first_reviewer, false), (&sample.second_reviewer, true), (&sample.final_reviewer, false)]
        {
            self.review(reviewer, approve(final_review)).await;
        }
        self.platform.settle().await;
    }

    async fn upload(&mut self, by: &Account, purpose: &str, name: &str, file: &[u8]) -> String {
        let id = self.id.clone();
        self.platform.upload(by, purpose, &id, name, file).await
    }
}

/// Walks the job.
pub async fn walk(platform: &mut Platform) {
    let mut seat = begin(platform).await;
    pay(&mut seat).await;
    archive(&mut seat).await;
    seat.platform.settle_by_timetable().await;
}

/// Walks the job up to the last review.
pub async fn begin(platform: &mut Platform) -> Seat<'_> {
    let sample = platform.world.sample.clone();
    let mut handler = sample.handler.clone();
    handler.sealed_mobile = Some(workflow::texts::seal(&platform.world.cipher, &handler.id, "13800000000"));
    platform.world.store.inner().with_account(handler.clone(), "");
    let draft = platform.ask(&handler, Method::POST, "/enrolments", None, json!({})).await;
    let mut seat = Seat { id: draft["id"].as_str().unwrap().to_owned(), platform, sample, handler };
    enter(&mut seat).await;
    review(&mut seat).await;
    seat
}

async fn enter(seat: &mut Seat<'_>) {
    let handler = &seat.handler.clone();
    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    seat.act(handler, Method::PUT, "/plans", plans).await;
    seat.upload(handler, "roster", "名单.csv", ROSTER.as_bytes()).await;
    let attachment = seat.upload(handler, "enrolment-attachment", "执照.png", &tests::files::photo().unwrap()).await;
    seat.act(handler, Method::POST, "/attachments", json!({"upload": attachment})).await;
    seat.act(handler, Method::PUT, "/unnamed-members", json!({"plan": "hospital-a", "ordinary": 10})).await;
    seat.act(handler, Method::PUT, "/details", json!({"staff": 12, "female_staff": 5})).await;
    assert_eq!(seat.act(handler, Method::POST, "/completion", json!({})).await, "first-review");
}

async fn review(seat: &mut Seat<'_>) {
    let (handler, sample) = (&seat.handler.clone(), seat.sample.clone());
    let back = json!({"conclusion": "return", "opinion": "女职工人数有误"});
    assert_eq!(seat.review(&sample.first_reviewer, back).await, "drafting");
    seat.platform.settle().await;
    seat.act(handler, Method::PUT, "/details", json!({"staff": 12, "female_staff": 6})).await;
    seat.act(handler, Method::POST, "/completion", json!({})).await;
    seat.approve().await;
}

/// Receipt entry and payment.
pub async fn pay(seat: &mut Seat<'_>) {
    let (handler, sample) = (&seat.handler.clone(), seat.sample.clone());
    let item = |occupation, persons| json!({"plan_code": "hospital-a", "occupation": occupation, "persons": persons, "price_fen": 9_500});
    let receipt = json!({
        "fund_source": "union-funds", "payer_title": "岐山机械厂工会委员会", "tax_number_type": "none",
        "channel": "transfer", "payer_email": "union@example.com", "items": [item("ordinary", 11), item("high-risk", 1)],
    });
    seat.act(handler, Method::POST, "/receipts", receipt).await;
    assert_eq!(seat.act(handler, Method::POST, "/receipts/submission", json!({})).await, "awaiting-payment");
    seat.acquire(&sample.finance).await;
    let arrived = json!({"arrived_on": "2026-01-05", "amount_fen": 12 * 9_500, "channel": "transfer",
                         "bank_reference": "BANK-0001", "remark": ""});
    assert_eq!(seat.act(&sample.finance, Method::POST, "/payment", arrived).await, "awaiting-print");
    seat.platform.settle().await;
}

/// Finance voids the receipt and issues it again, made out as it should have been.
pub async fn amend(seat: &mut Seat<'_>) {
    let finance = &seat.sample.finance.clone();
    let receipts = seat.look(finance, "/receipts").await;
    let wrong = receipts["receipts"][0]["id"].as_str().unwrap().to_owned();
    seat.act(finance, Method::POST, &format!("/receipts/{wrong}/void"), json!({"reason": "抬头有误"})).await;
    let made_out = json!({
        "payer_title": "岐山县机械厂工会委员会", "tax_number_type": "none", "payer_email": "treasurer@example.com",
    });
    seat.act(finance, Method::POST, &format!("/receipts/{wrong}/reissue"), made_out).await;
    seat.platform.settle().await;
}

async fn archive(seat: &mut Seat<'_>) {
    let (handler, sample) = (&seat.handler.clone(), seat.sample.clone());
    let printed = json!({"roster_confirmed": true});
    seat.act(handler, Method::POST, "/certificate/prints", printed).await;
    let scan = seat.upload(handler, "certificate-scan", "扫描件.pdf", &tests::files::pdf()).await;
    seat.act(handler, Method::PUT, "/certificate/scan", json!({"upload": scan})).await;
    seat.acquire(&sample.archivist).await;
    let pass = json!({"conclusion": "pass", "note": "盖章齐全"});
    assert_eq!(seat.act(&sample.archivist, Method::POST, "/certificate/archive", pass).await, "completed");
}
