//! Drafting: a restricted person, rows corrected in place, members removed, headcounts without names, two at one draft,
//! and withdrawals.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use super::{PLAN, SHARES, approve, line, open, send};
use crate::cast::{Cast, Story};
use crate::clerk::Clerk;
use crate::files;

/// Draws up the enrolment of these branches: four people by name, three without.
pub async fn draft(cast: &Cast, story: &mut Story, seed: u32) -> Result<Clerk> {
    let clerk = open(&cast.handler, SHARES).await?;
    let mut people: Vec<_> = (0..6).map(|n| files::person(seed, n)).collect();
    let cheat = people[1].clone();
    let entry = json!({"id_number": cheat.1, "reason": "伪造理赔材料"});
    let entry = send(&cast.supervisor, "/restricted-people", entry).await?.ok()?;
    story.tell(format!("主管把{}列入限制名单", entry["id_number"].as_str().unwrap_or_default()));

    let right = people[2].1.clone();
    people[2].1.replace_range(17.., if right.ends_with('1') { "2" } else { "1" });
    let batch = clerk.import(&[PLAN], "名单.csv", files::csv(&people)).await?;
    let outcome = &batch["outcome"];
    ensure!((&outcome["succeeded"], &outcome["failed"]) == (&json!(4), &json!(2)), "{batch}");
    let rows = format!("/batches/{}", batch["upload"].as_str().context("no upload")?);
    let failed = clerk.client.get(&clerk.path(&format!("{rows}/failed-rows"))).await?.ok()?;
    let codes: Vec<_> =
        failed["rows"]["items"].as_array().into_iter().flatten().map(|r| &r["reasons"][0]["code"]).collect();
    ensure!(codes == [&json!("RESTRICTED"), &json!("ID_CHECK_DIGIT")], "{failed}");
    story.tell("导入6人：4人成功，一人在限制名单，一人身份证号码校验位不符");
    let row = |number: u32, person: &(String, String), id: &str| json!({"rows": [{"row_number": number, "name": person.0, "id_number": id}]});
    let corrections = format!("{rows}/corrections");
    let mended = clerk.command(Method::POST, &corrections, row(4, &people[2], &right)).await?.ok()?;
    let refused = clerk.command(Method::POST, &corrections, row(3, &cheat, &cheat.1)).await?.ok()?;
    ensure!((&mended["accepted"], &refused["accepted"]) == (&json!(1), &json!(0)), "{mended} {refused}");
    let found = cast.supervisor.post("/restricted-people/search", &json!({"id_number": cheat.1})).await?.ok()?;
    let lift = format!("/restricted-people/{}/lift", found[0]["id"].as_str().context("not on the list")?);
    send(&cast.supervisor, &lift, json!({"reason": "已查清"})).await?.ok()?;
    let taken = clerk.command(Method::POST, &corrections, row(3, &cheat, &cheat.1)).await?.ok()?;
    ensure!((&taken["accepted"], &taken["remaining"]) == (&json!(1), &json!(0)), "{taken}");
    story.tell("就地更正：校验位改正后通过；限制名单解除之后，另一人也通过");

    let search = json!({"plan": PLAN, "id_number": people[5].1});
    let found = clerk.client.post(&clerk.path("/roster/search"), &search).await?.ok()?;
    ensure!(found["total"] == 1, "{found}");
    let all = clerk.client.post(&clerk.path("/roster/search"), &json!({"plan": PLAN})).await?.ok()?;
    for members in [&found, &all] {
        let entry = first_entry(members).context("nobody found")?;
        clerk.act(Method::POST, "/roster/removals", json!({"plan": PLAN, "entries": [entry]})).await?;
    }
    clerk.act(Method::PUT, "/unnamed-members", json!({"plan": PLAN, "ordinary": 3})).await?;
    let plan = line(&clerk).await?;
    ensure!((&plan["participants"], &plan["unnamed"]) == (&json!(7), &json!(3)), "{plan}");
    story.tell("查询并移除两人；另加3名无名单人员：共7人");

    let version = clerk.view().await?["version"].as_u64();
    let details = json!({"staff": 20, "female_staff": 9, "remark": "两人同时编辑"});
    let registrar = clerk.seen_by(&cast.registrar);
    let edit = async |by: &Clerk| {
        by.client.send(Method::PUT, &by.path("/details"), Some(&by.client.key()), version, Some(&details)).await
    };
    let (one, other) = futures::future::try_join(edit(&clerk), edit(&registrar)).await?;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    ensure!(statuses == [200, 412], "of two who saw the same version one is told so: {statuses:?}");
    story.tell("经办人与单位管理同时保存：一人成功，另一人得知内容已有变化");
    story.tell(format!("完成录入 → {}", clerk.act(Method::POST, "/completion", json!({})).await?));
    Ok(clerk)
}

/// Of the first member found.
fn first_entry(found: &Value) -> Option<&Value> {
    found["members"]["items"].get(0)?.get("entry")
}

/// Two enrolments that are withdrawn: a draft by its handler, one that is due by the supervisor.
pub async fn withdraw(cast: &Cast, story: &mut Story) -> Result<()> {
    let early = open(&cast.handler, 1).await?;
    let state = early.act(Method::POST, "/withdrawal", json!({"reason": "重复录入"})).await?;
    let late = open(&cast.handler, 1).await?;
    late.act(Method::PUT, "/unnamed-members", json!({"plan": PLAN, "ordinary": 5})).await?;
    late.act(Method::POST, "/completion", json!({})).await?;
    approve(&late, &cast.first, json!({})).await?;
    approve(&late, &cast.second, json!({"final_review": false})).await?;
    let receipt = crate::walk::receipt(
        "self-paid",
        "members@example.com",
        vec![crate::walk::item(PLAN, "ordinary", 5, super::FEE_FEN)],
    );
    late.act(Method::POST, "/receipts", receipt).await?;
    let refused = late.command(Method::POST, "/withdrawal", json!({"reason": "单位改制"})).await?.refused(403)?;
    late.seen_by(&cast.supervisor).act(Method::POST, "/withdrawal", json!({"reason": "单位改制"})).await?;
    let receipts = late.client.get(&late.path("/receipts")).await?.ok()?;
    ensure!(receipts["receipts"][0]["voided"]["reason"] == "单位改制", "{receipts}");
    story.tell(format!(
        "录入中的一单由经办人撤销 → {state}；已应缴的一单经办人不能撤销（{refused}），主管撤销，开票信息作废"
    ));
    Ok(())
}
