//! The branches that the main job does not take, on one more enrolment: a restricted person, rows corrected in place,
//! returns from every level, cover that began long ago, receipts returned, voided and issued again, the auditor looking it all up, a scan sent back, and
//! at last its renewal. It ends in the same checks.

mod auditing;
mod drafting;
mod money;
mod renewal;
mod reviewing;

use anyhow::{Context, Result, ensure};
use domain::ledger::{Side, total};
use domain::money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::{Cast, Story};
use crate::clerk::Clerk;
use crate::client::{Client, Reply};
use crate::cloud::Cloud;
use crate::operator::Operator;
use aws::world::SystemClock;
use workflow::ports::Clock;

/// The plan of these branches: up to four shares a member, 20.00 each.
const PLAN: &str = "accident-20";
/// Shares of each member.
const SHARES: u64 = 2;
/// Fee of one share, in fen.
const FEE_FEN: i64 = 2_000;

/// Takes every branch; `seed` makes the people of this run.
pub async fn enrolment(cloud: &Cloud, story: &mut Story, seed: u32) -> Result<()> {
    let operator = Operator::of(cloud).await;
    let cast = Cast::sign_in(cloud).await?;
    let clerk = drafting::draft(&cast, story, seed).await?;
    drafting::withdraw(&cast, story).await?;
    reviewing::pools(&cast, &clerk, story).await?;
    let began = today().checked_sub(330.days())?;
    reviewing::returns(&cast, &clerk, story, began).await?;
    let due = money::receipts(&cast, &clerk, story).await?;
    money::payment(&cast, &operator, &clerk, story, due).await?;
    money::books(&cast, &clerk, story, due).await?;
    auditing::search(&cast, &clerk, story).await?;
    renewal::certificate(&cast, &operator, &clerk, story).await?;
    renewal::unexpired(&cast, story, seed).await?;
    let renewed = renewal::renew(&cast, &clerk, story, began).await?;
    let dead = operator.settle().await?;
    ensure!(dead.is_empty(), "dead letters: {dead:?}");
    // Due, received, receipted; both receipts voided and issued again, and one of them, half of it all, once more.
    balance(&operator, &clerk, story, 6 * due).await?;
    balance(&operator, &renewed, story, 0).await
}

/// The business day.
fn today() -> Date {
    SystemClock.today()
}

/// A draft of the plan, its headcounts given.
async fn open(client: &Client, shares: u64) -> Result<Clerk> {
    let clerk = Clerk::open(client).await?;
    let plans = json!({"plans": [{"code": PLAN, "version": "2025", "shares": shares}]});
    clerk.act(Method::PUT, "/plans", plans).await?;
    clerk.act(Method::PUT, "/details", json!({"staff": 20, "female_staff": 8, "remark": ""})).await?;
    Ok(clerk)
}

/// A command that keeps its answer and concerns no version.
async fn send(client: &Client, path: &str, body: Value) -> Result<Reply> {
    client.send(Method::POST, path, Some(&client.key()), None, Some(&body)).await
}

/// The plan's line of an enrolment.
async fn line(clerk: &Clerk) -> Result<Value> {
    Ok(clerk.view().await?["plans"][0].clone())
}

/// Acquires and approves.
async fn approve(clerk: &Clerk, client: &Client, more: Value) -> Result<String> {
    let mut body = json!({"conclusion": "approve", "opinion": "同意"});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    clerk.seen_by(client).review(body).await
}

/// Every entry balances, and their debits are what they should be.
async fn balance(operator: &Operator, clerk: &Clerk, story: &mut Story, debits_fen: i64) -> Result<()> {
    let entries = operator.ledger(&clerk.id).await?;
    for entry in &entries {
        let sides = (total(&entry.postings, Side::Debit), total(&entry.postings, Side::Credit));
        ensure!(sides.0.is_some() && sides.0 == sides.1, "an entry does not balance: {entry:?}");
    }
    let debits = Fen::sum(entries.iter().filter_map(|entry| total(&entry.postings, Side::Debit)));
    let debits = debits.context("the debits are beyond 64 bits")?;
    ensure!(debits.fen() == debits_fen, "the ledger has {debits:?}, expected {debits_fen}");
    if entries.is_empty() {
        story.tell("账务核对：续保单尚未审核，没有任何分录");
        return Ok(());
    }
    story.tell(format!("账务核对：{}笔分录借贷相等，合计{}元，分文不差", entries.len(), debits.grouped()));
    Ok(())
}
