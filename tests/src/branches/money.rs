//! Money: the payment notice, receipts returned and entered anew, paid, voided, issued again; finance looks it all up.

use anyhow::{Context, Result, ensure};
use domain::money::Fen;
use reqwest::Method;
use serde_json::{Value, json};

use super::{FEE_FEN, PLAN, SHARES, line};
use crate::cast::{Cast, Story};
use crate::clerk::Clerk;
use crate::operator::Operator;
use crate::walk::{item, mailed, receipt};

/// Enters the receipts twice: finance sends them back once. Answers what is due, in fen.
pub async fn receipts(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<i64> {
    for _ in 0..2 {
        clerk.act(Method::POST, "/notice/prints", json!({})).await?;
    }
    let printed = async {
        loop {
            let reply = clerk.client.get(&clerk.path("/notice")).await?;
            if reply.status != 409 {
                return reply.ok();
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    let notice = tokio::time::timeout(crate::client::PATIENCE, printed).await.context("no notice")??;
    ensure!(notice["prints"] == 2, "{notice}");
    let file = clerk.client.download(notice["url"].as_str().context("no link")?).await?;
    story.keep("payment-notice.pdf", &file)?;
    story.tell("打印缴费通知单两次，次数记录为2 → payment-notice.pdf");

    let persons = line(clerk).await?["participants"].as_u64().context("no participants")?;
    let price = FEE_FEN * i64::try_from(SHARES)?;
    let mut wrong = receipt("union-funds", "wrong@example.com", vec![item(PLAN, "ordinary", persons, price)]);
    wrong["payer_title"] = json!("岐山县机械厂");
    clerk.act(Method::POST, "/receipts", wrong.clone()).await?;
    clerk.act(Method::POST, "/receipts/submission", json!({})).await?;
    let finance = clerk.seen_by(&cast.finance);
    finance.acquire().await?.ok()?;
    let state = finance.act(Method::POST, "/payment/return", json!({"reason": "请分两笔开票"})).await?;
    let reason = clerk.view().await?["return_reason"].clone();
    let entered = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
    let id = entered["receipts"][0]["id"].as_str().context("no receipt")?.to_owned();
    wrong["items"] = json!([item(PLAN, "ordinary", persons, price / 2)]);
    clerk.act(Method::PUT, &format!("/receipts/{id}"), wrong).await?;
    let own = receipt("self-paid", "members@example.com", vec![item(PLAN, "ordinary", persons, price - price / 2)]);
    clerk.act(Method::POST, "/receipts", own).await?;
    let again = clerk.act(Method::POST, "/receipts/submission", json!({})).await?;
    story.tell(format!("财务退回开票（{reason}）→ {state}；改为两笔后再次提交 → {again}"));
    entered["amount_due_fen"].as_i64().context("no amount due")
}

/// Confirms the money; then every receipt turns out to be made out wrong.
pub async fn payment(cast: &Cast, operator: &Operator, clerk: &Clerk, story: &mut Story, due: i64) -> Result<()> {
    let finance = clerk.seen_by(&cast.finance);
    finance.acquire().await?.ok()?;
    let arrived = json!({"arrived_on": super::today().to_string(), "amount_fen": due, "channel": "cheque",
                         "bank_reference": format!("CHEQUE-{}", clerk.id), "remark": "支票"});
    let state = finance.act(Method::POST, "/payment", arrived).await?;
    story.tell(format!("支票到账{}元 → {state}", Fen::new(due).grouped()));
    let covered = |view: &Value| view["plans"][0]["covered"].as_u64().filter(|covered| *covered == 4);
    clerk.client.wait(&clerk.path(""), "cover to be written", covered).await?;
    mailed(operator, clerk, story).await?;
    let issued = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
    for receipt in issued["receipts"].as_array().into_iter().flatten() {
        let id = receipt["id"].as_str().context("no receipt")?;
        let refused = clerk.command(Method::POST, &format!("/receipts/{id}/void"), json!({"reason": "x"})).await?;
        refused.refused(403)?;
        reissue(cast, clerk, id).await?;
    }
    mailed(operator, clerk, story).await?;
    let all = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
    let all = all["receipts"].as_array().context("no receipts")?;
    let amount = |voided: bool| -> i64 {
        let some = all.iter().filter(|receipt| receipt["voided"].is_object() == voided);
        some.filter_map(|receipt| receipt["amount_fen"].as_i64()).sum()
    };
    ensure!((all.len(), amount(true), amount(false)) == (4, due, due), "{all:?}");
    let number = crate::walk::number(clerk).await?;
    let listed = clerk.client.get(&format!("/enrolments?application_number={number}")).await?.ok()?;
    let row = &listed["items"][0];
    let funds = row["funds"].as_array().context("no funds")?;
    let sources: Vec<_> = funds.iter().filter_map(|fund| fund["source"].as_str()).collect();
    let sum: i64 = funds.iter().filter_map(|fund| fund["amount_fen"].as_i64()).sum();
    // Voided receipts count no more, those in their place do.
    ensure!((&row["remaining_fen"], sum) == (&json!(0), due), "{row}");
    ensure!(sources == ["union-funds", "self-paid"], "{row}");
    story.keep("reissued-receipt.pdf", &clerk.file("receipt").await?)?;
    story.tell("两张票据抬头有误：财务作废，按正确抬头重新开具并发送，金额不变 → reissued-receipt.pdf");
    Ok(())
}

/// Finance voids a receipt and issues it again, made out as it should have been.
pub async fn reissue(cast: &Cast, clerk: &Clerk, receipt: &str) -> Result<()> {
    let finance = clerk.seen_by(&cast.finance);
    finance.act(Method::POST, &format!("/receipts/{receipt}/void"), json!({"reason": "抬头有误"})).await?;
    let made_out = json!({"payer_title": "岐山县第一机械厂工会委员会", "tax_number_type": "credit-code",
                          "tax_number": "81370200MC7654321U", "payer_email": "union@example.com"});
    finance.act(Method::POST, &format!("/receipts/{receipt}/reissue"), made_out).await?;
    Ok(())
}

/// Finance looks up the payment and the ledger.
pub async fn books(cast: &Cast, clerk: &Clerk, story: &mut Story, due: i64) -> Result<()> {
    let number = crate::walk::number(clerk).await?;
    let by_number = cast.finance.get(&format!("/payments?application_number={number}")).await?.ok()?;
    ensure!(by_number["items"][0]["amount_fen"] == due, "{by_number}");
    let mine =
        |list: &Value| list["items"].as_array().is_some_and(|all| all.iter().any(|p| p["enrolment"] == clerk.id));
    for filter in ["channel=cheque", "unit=unit-qishan-1", "node=/hq/2602/2602-3/"] {
        let listed = cast.finance.get(&format!("/payments?limit=100&{filter}")).await?.ok()?;
        ensure!(mine(&listed), "{filter}: {listed}");
    }
    let voided = cast.finance.get(&format!("/ledger?plan={PLAN}&limit=1")).await?.ok()?;
    ensure!(voided["items"].as_array().is_some_and(|all| all.len() == 1), "{voided}");
    let events = cast.finance.get("/ledger?event=receipt-voided&limit=100").await?.ok()?;
    ensure!(mine(&events), "{events}");
    let totals = cast.finance.get("/ledger/totals?unit=unit-qishan-1").await?.ok()?;
    let (debits, credits) = (totals["debit_fen"].as_i64(), totals["credit_fen"].as_i64());
    ensure!(debits.is_some_and(|all| all >= 5 * due) && debits == credits, "{totals}");
    let series = cast.finance.get("/receipt-series").await?.ok()?;
    let taken = series[0]["taken"].as_u64().context("no series")?;
    ensure!(series[0]["sample"] == true && taken >= 4, "{series}");
    ensure!(series[0]["last_number"] == format!("样例{taken:010}"), "{series}");
    clerk.client.get("/receipt-series").await?.refused(403)?;
    story.tell(format!("票据号段：样例票据，已用{taken}个号码"));
    story.tell(format!(
        "到账查询按申请书号、渠道、单位、机构均查到该笔；业财明细{}笔分录，借贷合计均为{}元",
        totals["entries"],
        Fen::new(debits.unwrap_or_default()).grouped()
    ));
    Ok(())
}
