//! 归属变更, told step by step: a unit goes to another agency of its office, and its paid enrolment with it.

use anyhow::{Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::{Cast, Story};
use crate::client::Client;
use crate::covered::Paid;

/// The agency of the city, above the county's.
const CITY: (&str, &str) = ("2602-3", "/hq/2602/2602-3/");
const COUNTY: &str = "/hq/2602/2602-3/2602-3-1/";

/// Waits until everything a unit held has followed it.
pub async fn moved(registrar: &Client, unit: &str) -> Result<Value> {
    let still = |unit: &Value| (unit["moving"] == false).then(|| unit.clone());
    registrar.wait(&format!("/units/{unit}"), "everything to move", still).await
}

/// Hands a unit of the county over to the city, by the registrar of the office; `cast.registrar` is the county's.
pub async fn walk(cast: &Cast, office: &Client, unit: &str, paid: &Paid, story: &mut Story) -> Result<()> {
    let address = format!("/units/{unit}");
    let hand_over = async |registrar: &Client, agency: &str| {
        let version = registrar.get(&address).await?.ok()?["version"].as_u64();
        let body = json!({"agency": agency});
        let path = format!("{address}/agency");
        registrar.send(Method::PUT, &path, Some(&registrar.key()), version, Some(&body)).await
    };
    let beyond = hand_over(&cast.registrar, CITY.0).await?;
    ensure!(beyond.json()["errors"][0]["code"] == "AGENCY_UNKNOWN", "beyond the county: {}", beyond.text);
    ensure!(paid.is_booked_at(&cast.finance, &format!("node={COUNTY}")).await?, "paid in the county");
    let handed = hand_over(office, CITY.0).await?.ok()?;
    ensure!(handed["agency"] == CITY.1, "{handed}");
    moved(office, unit).await?;

    ensure!(cast.registrar.get(&address).await?.status == 404, "the county sees the unit no more");
    ensure!(cast.registrar.get(&paid.clerk.path("")).await?.status == 404, "nor its enrolment");
    ensure!(!paid.is_booked_at(&cast.finance, &format!("node={COUNTY}")).await?, "nor what it paid");
    ensure!(paid.is_booked_at(&cast.finance, &format!("node={}", CITY.1)).await?, "the city does");
    let stale = paid.clerk.client.get(&paid.clerk.path("")).await?.status;
    ensure!(stale == 404 || stale == 401, "the place in the handler's token is an earlier one: {stale}");
    story.tell(format!(
        "归属变更：县级单位管理只能选辖区内的代办处（{}）；办事处把单位移交宝鸡代办处，参保单、保障和账务随之移交，县里不再可见",
        beyond.json()["errors"][0]["code"].as_str().unwrap_or_default()
    ));
    Ok(())
}
