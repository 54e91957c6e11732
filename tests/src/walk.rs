//! The main job, from a clerk's disk to cover: enrolment of two plans from real workbooks, returned once, reviewed at
//! three levels, two receipts from two funds, payment, certificate, archive. Every step is told as it happens.

use anyhow::{Context, Result, ensure};
use domain::ledger::{Side, total};
use domain::money::Fen;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::{Cast, Story};
use crate::clerk::Clerk;
use crate::cloud::Cloud;
use crate::files::{self, Maker, Peer};
use crate::operator::Operator;
use crate::relief;

/// People in the first roster: more than a thousand, so that every kind of bad row comes up.
const PEOPLE: u32 = 1_600;
/// People in the second roster.
const DRIVERS: u32 = 300;
/// Staff of the unit, and women among them.
const STAFF: (u32, u32) = (2_000, 900);

/// Walks the main job; `seed` makes the people of this run.
pub async fn enrolment(cloud: &Cloud, story: &mut Story, seed: u32) -> Result<()> {
    let operator = Operator::of(cloud).await;
    let cast = Cast::sign_in(cloud).await?;
    story.tell("九个账号登录：单位经办人、单位管理、两名初审、复审、终审、财务、归档、主管");
    let clerk = draft(&cast, story, seed).await?;
    reviews(&cast, &clerk, story).await?;
    let due = receipts(&clerk, story).await?;
    payment(&cast, &operator, &clerk, story, due).await?;
    certificate(&cast, &clerk, story).await?;
    balance(&operator, &clerk, story, due).await?;
    messages(&operator, &clerk, story).await?;
    relief::walk(cloud, story).await
}

async fn draft(cast: &Cast, story: &mut Story, seed: u32) -> Result<Clerk> {
    let templates = cast.handler.get("/roster-templates").await?.ok()?;
    let url = templates[0]["url"].as_str().context("no template")?;
    story.keep("template.xlsx", &cast.handler.download(url).await?)?;
    story.tell("下载模板 → template.xlsx");

    let clerk = Clerk::open(&cast.handler).await?;
    let plans = json!({"plans": [
        {"code": "hospital-a", "version": "2025", "shares": 1},
        {"code": "accident-20", "version": "2025", "shares": 2},
    ]});
    clerk.act(Method::PUT, "/plans", plans).await?;
    let details = json!({"staff": STAFF.0, "female_staff": STAFF.1, "remark": "年度参保"});
    clerk.act(Method::PUT, "/details", details).await?;
    story.tell(format!("新建参保单 {}，两个保障活动", number(&clerk).await?));

    import(&clerk, story, "hospital-a", Maker::Openpyxl, files::roster(Maker::Openpyxl, PEOPLE, seed)?).await?;
    let failed = clerk.file("failed-rows").await?;
    story.keep("failed-rows.xlsx", &failed)?;
    let corrected = files::corrected(&failed, seed)?;
    let batch = clerk.import(&["hospital-a"], "失败人员名单.xlsx", corrected.clone()).await?;
    let outcome = &batch["outcome"];
    ensure!(outcome["failed"] == 0, "the corrected rows must import: {outcome}");
    story.tell(format!("改正失败人员名单并重新导入：成功{}人", outcome["succeeded"]));
    let again = clerk.import(&["hospital-a"], "失败人员名单.xlsx", corrected).await?;
    ensure!(again["outcome"]["succeeded"] == 0, "the same file again must add nobody: {again}");
    story.tell(format!("同一文件再次导入：{}行全部提示已在名单中", again["outcome"]["failed"]));
    import(&clerk, story, "accident-20", Maker::Exceljs, files::roster(Maker::Exceljs, DRIVERS, seed)?).await?;
    story.keep("roster.xlsx", &clerk.file("roster").await?)?;

    let missing = clerk.command(Method::POST, "/completion", json!({})).await?;
    ensure!(missing.json()["errors"][0]["code"] == "OVER_AGE_PROOF_MISSING", "{}", missing.text);
    story.tell("有超龄人员而没有超龄证明：不能完成录入");
    clerk.attach("over-age-proof", "超龄证明.pdf", files::pdf()).await?;
    clerk.attach("enrolment-attachment", "营业执照.png", files::photo()?).await?;
    let mut view = clerk.view().await?;
    story.tell(format!("上传超龄证明和附件：{}个附件通过检查", view["attachments"].as_array().map_or(0, Vec::len)));

    let state = clerk.act(Method::POST, "/completion", json!({})).await?;
    view = clerk.view().await?;
    let findings = view["self_check"]["findings"].as_array().map_or(0, Vec::len);
    story.tell(format!("完成录入 → {state}，自核{findings}项，应缴{}元", yuan(&view["amount_due_fen"])));
    Ok(clerk)
}

