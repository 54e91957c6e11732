//! A unit's way onto the platform, told step by step: registered with the code that was texted, rejected, corrected by the
//! link, approved; its handler sets a password by the link, signs in and maintains the unit; a registrar finds it, hands it over to another
//! agency, and merges it into another unit.

use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use domain::identity::Uscc;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cast::{Cast, Story};
use crate::client::{Client, PATIENCE};
use crate::cloud::Cloud;
use crate::covered::covered;
use crate::merging::Merging;
use crate::operator::Operator;
use crate::{files, handover};

/// The password the new handler chooses.
const CHOSEN: &str = "岐山县第二机械厂的新厂房";
/// Who reviews: the registrar of the county.
const REGISTRAR: &str = "dengjihong";
/// Who reviews what the county enters, and hands units over between agencies: the registrar of the office.
const OFFICE_REGISTRAR: &str = "xiezhuce";
/// The county's agency and its office.
const AGENCY: (&str, &str) = ("2602", "2602-3-1");

/// A unit that nobody has registered yet, and its contact.
struct Newcomer {
    anybody: Client,
    operator: Operator,
    mobile: String,
    code: String,
    name: String,
}

impl Newcomer {
    /// Different seeds give different units.
    async fn of(cloud: &Cloud, seed: u32) -> Result<Self> {
        let body = format!("91610323{seed:09}");
        let mut codes = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|check| format!("{body}{check}"));
        Ok(Self {
            anybody: Client::new(cloud)?,
            operator: Operator::of(cloud).await,
            mobile: format!("137{:08}", seed % 100_000_000),
            code: codes.find(|code| Uscc::parse(code).is_ok()).context("no check character fits")?,
            name: format!("岐山县第{seed}机械厂"),
        })
    }

    /// Waits for a text to the contact that says something; answers it.
    async fn text(&self, what: &str) -> Result<String> {
        let started = Instant::now();
        loop {
            let texts = self.operator.texts_to(&self.mobile).await?;
            if let Some(text) = texts.into_iter().rev().find(|text| text.contains(what)) {
                return Ok(text);
            }
            if started.elapsed() > PATIENCE {
                bail!("waited {PATIENCE:?} for a text with {what}");
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// Uploads an image of a paper and waits until it is accepted.
    async fn image(&self, purpose: &str) -> Result<String> {
        let file = files::photo()?;
        let sha256: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        let body = json!({"purpose": purpose, "file_name": "证件.png", "size": file.len(), "sha256": sha256});
        let form = self.anybody.post("/registration-images", &body).await?.ok()?;
        let posted = self.anybody.post_form(&form, file).await?;
        ensure!((200..300).contains(&posted), "the bucket answered {posted}");
        let upload = form["upload"].as_str().context("no upload")?.to_owned();
        let settled =
            |status: &Value| matches!(status["state"].as_str(), Some("accepted" | "rejected")).then(|| status.clone());
        let status =
            self.anybody.wait(&format!("/registration-images/{upload}"), "the image to be checked", settled).await?;
        ensure!(status["state"] == "accepted", "the image was rejected: {status}");
        Ok(upload)
    }

    async fn application(&self) -> Result<Value> {
        Ok(json!({
            "office": AGENCY.0,
            "agency": AGENCY.1,
            "unit": {
                "name": self.name, "nature": "state-owned", "certificate_type": "business-licence",
                "certificate_valid_until": "2036-12-31", "code": self.code, "union_name": format!("{}工会委员会", self.name),
                "union_code": "81370200MC7654321U", "industry": "制造业", "parent_unit": "",
                "region": {"province": "陕西省", "city": "宝鸡市", "county": "岐山县"}, "address": "人民路2号",
            },
            "contact": {
                "name": "单小雄", "position": "工会干事", "office_phone": {"area_code": "0917", "number": "8212345"},
                "mobile": self.mobile, "email": "danxiaoxiong@example.com",
            },
            "images": {
                "unit_certificate": self.image("unit-certificate").await?,
                "union_certificate": self.image("union-certificate").await?,
            },
        }))
    }

    async fn apply(&self, story: &mut Story) -> Result<(String, String)> {
        let offices = self.anybody.get("/offices").await?.ok()?;
        let tree = self.anybody.get(&format!("/offices/{}/agencies", AGENCY.0)).await?.ok()?;
        let (offices, agencies) = (offices.as_array().map_or(0, Vec::len), tree.as_array().map_or(0, Vec::len));
        story.tell(format!("注册页：{offices}个办事处，所选办事处及其代办处{agencies}个"));
        let empty = self
            .anybody
            .send(Method::POST, "/registrations", Some(&self.anybody.key()), None, Some(&json!({})))
            .await?;
        let problems = empty.json()["errors"].as_array().map_or(0, Vec::len);
        ensure!(empty.status == 422 && problems > 10, "{}", empty.text);
        story.tell(format!("空表提交：一次指出{problems}处需要填写"));

        let application = self.application().await?;
        story.tell("上传单位证件和工会法人资格证书：通过检查");
        let captcha = self.anybody.captcha().await?;
        let body = json!({"mobile": self.mobile, "captcha": captcha});
        let sent = self.anybody.post("/registration-codes", &body).await?;
        ensure!(sent.status == 202, "{}", sent.text);
        let text = self.text("验证码").await?;
        let code: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let body = json!({"code": code, "application": application});
        let key = self.anybody.key();
        let send = async || self.anybody.send(Method::POST, "/registrations", Some(&key), None, Some(&body)).await;
        let applied = send().await?.ok()?;
        ensure!(send().await?.ok()? == applied, "the same request is answered the same");
        story.tell(format!("凭短信验证码提交{}的注册申请；重复提交得到同一结果", self.name));
        let text = |field: &str| applied[field].as_str().map(str::to_owned).context("an incomplete answer");
        Ok((text("id")?, text("token")?))
    }

    /// The handler, once the unit is approved: by the link that was texted.
    async fn handler(&self) -> Result<Client> {
        let text = self.text("/set-password#").await?;
        let link = text.split_once("/set-password#").and_then(|(_, rest)| rest.split_once(' ')).context("no link")?.0;
        let set = self.anybody.post("/passwords", &json!({"token": link, "password": CHOSEN})).await?;
        ensure!(set.status == 204, "{}", set.text);
        self.anybody.sign_in_with(&user_name(&text), CHOSEN).await
    }

    /// The unit that comes of an application nobody finds fault with, and its handler.
    async fn approved(&self, story: &mut Story, registrar: &Client) -> Result<(String, Client)> {
        self.operator.lift_address_limits().await?;
        let (id, _) = self.apply(story).await?;
        let approved = review(registrar, &id, json!({"conclusion": "approve", "reason": "属实"})).await?;
        let unit = approved["unit"].as_str().context("no unit")?.to_owned();
        Ok((unit, self.handler().await?))
    }

    async fn status(&self, token: &str) -> Result<Value> {
        self.anybody.post("/registrations/status", &json!({"token": token})).await?.ok()
    }
}

/// The user name in the text that tells it.
fn user_name(text: &str) -> String {
    text.chars().skip_while(|c| !c.is_ascii_alphanumeric()).take_while(char::is_ascii_alphanumeric).collect()
}

async fn acquire(registrar: &Client, id: &str) -> Result<Value> {
    let path = format!("/registrations/{id}");
    let task = registrar.get(&path).await?.ok()?["task"].as_str().context("no open task")?.to_owned();
    registrar.post(&format!("/tasks/{task}/acquisition"), &json!({})).await?.ok()
}

async fn review(registrar: &Client, id: &str, body: Value) -> Result<Value> {
    acquire(registrar, id).await?;
    let path = format!("/registrations/{id}");
    let version = registrar.get(&path).await?.ok()?["version"].as_u64();
    registrar.send(Method::POST, &format!("{path}/reviews"), Some(&registrar.key()), version, Some(&body)).await?.ok()
}

/// Changes a unit at the version it has now; answers the unit.
async fn change(client: &Client, method: Method, unit: &str, rest: &str, body: Value) -> Result<Value> {
    let version = client.get(&format!("/units/{unit}")).await?.ok()?["version"].as_u64();
    client.send(method, &format!("/units/{unit}{rest}"), Some(&client.key()), version, Some(&body)).await?.ok()
}

/// Walks a unit's registration and its maintenance; `seed` makes the unit of this run.
pub async fn registration(cloud: &Cloud, story: &mut Story, seed: u32) -> Result<()> {
    let newcomer = Newcomer::of(cloud, seed).await?;
    newcomer.operator.lift_address_limits().await?;
    let registrar = Client::new(cloud)?.sign_in(REGISTRAR).await?;
    let (id, token) = newcomer.apply(story).await?;

    let pool = registrar.get("/tasks?level=registration&order=newest").await?.ok()?;
    let listed = pool["tasks"]["items"].as_array().into_iter().flatten().any(|task| task["registration"] == id);
    ensure!(listed, "the task is in the pool of the agency: {pool}");
    review(&registrar, &id, json!({"conclusion": "reject", "reason": "单位证件照片不清晰，请重新拍摄"})).await?;
    let text = newcomer.text("未通过").await?;
    ensure!(text.contains(&format!("/registration#{token}")), "{text}");
    story.tell("岐山县总工会获取任务并退回：短信写明原因和修改链接");

    let shown = newcomer.status(&token).await?;
    let mut application = shown["application"].clone();
    application["images"]["unit_certificate"] = json!(newcomer.image("unit-certificate").await?);
    let body = json!({"token": token, "application": application});
    let path = "/registrations/correction";
    let corrected =
        newcomer.anybody.send(Method::POST, path, None, shown["version"].as_u64(), Some(&body)).await?.ok()?;
    ensure!(corrected["state"] == "submitted", "{corrected}");
    story.tell(format!("凭链接打开同一份申请（{}），更换图片后再次提交", shown["state_name"]));

    let approved = review(&registrar, &id, json!({"conclusion": "approve", "reason": "属实"})).await?;
    let unit = approved["unit"].as_str().context("no unit")?.to_owned();
    let text = newcomer.text("/set-password#").await?;
    let user_name = user_name(&text);
    ensure!(user_name.starts_with("shanxiaoxiong"), "单 is Shan as a surname: {user_name}");
    story.tell(format!("审核通过：单位建档，短信告知用户名{user_name}和设置密码的链接"));
    let handler = newcomer.handler().await?;
    story.tell("经办人凭链接设置密码并登录");

    let address = change(&handler, Method::PUT, &unit, "/address", json!({"address": "人民路3号"})).await?;
    ensure!(address["facts"]["address"] == "人民路3号", "{address}");
    let colleague = json!({
        "name": "赵六", "position": "会计", "office_phone": {"area_code": "0917", "number": "8212346"},
        "mobile": format!("136{:08}", seed % 100_000_000), "email": "zhaoliu@example.com",
    });
    let unit_now = change(&handler, Method::POST, &unit, "/contacts", colleague).await?;
    let contacts = unit_now["contacts"].as_array().map_or(0, Vec::len);
    story.tell(format!("信息维护：更新地址，新增联系人，现有联系人{contacts}位"));
    let renamed = handler
        .send(Method::PUT, &format!("/units/{unit}"), Some(&handler.key()), Some(3), Some(&unit_now["facts"]))
        .await?;
    ensure!(renamed.status == 403, "what the papers say is not the unit's to change: {}", renamed.text);

    let part: String = format!("{seed}机械").bytes().map(|byte| format!("%{byte:02X}")).collect();
    let found = registrar.get(&format!("/units?name={part}")).await?.ok()?;
    ensure!(found["items"][0]["id"] == unit.as_str(), "found by a part of its name: {found}");
    let found = registrar.post("/unit-searches", &json!({"contact": newcomer.mobile})).await?.ok()?;
    ensure!(found[0]["id"] == unit.as_str(), "found by its contact: {found}");
    let standing = json!({"active": true, "restricted": false, "classified": true});
    change(&registrar, Method::PUT, &unit, "/standing", standing).await?;
    let supervisor = Client::new(cloud)?.sign_in("zhengzhuguan").await?;
    let masked = supervisor.get(&format!("/units?code={}", newcomer.code)).await?.ok()?;
    ensure!(masked["items"][0]["name"] != newcomer.name.as_str(), "a classified unit's name is masked: {masked}");
    story.tell(format!(
        "单位查询：按名称片段、联系人、信用代码找到；涉密单位在代办处之外显示为{}",
        masked["items"][0]["name"].as_str().unwrap_or_default()
    ));

    let standing = json!({"active": true, "restricted": false, "classified": false});
    change(&registrar, Method::PUT, &unit, "/standing", standing).await?;

    let again = json!({"code": "000000", "application": newcomer.application().await?});
    let key = registrar.key();
    let twice =
        registrar.send(Method::POST, "/registrations/on-behalf", Some(&key), None, Some(&again["application"])).await?;
    ensure!(twice.refused(409)? == "ALREADY_REGISTERED", "a registered unit is refused");
    story.tell("同一单位再次注册：提示已注册，请通过“忘记密码”取回");

    let trail = registrar.get(&format!("/units/{unit}/trail")).await?.ok()?;
    let mut lines = Vec::new();
    for entry in trail["items"].as_array().into_iter().flatten() {
        lines.push(format!("{} {} {}", entry["at"], entry["actor_name"], entry["note"]));
    }
    story.keep("unit-trail.txt", lines.join("\n").as_bytes())?;
    let texts = newcomer.operator.texts_to(&newcomer.mobile).await?;
    story.keep("registration-messages.txt", texts.join("\n").as_bytes())?;
    story.tell(format!(
        "操作轨迹{}条 → unit-trail.txt，短信{}条 → registration-messages.txt",
        lines.len(),
        texts.len()
    ));
    let cast = Cast::sign_in(cloud).await?;
    let office = Client::new(cloud)?.sign_in(OFFICE_REGISTRAR).await?;
    on_behalf(story, (&registrar, &office), seed, cloud).await?;
    let paid = covered(&cast, &handler, seed).await?;
    handover::walk(&cast, &office, &unit, &paid, story).await?;
    let handler = newcomer.anybody.sign_in_with(&user_name, CHOSEN).await?;
    let survivor = Newcomer::of(cloud, (seed + 1) % 100_000_000).await?;
    let (survivor, survivor_handler) = survivor.approved(story, &registrar).await?;
    let merging = Merging {
        registrar: &office,
        cast: &cast,
        merged: &unit,
        handler: &handler,
        survivor: &survivor,
        survivor_handler: &survivor_handler,
        paid: &paid,
    };
    merging.walk(story, "赵六").await?;
    let dead = newcomer.operator.settle().await?;
    ensure!(dead.is_empty(), "dead letters: {dead:?}");
    newcomer.operator.lift_address_limits().await
}

/// A unit that the county enters on its behalf: the office rejects it, the county finds, corrects and submits it again.
async fn on_behalf(story: &mut Story, (county, office): (&Client, &Client), seed: u32, cloud: &Cloud) -> Result<()> {
    let newcomer = Newcomer::of(cloud, (seed + 2) % 100_000_000).await?;
    let application = newcomer.application().await?;
    let path = "/registrations/on-behalf";
    let entered = county.send(Method::POST, path, Some(&county.key()), None, Some(&application)).await?.ok()?;
    let id = entered["id"].as_str().context("no application")?;
    review(office, id, json!({"conclusion": "reject", "reason": "单位证件已过期"})).await?;
    let rejected = county.get("/registrations?state=rejected").await?.ok()?;
    let mut rows = rejected["items"].as_array().into_iter().flatten();
    ensure!(rows.any(|row| row["id"] == id && row["reason"] == "单位证件已过期"), "{rejected}");
    let path = format!("/registrations/{id}");
    let mut typed = county.get(&format!("{path}/application")).await?.ok()?;
    ensure!(typed == application, "as it was typed: {typed}");
    typed["unit"]["certificate_valid_until"] = json!("2041-12-31");
    let version = county.get(&path).await?.ok()?["version"].as_u64();
    let again = county.send(Method::PUT, &path, Some(&county.key()), version, Some(&typed)).await?.ok()?;
    ensure!(again["state"] == "submitted", "{again}");
    let approved = review(office, id, json!({"conclusion": "approve", "reason": "属实"})).await?;
    ensure!(approved["unit"].is_string(), "{approved}");
    story.tell("代单位注册：办事处退回，县里在注册查询中找到、更正并重新提交，办事处通过（录入的人不能审核）");
    Ok(())
}

/// Enters one unit from several desks at the same moment; answers the statuses.
pub async fn at_once(cloud: &Cloud, seed: u32, desks: usize) -> Result<Vec<u16>> {
    let newcomer = Newcomer::of(cloud, seed).await?;
    let application = newcomer.application().await?;
    let registrar = Client::new(cloud)?.sign_in(REGISTRAR).await?;
    let keys: Vec<String> = (0..desks).map(|_| registrar.key()).collect();
    let enter = |key| registrar.send(Method::POST, "/registrations/on-behalf", Some(key), None, Some(&application));
    let replies = futures::future::try_join_all(keys.iter().map(|key| enter(key.as_str()))).await?;
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        ensure!(reply.json()["code"] == "REGISTRATION_IN_PROGRESS", "{}", reply.text);
    }
    Ok(replies.into_iter().map(|reply| reply.status).collect())
}
