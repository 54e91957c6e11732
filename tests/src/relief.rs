//! A subsidised plan and a dry run of the self-check: the worked example of the rules, end to end over HTTP, with plan
//! variants of its own, so that nobody else's enrolments are subsidised.
//!
//! 25 members at 95.00 = 2,375.00, of which a subsidy bears 35.00 each = 875.00; with another plan of 25 at 36.00 =
//! 900.00, 2,400.00 are due.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::ledger::{LedgerAccount, LedgerEntry, Posting, Side, total};
use domain::money::Fen;
use reqwest::Method;
use serde_json::{Value, json};
use workflow::ports::business_date;

use crate::cast::Story;
use crate::clerk::Clerk;
use crate::client::{Client, Reply};
use crate::cloud::Cloud;
use crate::files;
use crate::operator::Operator;
use crate::walk::text;

/// Members of each plan.
const MEMBERS: u32 = 25;
/// The subsidised plan, at 95.00, and the other one, at 36.00: variants of this walk alone.
const PLANS: [(&str, u32); 2] = [("walk-95", 9_500), ("walk-36", 3_600)];
/// Who bears the subsidy.
const BEARER: &str = "陕西省总工会";
/// How long the payment notice may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// Everybody who takes part.
struct Cast {
    headquarters: Client,
    office: Client,
    handler: Client,
    first: Client,
    second: Client,
}

/// Somebody at reference data: reads the version and changes that.
async fn change(client: &Client, whole: &str, method: Method, path: &str, body: &Value) -> Result<Reply> {
    // Another walk may be at the same data.
    for _ in 0..10 {
        let version = client.get(whole).await?.ok()?["version"].as_u64().context("no version")?;
        let reply = client.send(method.clone(), path, Some(&client.key()), Some(version), Some(body)).await?;
        if ![409, 412].contains(&reply.status) {
            return Ok(reply);
        }
    }
    bail!("{path} kept changing")
}

/// Walks the example at the office of a sample unit.
pub async fn walk(cloud: &Cloud, story: &mut Story) -> Result<()> {
    let client = Client::new(cloud)?;
    let cast = Cast {
        headquarters: client.sign_in("tanghuodong").await?,
        office: client.sign_in("fanhuodong").await?,
        handler: client.sign_in("sunliu").await?,
        first: client.sign_in("wangchushen").await?,
        second: client.sign_in("chenfushen").await?,
    };
    let clerk = Clerk::open(&cast.handler).await?;
    // The platform's own day: it decides what may begin today.
    let created = clerk.view().await?["created_at"].as_str().context("no instant")?.parse()?;
    let today = business_date(created).to_string();
    for plan in PLANS {
        publish(&cast, story, plan, &today).await?;
    }
    grant(&cast, story, &today).await?;
    complete(&clerk, story).await?;
    dry_run(&cast, &clerk, story).await?;
    approve(&cast, &clerk, story).await?;
    ledger(cloud, &clerk, story).await?;
    receipts(&clerk, story).await
}

/// Publishes a plan, unless an earlier walk has.
async fn publish(cast: &Cast, story: &mut Story, (code, fee_fen): (&str, u32), today: &str) -> Result<()> {
    let admin = &cast.headquarters;
    let whole = format!("/plan-variants/{code}");
    if admin.get(&whole).await?.status == 200 {
        return Ok(());
    }
    let terms = json!({
        "version": "2026", "name": "在职职工重大疾病互助保障活动", "variant": format!("重大疾病(会费{}元)", fee_fen / 100),
        "kind": "critical", "fee_fen": fee_fen, "fee_high_risk_fen": fee_fen, "max_shares": 4, "term_months": 12,
        "age": [16, 60], "sex": "any", "participation": {"minimum_percent": 50, "all_below_staff": 30},
        "waiting": {"none_until_day": 30, "consolation_until_day": 60},
        "benefits": [{"code": "severe", "claim_type": "重疾", "name": "重大疾病互助金", "formula": "lump-sum",
                      "per_share": 1_000_000, "tier": "full"}],
    });
    let mut broken = terms.clone();
    (broken["fee_fen"], broken["benefits"][0]["per_share"]) = (json!(0), json!(0));
    let refused = open(admin, code, broken).await?;
    let wrong = refused.json()["errors"].as_array().map_or(0, Vec::len);
    ensure!(refused.status == 422 && wrong == 2, "{}", refused.text);
    open(admin, code, terms).await?.ok()?;
    let trial = json!({"sample": {"ordinary": MEMBERS, "shares": 1, "staff": 40}});
    let trial = admin.post(&format!("{whole}/versions/2026/trial"), &trial).await?.ok()?;
    ensure!(trial["tried"]["contribution_fen"] == MEMBERS * fee_fen, "{trial}");
    let publish = format!("{whole}/versions/2026/publication");
    change(admin, &whole, Method::POST, &publish, &json!({"effective_from": today})).await?.ok()?;
    let tried = Fen::new(i64::from(MEMBERS * fee_fen)).grouped();
    story.tell(format!("总会新建保障活动细类 {code}（{wrong}处错误一次列出），草稿试算{MEMBERS}人{tried}元，发布生效"));
    Ok(())
}