pub(crate) async fn number(clerk: &Clerk) -> Result<String> {
    Ok(clerk.view().await?["application_number"].as_str().unwrap_or_default().to_owned())
}

/// A text without the quotes of JSON: stories are for people.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(crate) fn yuan(fen: &Value) -> String {
    fen.as_i64().map_or_else(String::new, |fen| Fen::new(fen).grouped())
}

async fn import(clerk: &Clerk, story: &mut Story, plan: &str, maker: Maker, peer: Peer) -> Result<()> {
    let batch = clerk.import(&[plan], &format!("{maker:?}.xlsx"), peer.file).await?;
    let outcome = &batch["outcome"];
    ensure!(outcome["result"] == "done", "the import ended otherwise: {batch}");
    ensure!(
        outcome["total"] == peer.expected["total"] && outcome["failed"] == peer.expected["failed"],
        "expected {}, imported {outcome}",
        peer.expected
    );
    story.tell(format!(
        "导入{maker:?}生成的人员清单（{plan}）：共{}人，成功{}人，失败{}人",
        outcome["total"], outcome["succeeded"], outcome["failed"]
    ));
    Ok(())
}

async fn reviews(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let (first, rival) = (clerk.seen_by(&cast.first), clerk.seen_by(&cast.rival));
    let (a, b) = futures::future::try_join(first.acquire(), rival.acquire()).await?;
    let (winner, loser) = if a.status == 200 { (&first, b) } else { (&rival, a) };
    let told = loser.json()["detail"].as_str().unwrap_or_default().to_owned();
    ensure!(loser.refused(409)? == "TASK_HELD_BY_ANOTHER", "exactly one of two gets the task");
    story.tell(format!("两名初审同时获取任务：{}得到，另一人看到“{told}”", winner.client.name));
    let back = json!({"conclusion": "return", "opinion": "请核对女职工人数"});
    winner.act(Method::POST, "/reviews", back).await?;
    let reason = clerk.view().await?["return_reason"].clone();
    story.tell(format!("初审退回单位，单位看到原因：{reason}"));
    let details = json!({"staff": STAFF.0, "female_staff": STAFF.1 + 20, "remark": "年度参保"});
    clerk.act(Method::PUT, "/details", details).await?;
    clerk.act(Method::POST, "/completion", json!({})).await?;
    story.tell("单位更正女职工人数，重新提交");
    let approve = json!({"conclusion": "approve", "opinion": "同意"});
    story.tell(format!("初审通过 → {}", first.review(approve.clone()).await?));
    let second = clerk.seen_by(&cast.second);
    let needs_final = json!({"conclusion": "approve", "opinion": "同意", "final_review": true});
    story.tell(format!("复审通过，需要终审 → {}", second.review(needs_final).await?));
    story.tell(format!("终审通过 → {}", clerk.seen_by(&cast.last).review(approve).await?));
    Ok(())
}

/// Two receipts from two funds: the union pays the hospital plan, the members the accident plan.
async fn receipts(clerk: &Clerk, story: &mut Story) -> Result<i64> {
    let view = clerk.view().await?;
    let plan = |code: &str| -> Result<(u64, u64)> {
        let plans = view["plans"].as_array().context("no plans")?;
        let plan = plans.iter().find(|plan| plan["code"] == code).context("no such plan")?;
        let (all, high) = (plan["participants"].as_u64(), plan["high_risk"].as_u64());
        Ok((all.context("no participants")? - high.unwrap_or(0), high.unwrap_or(0)))
    };
    let (ordinary, high) = plan("hospital-a")?;
    let union = receipt(
        "union-funds",
        "union@example.com",
        vec![item("hospital-a", "ordinary", ordinary, 9_500), item("hospital-a", "high-risk", high, 9_500)],
    );
    let (ordinary, high) = plan("accident-20")?;
    let own = receipt(
        "self-paid",
        "members@example.com",
        vec![item("accident-20", "ordinary", ordinary, 2 * 2_000), item("accident-20", "high-risk", high, 2 * 3_200)],
    );
    let preview = clerk.client.post(&clerk.path("/receipts/preview"), &union).await?.ok()?;
    story.tell(format!("票据预览：{}", preview["total_in_words"].as_str().unwrap_or_default()));
    let mut too_much = union.clone();
    too_much["items"][0]["persons"] = json!(ordinary + 1_000_000);
    let refused = clerk.command(Method::POST, "/receipts", too_much).await?.refused(422)?;
    clerk.act(Method::POST, "/receipts", union).await?;
    let early = clerk.command(Method::POST, "/receipts/submission", json!({})).await?;
    ensure!(early.json()["errors"][0]["code"] == "RECEIPTS_INCOMPLETE", "{}", early.text);
    clerk.act(Method::POST, "/receipts", own).await?;
    let entered = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
    let left: i64 =
        entered["remaining"].as_array().into_iter().flatten().filter_map(|p| p["remaining_fen"].as_i64()).sum();
    ensure!(left == 0, "nothing may remain: {entered}");
    story.tell(format!("两笔开票：工会经费、会员自付；超额的一笔被拒绝（{refused}）；剩余开票金额 0"));
    story.tell(format!("提交开票信息 → {}", clerk.act(Method::POST, "/receipts/submission", json!({})).await?));
    entered["amount_due_fen"].as_i64().context("no amount due")
}

