//! The merger of two units, told step by step: refused while an enrolment is open, previewed, done, and looked at from both
//! sides until everything has moved.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::{Cast, Story};
use crate::client::Client;
use crate::covered::Paid;
use crate::handover::moved;
use crate::walk::text;

/// Two units and those who work for them.
pub struct Merging<'a> {
    /// The registrar of the office in which both are.
    pub registrar: &'a Client,
    /// Who looks at both.
    pub cast: &'a Cast,
    /// The unit that ends.
    pub merged: &'a str,
    /// Its handler.
    pub handler: &'a Client,
    /// The unit that goes on.
    pub survivor: &'a str,
    /// Its handler.
    pub survivor_handler: &'a Client,
    /// A paid enrolment of the unit that ends.
    pub paid: &'a Paid,
}

impl Merging<'_> {
    fn path(&self) -> String {
        format!("/units/{}/merger/{}", self.merged, self.survivor)
    }

    async fn preview(&self) -> Result<Value> {
        self.registrar.get(&self.path()).await?.ok()
    }

    /// The merger at the versions that a preview showed.
    async fn merge(&self, preview: &Value, contacts: &[&str]) -> Result<crate::client::Reply> {
        let body = json!({"survivor_version": preview["survivor"]["version"], "contacts": contacts});
        let seen = preview["merged"]["version"].as_u64();
        self.registrar.send(Method::POST, &self.path(), Some(&self.registrar.key()), seen, Some(&body)).await
    }

    /// Walks the merger; `colleague` is the name of the contact of the merged unit that comes along.
    pub async fn walk(&self, story: &mut Story, colleague: &str) -> Result<()> {
        let key = self.handler.key();
        let draft = self.handler.send(Method::POST, "/enrolments", Some(&key), None, Some(&json!({}))).await?.ok()?;
        let enrolment = draft["id"].as_str().context("no enrolment")?.to_owned();
        let preview = self.preview().await?;
        ensure!(preview["obstacles"][0]["code"] == "UNIT_HAS_OPEN_ENROLMENT", "{preview}");
        ensure!(self.merge(&preview, &[]).await?.refused(409)? == "UNIT_HAS_OPEN_ENROLMENT", "an open enrolment");
        story.tell(format!("单位合并：{}", text(&preview["obstacles"][0]["text"])));

        let path = format!("/enrolments/{enrolment}/withdrawal");
        let reason = json!({"reason": "单位合并"});
        let version = draft["version"].as_u64();
        self.handler.send(Method::POST, &path, Some(&self.handler.key()), version, Some(&reason)).await?.ok()?;
        let preview = self.preview().await?;
        ensure!(preview["obstacles"] == json!([]), "{preview}");
        let contacts = preview["merged"]["contacts"].as_array().cloned().unwrap_or_default();
        let along = contacts.iter().find(|contact| contact["name"] == colleague).context("no such contact")?;
        let account = along["account"].as_str().context("no account")?;
        let merged = self.merge(&preview, &[account]).await?.ok()?;
        ensure!(merged["merged_into"] == self.survivor && merged["active"] == false, "{merged}");
        moved(self.registrar, self.merged).await?;
        let of = |unit: &str| format!("unit={unit}");
        let left = self.registrar.get(&format!("/enrolments?{}", of(self.merged))).await?.ok()?;
        let here = self.registrar.get(&format!("/enrolments?{}", of(self.survivor))).await?.ok()?;
        let ids = here["items"].as_array().into_iter().flatten().map(|row| row["id"].clone());
        let expected = [json!(enrolment), json!(self.paid.clerk.id)];
        ensure!(left["items"] == json!([]) && ids.collect::<Vec<_>>() == expected, "{left} {here}");
        let (finance, paid) = (&self.cast.finance, self.paid);
        ensure!(paid.is_booked_at(finance, &of(self.survivor)).await?, "the payment is the survivor's");
        ensure!(!paid.is_booked_at(finance, &of(self.merged)).await?, "and nobody else's");
        let totals = finance.get(&format!("/ledger/totals?{}", of(self.survivor))).await?.ok()?;
        ensure!(totals["debit_fen"] != 0 && totals["debit_fen"] == totals["credit_fen"], "{totals}");
        let own = self.survivor_handler.get(&paid.clerk.path("")).await?.ok()?;
        ensure!(own["unit"] == self.survivor && own["plans"][0]["covered"] == own["plans"][0]["participants"], "{own}");
        let survivor = self.registrar.get(&format!("/units/{}", self.survivor)).await?.ok()?;
        let names = survivor["contacts"].as_array().into_iter().flatten().map(|contact| contact["name"].clone());
        ensure!(names.collect::<Vec<_>>().contains(&json!(colleague)), "{survivor}");
        let refused = self.merge(&preview, &[]).await?.status;
        ensure!(refused == 412, "merged twice: {refused}");
        story.tell(format!(
            "预览后合并：参保单{}连同保障和账务已移交{}，联系人{colleague}一并转入，原单位保留可查",
            text(&own["application_number"]),
            text(&survivor["facts"]["name"])
        ));
        Ok(())
    }
}
