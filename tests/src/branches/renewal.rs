//! The certificate with a scan sent back; people who are still covered; and the renewal.

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Value, json};

use super::{PLAN, open, send};
use crate::cast::{Cast, Story};
use crate::clerk::Clerk;
use crate::files;
use crate::operator::Operator;
use crate::walk::text;

/// Prints, scans, is sent back, scans again, archives.
pub async fn certificate(cast: &Cast, operator: &Operator, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let rendered = |view: &Value| view["certificate"]["rendered"].as_bool()?.then_some(());
    clerk.client.wait(&clerk.path(""), "the certificate to be rendered", rendered).await?;
    clerk.command(Method::POST, "/certificate/prints", json!({"roster_confirmed": false})).await?.refused(422)?;
    clerk.act(Method::POST, "/certificate/prints", json!({"roster_confirmed": true})).await?;
    clerk.act(Method::POST, "/certificate/prints", json!({})).await?;
    let archivist = clerk.seen_by(&cast.archivist);
    let mut states = Vec::new();
    for conclusion in ["send-back", "pass"] {
        let scan = clerk.upload("certificate-scan", &[], "确认书扫描件.pdf", files::pdf()).await?;
        clerk.act(Method::PUT, "/certificate/scan", json!({"upload": scan["upload"]})).await?;
        if states.is_empty() {
            // While the archivist's task is open.
            let receipts = clerk.client.get(&clerk.path("/receipts")).await?.ok()?;
            let last = receipts["receipts"].as_array().and_then(|all| all.last()).context("no receipts")?;
            super::money::reissue(cast, clerk, last["id"].as_str().context("no receipt")?).await?;
            crate::walk::mailed(operator, clerk, story).await?;
        }
        archivist.acquire().await?.ok()?;
        let body = json!({"conclusion": conclusion, "note": "公章"});
        states.push(archivist.act(Method::POST, "/certificate/archive", body).await?);
    }
    ensure!(states == ["awaiting-archive", "completed"], "{states:?}");
    let revisions = clerk.client.get(&clerk.path("/certificate/revisions")).await?.ok()?;
    ensure!(revisions.as_array().is_some_and(|all| all.len() == 1), "{revisions}");
    let prints = clerk.view().await?["certificate"]["prints"].clone();
    story.tell(format!(
        "确认书打印{prints}次；归档任务待办时又重开一张票据；扫描件退回一次，重新上传后归档；各版本仍可查阅"
    ));
    Ok(())
}

/// The same people again: still covered, and with too many shares refused.
pub async fn unexpired(cast: &Cast, story: &mut Story, seed: u32) -> Result<()> {
    let people = [files::person(seed, 3), files::person(seed, 4)];
    let draft = open(&cast.handler, 2).await?;
    draft.import(&[PLAN], "未到期.csv", files::csv(&people)).await?;
    let search = json!({"plan": PLAN, "unexpired": true});
    let found = draft.client.post(&draft.path("/roster/search"), &search).await?.ok()?;
    ensure!(found["total"] == 2 && found["members"]["items"][0]["covers"][0]["current"] == true, "{found}");
    let greedy = open(&cast.handler, 3).await?;
    let batch = greedy.import(&[PLAN], "份数.csv", files::csv(&people)).await?;
    ensure!(batch["outcome"]["failed"] == 2, "two shares are taken until the old cover ends: {batch}");
    for clerk in [&draft, &greedy] {
        clerk.act(Method::POST, "/withdrawal", json!({"reason": "演示"})).await?;
    }
    story.tell("未到期人员再次参保：标明未到期并列出现有保障；份数合计超过上限的被拒绝");
    Ok(())
}

/// Renews what ends within sixty days, as far as the self-check.
pub async fn renew(cast: &Cast, clerk: &Clerk, story: &mut Story, began: Date) -> Result<Clerk> {
    let plan = super::line(clerk).await?;
    ensure!(plan["period"][0] == began.to_string(), "the designated day: {plan}");
    let due = cast.finance.get("/renewals?unit=unit-qishan-1&limit=100").await?.ok()?;
    let row = due["items"].as_array().into_iter().flatten().find(|row| row["id"] == clerk.id).context("not due")?;
    story.tell(format!("续保管理：该单保障至{}，还有{}天到期", text(&row["cover_ends"]), row["days_left"]));
    let outcome = send(&cast.handler, &clerk.path("/renewal"), json!({})).await?.ok()?;
    let id = outcome["id"].as_str().context("no draft")?.to_owned();
    let renewed = Clerk { client: cast.handler.clone(), id };
    let imported = |view: &Value| {
        let done = &view["batches"][0]["outcome"];
        done.is_object().then(|| done.clone())
    };
    let done = renewed.client.wait(&renewed.path(""), "the roster to be brought over", imported).await?;
    let view = renewed.view().await?;
    let new = &view["plans"][0];
    ensure!(done["failed"] == 0 && new["participants"] == plan["participants"], "{view}");
    ensure!(new["unnamed"] == plan["unnamed"] && new["unexpired"] == 0, "{new}");
    send(&cast.handler, &clerk.path("/renewal"), json!({})).await?.refused(409)?;
    renewed.act(Method::POST, "/completion", json!({})).await?;
    let findings = renewed.view().await?["self_check"]["findings"].clone();
    let gap = findings.as_array().into_iter().flatten().find(|finding| finding["rule"] == "renewal-gap");
    let gap = gap.context("no finding about the gap")?;
    ensure!(gap["passed"] == true, "{gap}");
    story.tell(format!("续保：{}人重新校验后导入，重复续保被拒绝；自核：{}", done["succeeded"], text(&gap["text"])));
    Ok(renewed)
}