pub(crate) fn item(plan: &str, occupation: &str, persons: u64, price_fen: i64) -> Value {
    json!({"plan_code": plan, "occupation": occupation, "persons": persons, "price_fen": price_fen})
}

pub(crate) fn receipt(fund: &str, email: &str, items: Vec<Value>) -> Value {
    let items: Vec<Value> = items.into_iter().filter(|item| item["persons"] != 0).collect();
    json!({
        "fund_source": fund, "payer_title": "岐山县第一机械厂工会委员会", "tax_number_type": "credit-code",
        "tax_number": "81370200MC7654321U", "channel": "transfer", "payer_email": email, "items": items,
    })
}

async fn payment(cast: &Cast, operator: &Operator, clerk: &Clerk, story: &mut Story, due: i64) -> Result<()> {
    let finance = clerk.seen_by(&cast.finance);
    finance.acquire().await?.ok()?;
    let arrived = |amount_fen: i64| {
        json!({"arrived_on": "2026-01-05", "amount_fen": amount_fen, "channel": "transfer",
               "bank_reference": "BANK-0001", "remark": ""})
    };
    let wrong = finance.command(Method::POST, "/payment", arrived(due - 1)).await?;
    ensure!(wrong.json()["errors"][0]["code"] == "AMOUNT_MISMATCH", "{}", wrong.text);
    let state = finance.act(Method::POST, "/payment", arrived(due)).await?;
    story.tell(format!("财务确认到账{}元 → {state}（少一分钱的一次被拒绝）", Fen::new(due).grouped()));
    let covered = |view: &Value| {
        let plans = view["plans"].as_array()?;
        let done = |plan: &Value| {
            let named = plan["participants"].as_u64()? - plan["unnamed"].as_u64()?;
            plan["covered"].as_u64().filter(|covered| *covered == named)
        };
        plans.iter().map(done).sum::<Option<u64>>()
    };
    let covered = clerk.client.wait(&clerk.path(""), "cover to be written", covered).await?;
    story.tell(format!("{covered}人次保障生效"));
    let mailed = mailed(operator, clerk, story).await?;
    for (i, file) in clerk.files("receipt").await?.iter().enumerate() {
        story.keep(&format!("receipt-{}.pdf", i + 1), file)?;
    }
    story.tell(format!("{mailed}张电子票据已开具并发送 → receipt-*.pdf"));
    Ok(())
}

/// Waits until every receipt that stands is mailed. Money that is confirmed after the settlement day waits for the 1st:
/// the operator lets that day come now.
pub async fn mailed(operator: &Operator, clerk: &Clerk, story: &mut Story) -> Result<usize> {
    let receipts = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
    if operator.bring_forward(&clerk.id).await? > 0 {
        let day = text(&receipts["receipts_on"]);
        story.tell(format!("结算日之后到账：保障不等待，票据定于{day}开具；此刻视同那一天"));
    }
    let mailed = |receipts: &Value| {
        let all = receipts["receipts"].as_array()?;
        let mut standing = all.iter().filter(|receipt| receipt["voided"].is_null());
        standing.all(|receipt| receipt["mailed_at"].is_string()).then_some(all.len())
    };
    clerk.client.wait(&clerk.path("/receipts"), "receipts to be mailed", mailed).await
}

