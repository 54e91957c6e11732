//! Review: tasks released, acquired many at a time, dispatched; returns from every level to every target; a designated
//! first day of cover.

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Value, json};

use super::{approve, send};
use crate::cast::{Cast, Story};
use crate::clerk::Clerk;

/// Moves the task of the first review about.
pub async fn pools(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let task = clerk.view().await?["task"].as_str().context("no open task")?.to_owned();
    clerk.seen_by(&cast.first).acquire().await?.ok()?;
    let released = cast.first.post(&format!("/tasks/{task}/release"), &json!({})).await?;
    ensure!(released.status == 204, "{}", released.text);
    let many = json!({"tasks": [task, "no-such-task"]});
    let many = cast.rival.post("/tasks/acquisitions", &many).await?.ok()?;
    ensure!((&many[0]["acquired"], &many[1]["acquired"]) == (&json!(true), &json!(false)), "{many}");
    let dispatch = format!("/tasks/{task}/dispatch");
    send(&cast.supervisor, &dispatch, json!({"account": "wangchushen"})).await?.ok()?;
    let taken = send(&cast.rival, &format!("/tasks/{task}/release"), json!({})).await?;
    ensure!(taken.status == 409, "it is not theirs any more: {}", taken.text);
    let phrases = json!({"phrases": ["同意", "名单与附件不符"]});
    let version = cast.first.get("/opinion-phrases").await?.etag.and_then(|tag| tag.trim_matches('"').parse().ok());
    cast.first.send(Method::PUT, "/opinion-phrases", Some(&cast.first.key()), version, Some(&phrases)).await?.ok()?;
    story.tell("任务放回、批量获取（逐条告知结果）、主管调度给另一名初审；初审保存常用意见");
    Ok(())
}

/// Returns from every level to every target, and at last approvals.
pub async fn returns(cast: &Cast, clerk: &Clerk, story: &mut Story, began: Date) -> Result<()> {
    let back = |to: &str| json!({"conclusion": "return", "opinion": "请核对", "to": to});
    let (second, last) = (clerk.seen_by(&cast.second), clerk.seen_by(&cast.last));
    let needs_final = || json!({"final_review": true});
    approve(clerk, &cast.first, json!({"effective_date": began.to_string()})).await?;
    let mut told = vec![format!("复审退回 → {}", second.review(back("first-review")).await?)];
    approve(clerk, &cast.first, json!({})).await?;
    told.push(format!("复审退回 → {}", second.review(back("unit")).await?));
    clerk.act(Method::POST, "/completion", json!({})).await?;
    for to in ["first-review", "unit"] {
        approve(clerk, &cast.first, json!({})).await?;
        approve(clerk, &cast.second, needs_final()).await?;
        told.push(format!("终审退回 → {}", last.review(back(to)).await?));
    }
    clerk.act(Method::POST, "/completion", json!({})).await?;
    approve(clerk, &cast.first, json!({})).await?;
    approve(clerk, &cast.second, needs_final()).await?;
    let state = approve(clerk, &cast.last, json!({})).await?;
    let view: Value = clerk.view().await?;
    ensure!(state == "invoicing" && view["opinions"].as_array().is_some_and(|all| all.len() == 13), "{view}");
    story.tell(format!("{}；逐级重新通过 → {state}，初审指定生效日期{began}", told.join("，")));
    Ok(())
}
