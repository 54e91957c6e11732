//! A small enrolment in the shortest way to its end, with paid cover: what mergers and handovers have to bring along.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::Cast;
use crate::clerk::Clerk;
use crate::client::Client;
use crate::files;
use crate::walk::{item, number, receipt};

/// The plan, at 95.00 for everybody.
const PLAN: &str = "hospital-a";
const FEE_FEN: i64 = 9_500;
/// Its members.
const MEMBERS: u32 = 5;

/// An enrolment that is paid.
pub struct Paid {
    /// Its handler.
    pub clerk: Clerk,
    /// 申请书号
    pub number: String,
}

impl Paid {
    /// Whether its payment is among those of a place, `unit=…` or `node=…`.
    pub async fn is_booked_at(&self, finance: &Client, place: &str) -> Result<bool> {
        let address = format!("/payments?application_number={}&{place}", self.number);
        let payments = finance.get(&address).await?.ok()?;
        let items = payments["items"].as_array().context("no payments")?;
        Ok(items.iter().any(|payment| payment["enrolment"] == self.clerk.id.as_str()))
    }
}

/// The handler's unit enrols a few people of this seed, who are covered when it is done.
pub async fn covered(cast: &Cast, handler: &Client, seed: u32) -> Result<Paid> {
    let clerk = Clerk::open(handler).await?;
    let plans = json!({"plans": [{"code": PLAN, "version": "2025", "shares": 1}]});
    clerk.act(Method::PUT, "/plans", plans).await?;
    clerk.act(Method::PUT, "/details", json!({"staff": MEMBERS, "female_staff": 2})).await?;
    let people: Vec<(String, String)> = (0..MEMBERS).map(|n| files::person(seed, n)).collect();
    let batch = clerk.import(&[PLAN], "清单.csv", files::csv(&people)).await?;
    ensure!(batch["outcome"]["succeeded"] == MEMBERS, "{batch}");
    clerk.act(Method::POST, "/completion", json!({})).await?;
    for reviewer in [&cast.first, &cast.second] {
        let approve = json!({"conclusion": "approve", "opinion": "同意", "final_review": false});
        clerk.seen_by(reviewer).review(approve).await?;
    }
    let items = vec![item(PLAN, "ordinary", u64::from(MEMBERS), FEE_FEN)];
    clerk.act(Method::POST, "/receipts", receipt("union-funds", "union@example.com", items)).await?;
    clerk.act(Method::POST, "/receipts/submission", json!({})).await?;
    let due = clerk.view().await?["amount_due_fen"].as_i64().context("no amount due")?;
    let finance = clerk.seen_by(&cast.finance);
    finance.acquire().await?.ok()?;
    let arrived = json!({"arrived_on": "2026-01-05", "amount_fen": due, "channel": "transfer",
                         "bank_reference": "BANK-0001", "remark": ""});
    finance.act(Method::POST, "/payment", arrived).await?;
    let written = |view: &Value| (view["plans"][0]["covered"] == MEMBERS).then_some(());
    clerk.client.wait(&clerk.path(""), "cover to be written", written).await?;
    archived(cast, &clerk).await?;
    let number = number(&clerk).await?;
    Ok(Paid { clerk, number })
}

/// Prints the certificate, hands its scan in and archives it.
async fn archived(cast: &Cast, clerk: &Clerk) -> Result<()> {
    let rendered = |view: &Value| view["certificate"]["rendered"].as_bool()?.then_some(());
    clerk.client.wait(&clerk.path(""), "the certificate to be rendered", rendered).await?;
    clerk.act(Method::POST, "/certificate/prints", json!({"roster_confirmed": true})).await?;
    let scan = clerk.upload("certificate-scan", &[], "扫描件.pdf", files::pdf()).await?;
    clerk.act(Method::PUT, "/certificate/scan", json!({"upload": scan["upload"]})).await?;
    let archivist = clerk.seen_by(&cast.archivist);
    archivist.acquire().await?.ok()?;
    let pass = json!({"conclusion": "pass", "note": "盖章齐全"});
    let state = archivist.act(Method::POST, "/certificate/archive", pass).await?;
    ensure!(state == "completed", "{state}");
    Ok(())
}