async fn certificate(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let rendered = |view: &Value| view["certificate"]["rendered"].as_bool()?.then_some(());
    clerk.client.wait(&clerk.path(""), "the certificate to be rendered", rendered).await?;
    let links = clerk.client.get(&clerk.path("/certificate")).await?.ok()?;
    let pdf = clerk.client.download(links["url"].as_str().context("no link")?).await?;
    story.keep("certificate.pdf", &pdf)?;
    story.tell(format!("确认书 {} 已生成 → certificate.pdf", links["number"].as_str().unwrap_or_default()));
    let text = files::text_of(&pdf)?;
    for name in files::RARE_NAMES {
        ensure!(text.contains(name), "{name} is not on the certificate");
    }
    story.tell(format!("确认书的人员清单印有生僻字：{}", files::RARE_NAMES.join("、")));
    let token = links["verification_url"].as_str().and_then(|url| url.rsplit('/').next()).context("no token")?;
    let genuine = cast.handler.get(&format!("/certificates/verification/{token}")).await?.ok()?;
    let forged = cast.handler.get(&format!("/certificates/verification/{token}0")).await?.refused(404)?;
    story.tell(format!("扫码核验：{} 最新版本 {}；伪造的标记 {forged}", genuine["unit"], genuine["latest"]));
    let unread = clerk.command(Method::POST, "/certificate/prints", json!({"roster_confirmed": false})).await?;
    unread.refused(422)?;
    let state = clerk.act(Method::POST, "/certificate/prints", json!({"roster_confirmed": true})).await?;
    story.tell(format!("确认人员名单无误，打印 → {state}"));
    let scan = clerk.upload("certificate-scan", &[], "确认书扫描件.pdf", files::pdf()).await?;
    ensure!(scan["state"] == "accepted", "the scan was rejected: {scan}");
    clerk.act(Method::PUT, "/certificate/scan", json!({"upload": scan["upload"]})).await?;
    let archivist = clerk.seen_by(&cast.archivist);
    archivist.acquire().await?.ok()?;
    let pass = json!({"conclusion": "pass", "note": "盖章齐全"});
    let state = archivist.act(Method::POST, "/certificate/archive", pass).await?;
    story.tell(format!("上传签字盖章的扫描件，归档 → {state}"));
    Ok(())
}

async fn balance(operator: &Operator, clerk: &Clerk, story: &mut Story, due: i64) -> Result<()> {
    let dead = operator.settle().await?;
    ensure!(dead.is_empty(), "dead letters: {dead:?}");
    story.tell("所有队列、死信队列和发件箱为空");
    let entries = operator.ledger(&clerk.id).await?;
    for entry in &entries {
        let sides = (total(&entry.postings, Side::Debit), total(&entry.postings, Side::Credit));
        ensure!(sides.0.is_some() && sides.0 == sides.1, "an entry does not balance: {entry:?}");
    }
    let debits = Fen::sum(entries.iter().filter_map(|entry| total(&entry.postings, Side::Debit)));
    // Due, received, and the receipts: three times the same money.
    ensure!(debits == Fen::new(due).checked_times(3), "the ledger has {debits:?}, due is {due}");
    story.tell(format!(
        "账务核对：{}笔分录借贷相等，应收、实收、票据各{}元，分文不差",
        entries.len(),
        Fen::new(due).grouped()
    ));
    Ok(())
}

async fn messages(operator: &Operator, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let number = number(clerk).await?;
    let texts: Vec<String> = operator
        .texts()
        .await?
        .iter()
        .filter_map(|text| text["Message"].as_str())
        .filter(|text| text.contains(&number))
        .map(str::to_owned)
        .collect();
    story.keep("messages.txt", texts.join("\n").as_bytes())?;
    let mails = operator.mails_about(&clerk.id)?;
    for (i, mail) in mails.iter().flatten().enumerate() {
        story.keep(&format!("mails/{}.eml", i + 1), mail)?;
    }
    if let Some(mails) = &mails {
        for receipt in clerk.files("receipt").await? {
            ensure!(mails.iter().any(|mail| files::is_attached(mail, &receipt)), "a receipt is in no mail");
        }
    }
    let kept = mails.iter().flatten().count();
    story.tell(format!("短信{}条 → messages.txt，邮件{kept}封 → mails/*.eml", texts.len()));
    let log = clerk.client.get(&clerk.path("/messages?limit=100")).await?.ok()?;
    let log: Vec<&Value> = log["items"].as_array().into_iter().flatten().collect();
    let sent = log.iter().filter(|message| message["state"] == "sent").count();
    ensure!(sent == log.len() && sent >= texts.len(), "the log of messages: {sent} of {} are sent", log.len());
    story.tell(format!("消息日志：{sent}条，全部已发送"));
    for text in texts {
        println!("       {text}");
    }
    Ok(())
}