async fn open(admin: &Client, code: &str, terms: Value) -> Result<Reply> {
    let new = json!({"code": code, "terms": terms});
    admin.send(Method::POST, "/plan-variants", Some(&admin.key()), None, Some(&new)).await
}

/// Grants 35.00 for each member, unless an earlier walk of today has.
async fn grant(cast: &Cast, story: &mut Story, today: &str) -> Result<()> {
    let whole = "/offices/2602/reliefs";
    let bearer = json!({"kind": "subsidy", "title": BEARER, "tax_number": "81370200MC7654321U",
                        "fund_source": "administrative-funds"});
    let relief = json!({"plan_code": PLANS[0].0, "rule": {"type": "fixed-per-member", "amount_fen": 3_500},
                        "bearer": bearer, "from": today});
    let tried = cast.office.post(&format!("{whole}/trial"), &json!({"grant": relief})).await?;
    let reply = change(&cast.office, whole, Method::POST, whole, &relief).await?;
    ensure!(tried.status == 422 || due_of_the_first(&tried.json()) == json!(150_000), "{}", tried.text);
    ensure!(reply.status == 201 || reply.json()["errors"][0]["code"] == "RELIEF_OVERLAPS", "{}", reply.text);
    let granted = cast.office.get(whole).await?.ok()?;
    let ours = |relief: &Value| relief["bearer"]["title"] == BEARER && relief["applies_today"] == true;
    ensure!(granted["reliefs"].as_array().is_some_and(|all| all.iter().any(ours)), "{granted}");
    let tried = if tried.status == 200 { "；录入前试算25人应付由2,375.00元减至1,500.00元" } else { "" };
    story.tell(format!("办事处录入补贴：{BEARER}每人35.00元{tried}"));
    Ok(())
}

/// What the first sample enrolment would pay: 25 members with a share each.
fn due_of_the_first(tried: &Value) -> Value {
    tried["cases"][0]["after"]["due_fen"].clone()
}

async fn complete(clerk: &Clerk, story: &mut Story) -> Result<()> {
    let plans = PLANS.map(|(code, _)| json!({"code": code, "version": "2026", "shares": 1}));
    clerk.act(Method::PUT, "/plans", json!({"plans": plans})).await?;
    clerk.act(Method::PUT, "/details", json!({"staff": 40, "female_staff": 20})).await?;
    for (plan, _) in PLANS {
        clerk.act(Method::PUT, "/unnamed-members", json!({"plan": plan, "ordinary": MEMBERS})).await?;
    }
    clerk.act(Method::POST, "/completion", json!({})).await?;
    let view = clerk.view().await?;
    let amounts = ["contribution_fen", "subsidy_fen", "gifted_fen", "amount_due_fen"].map(|name| view[name].clone());
    ensure!(amounts == [327_500, 87_500, 0, 240_000].map(|fen| json!(fen)), "{amounts:?}");
    ensure!(view["plans"][0]["due_fen"] == 150_000, "{view}");
    story.tell("完成录入：会费3,275.00元，补贴875.00元，应付2,400.00元");
    Ok(())
}

/// Rules that ask more of this office find what the stored ones did not; nothing is changed.
async fn dry_run(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let admin = &cast.headquarters;
    let whole = "/self-check-rules";
    let key = admin.key();
    let version = format!("t{}", key.get(key.len().saturating_sub(12)..).unwrap_or_default());
    let rules = json!({"version": version, "rules": ["participation"],
                       "participation": [{"office": "2602", "minimum_percent": 90, "all_below_staff": 0}]});
    change(admin, whole, Method::POST, "/self-check-rules/drafts", &rules).await?.ok()?;
    let before = clerk.view().await?;
    let trial = format!("/self-check-rules/versions/{version}/trial");
    let tried = admin.post(&trial, &json!({"enrolment": clerk.id})).await?.ok()?;
    ensure!(clerk.view().await? == before, "a dry run changes nothing");
    let row = tried["rules"].as_array().into_iter().flatten().find(|row| row["rule"] == "participation");
    let row = row.context("no participation")?;
    ensure!(row["stored"] == true && row["tried"] == false, "{tried}");
    let effect = admin.get(&format!("/self-check-rules/versions/{version}/effect")).await?.ok()?;
    let (cases, changed) = (effect["cases"].as_u64(), effect["changed"].as_u64());
    ensure!(changed.is_some_and(|changed| changed > 0 && changed <= cases.unwrap_or(0)), "{effect}");
    let discard = format!("/self-check-rules/drafts/{version}");
    change(admin, whole, Method::DELETE, &discard, &json!({})).await?.ok()?;
    story.tell(format!(
        "自核规则草稿试运行：参保率{}%，现行规则{}通过，草稿（最低90%）不通过；参保单没有任何变化；{}个样例中{}个有变化",
        before["plans"][0]["participation_percent"],
        text(&tried["stored"]["version"]),
        cases.unwrap_or(0),
        changed.unwrap_or(0)
    ));
    Ok(())
}

