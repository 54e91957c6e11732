//! The auditor looks up what was done, by whom, and to what.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::cast::{Cast, Story};
use crate::clerk::Clerk;

/// Fields of an entry that its trail and the search both show.
const SHOWN: [&str; 6] = ["at", "actor_name", "action", "from", "to", "note"];

fn shown(list: &Value) -> Vec<[Value; 6]> {
    let items = list["items"].as_array().into_iter().flatten();
    items.map(|item| SHOWN.map(|field| item[field].clone())).collect()
}

/// The auditor finds every entry of the enrolment's trail by its number, and the steps of one kind among all that was done.
pub async fn search(cast: &Cast, clerk: &Clerk, story: &mut Story) -> Result<()> {
    let number = crate::walk::number(clerk).await?;
    let mut trail = shown(&clerk.client.get(&clerk.path("/trail?limit=100")).await?.ok()?);
    trail.reverse();
    let found = cast.auditor.get(&format!("/actions?name={number}&limit=100")).await?.ok()?;
    let mut told = shown(&found);
    // What one step did at the same instant has no order in time.
    for entries in [&mut trail, &mut told] {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    ensure!(told == trail, "{} entries of {}", told.len(), trail.len());

    let mine = |item: &Value| item["subject"] == clerk.id && item["kind"] == "enrolment" && item["name"] == number;
    for filter in ["", "&node=/hq/2602/", "&node=/hq/2602/2602-3/", "&kind=enrolment"] {
        let voided = cast.auditor.get(&format!("/actions?action=void-receipt&limit=100{filter}")).await?.ok()?;
        let items = voided["items"].as_array().context("no list")?;
        ensure!(items.iter().all(|item| item["action"] == "void-receipt"), "{filter}: {voided}");
        ensure!(items.iter().filter(|item| mine(item)).count() == 2, "{filter}: {voided}");
    }
    let elsewhere = cast.auditor.get(&format!("/actions?name={number}&node=/hq/1600/")).await?.ok()?;
    ensure!(shown(&elsewhere).is_empty(), "{elsewhere}");
    cast.supervisor.get("/actions").await?.refused(403)?;
    story.tell(format!(
        "审计员按申请书号查到全部{}条轨迹，按操作“作废票据”在总会、办事处、代办处三级均查到两次",
        told.len()
    ));
    Ok(())
}