async fn approve(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<()> {
    clerk.seen_by(&cast.first).review(json!({"conclusion": "approve", "opinion": "同意"})).await?;
    let second = json!({"conclusion": "approve", "opinion": "同意", "final_review": false});
    let state = clerk.seen_by(&cast.second).review(second).await?;
    ensure!(state == "invoicing", "{state}");
    clerk.act(Method::POST, "/notice/prints", json!({})).await?;
    let notice = notice(clerk).await?;
    story.keep("notice.pdf", &notice)?;
    let text = files::text_of(&notice)?;
    for part in [BEARER, "875.00", "2,400.00", "贰仟肆佰元整"] {
        ensure!(text.contains(part), "{part} is not on the payment notice:\n{text}");
    }
    story.tell("审核通过；缴费通知单列明补贴875.00元，应缴贰仟肆佰元整 → notice.pdf");
    Ok(())
}

/// What the bearer owes is owed by the unit no more.
async fn ledger(cloud: &Cloud, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let entries = Operator::of(cloud).await.ledger(&clerk.id).await?;
    let balanced = |entry: &LedgerEntry| total(&entry.postings, Side::Debit) == total(&entry.postings, Side::Credit);
    ensure!(entries.len() == 2 && entries.iter().all(balanced), "{entries:?}");
    let borne = |posting: &&Posting| posting.account == LedgerAccount::SubsidyReceivable && posting.side == Side::Debit;
    let borne = Fen::sum(entries.iter().flat_map(|entry| &entry.postings).filter(borne).map(|posting| posting.amount));
    ensure!(borne == Some(Fen::new(87_500)), "{entries:?}");
    story.tell("账务：应收会费3,275.00元入账，其中875.00元转为应收补贴，借贷相等");
    Ok(())
}

/// The payment notice, once it is rendered.
async fn notice(clerk: &Clerk) -> Result<Vec<u8>> {
    let started = Instant::now();
    loop {
        let reply = clerk.client.get(&clerk.path("/notice")).await?;
        if reply.status == 200 {
            return clerk.client.download(reply.json()["url"].as_str().context("no link")?).await;
        }
        ensure!(started.elapsed() < PATIENCE && reply.json()["code"] == "NOTICE_NOT_RENDERED", "{}", reply.text);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// What others bear cannot be receipted to the unit.
async fn receipts(clerk: &Clerk, story: &mut Story) -> Result<()> {
    let receipt = |plan: &str, price_fen: u32| {
        json!({
            "fund_source": "union-funds", "payer_title": "岐山县中心小学工会委员会", "tax_number_type": "none",
            "channel": "transfer", "payer_email": "union@example.com",
            "items": [{"plan_code": plan, "occupation": "ordinary", "persons": MEMBERS, "price_fen": price_fen}],
        })
    };
    let [(subsidised, fee), (other, other_fee)] = PLANS;
    let whole = clerk.command(Method::POST, "/receipts", receipt(subsidised, fee)).await?;
    ensure!(whole.json()["errors"][0]["code"] == "RECEIPT_OVER_DUE", "{}", whole.text);
    clerk.act(Method::POST, "/receipts", receipt(subsidised, fee - 3_500)).await?;
    clerk.act(Method::POST, "/receipts", receipt(other, other_fee)).await?;
    let entered = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
    ensure!(entered["subsidy_fen"] == 87_500 && entered["amount_due_fen"] == 240_000, "{entered}");
    ensure!(entered["borne"][0]["borne"][0]["bearer_title"] == BEARER, "{entered}");
    let state = clerk.act(Method::POST, "/receipts/submission", json!({})).await?;
    story.tell(format!("开票25×60.00元＋25×36.00元，剩余0，提交 → {state}；按全额开票的一次被拒绝"));
    Ok(())
}
