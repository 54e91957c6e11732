//! Every route within this process, over tables in memory.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use domain::account::{Account, Role};
use domain::ids::{AccountId, MessageId, RegistrationId, UnitId, UploadId};
use domain::message::{CodePurpose, Message};
use domain::upload::{Upload, UploadState};
use futures::future::join_all;
use http::Request;
use lambda::auth::{Claims, LocalKey, Verifier, issue};
use lambda::enrolments::Counter;
use lambda::http::{Gate, Problem, Reply, app, call};
use serde_json::{Value, json};
use testing::faults::When;
use testing::world::{MemoryTexts, World};
use workflow::desk::Desk;
use workflow::ports::{Clock, Commits, Outbox, Registry, Tickets, Units, Uploads};
use workflow::scope::Scope;
use workflow::texts::Writer;
use workflow::{captchas, codes, pools};

use crate::{Office, routes};

const MOBILE: &str = "13812345678";
const CODE: &str = "91370211MA3ABCDE1K";

struct Stage {
    w: World,
    app: Router,
    key: LocalKey,
    desk: Desk,
    registrar: Account,
}

impl Stage {
    async fn new() -> Self {
        let w = World::default();
        let key = LocalKey::generate().unwrap();
        let desk =
            Desk { store: Arc::new(w.store.clone()), clock: Arc::new(w.clock.clone()), ids: Arc::new(w.ids.clone()) };
        let cipher = Arc::new(w.cipher);
        let counter = Counter { desk: desk.clone(), links: Arc::new(w.objects.clone()) };
        let gate = Gate::new(Verifier::load(&key).await.unwrap(), Arc::new(w.clock.clone()));
        let routes = routes(Office { counter, cipher: cipher.clone() }).split_for_parts().0;
        let registrar = w.sample.registrar.clone();
        Self { app: app(routes, gate.with_cursors(cipher)), w, key, desk, registrar }
    }

    async fn send(&self, by: Option<&Account>, request: &str, key: &str, seen: u64, body: &Value) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header("if-match", format!("\"{seen}\""));
        if let Some(by) = by {
            let claims = Claims::new(by.actor(), "family", self.w.clock.now());
            request = request.header("authorization", format!("Bearer {}", issue(&self.key, &claims).await.unwrap()));
        }
        let body = if method == "GET" { Body::empty() } else { Body::from(body.to_string()) };
        call(&self.app, request.body(body).unwrap()).await
    }

    async fn anybody(&self, request: &str, key: &str, body: &Value) -> Reply {
        self.send(None, request, key, 0, body).await
    }

    /// Announces an image of a paper, and lets it be accepted.
    async fn image(&self, purpose: &str) -> String {
        let body = json!({"purpose": purpose, "file_name": "证件.jpg", "size": 10, "sha256": "0".repeat(64)});
        let form: Value = self.anybody("POST /registration-images", "-", &body).await.json().unwrap();
        let id = UploadId::parse(form["upload"].as_str().unwrap()).unwrap();
        let store = self.w.store.inner();
        let upload = store.receive(&id, "01").await.unwrap().unwrap();
        let state = UploadState::Accepted {
            key: format!("unit-papers/{id}"),
            content_type: "image/jpeg".into(),
            size: 10,
            thumbnail: None,
            pages: 1,
        };
        assert!(store.settle(&Upload { state, ..upload }).await.unwrap());
        id.to_string()
    }

    async fn application(&self) -> Value {
        json!({
            "office": "2602",
            "agency": "qishan",
            "unit": {
                "name": "岐山县第二机械厂", "nature": "state-owned", "certificate_type": "business-licence",
                "certificate_valid_until": "2030-12-31", "code": CODE, "union_name": "岐山县第二机械厂工会委员会",
                "union_code": "81370200MC7654321U", "industry": "制造业", "parent_unit": "",
                "region": {"province": "陕西省", "city": "宝鸡市", "county": "岐山县"}, "address": "人民路2号",
            },
            "contact": {
                "name": "李四", "position": "工会干事", "office_phone": {"area_code": "0917", "number": "8212345"},
                "mobile": MOBILE, "email": "lisi@example.com",
            },
            "images": {
                "unit_certificate": self.image("unit-certificate").await,
                "union_certificate": self.image("union-certificate").await,
            },
        })
    }

    /// Asks for a code and reads it off the message.
    async fn code(&self, mobile: &str) -> String {
        let captcha = captchas::issue(&*self.desk.store, &*self.desk.ids, self.w.clock.now()).await.unwrap();
        let ticket = captchas::ticket_name(captcha.id);
        let answer = self.w.store.inner().ticket(&ticket, self.w.clock.now()).await.unwrap().unwrap().holds;
        let body = json!({"mobile": mobile, "captcha": {"id": captcha.id.to_string(), "answer": answer}});
        let reply = self.anybody("POST /registration-codes", "-", &body).await;
        assert_eq!(reply.status, 202, "{:?}", reply.body);
        let sent = |id: &MessageId| codes::code(&self.w.cipher, CodePurpose::UnitRegistration, id);
        let outbox = self.w.store.inner().outbox().into_iter();
        let mut codes = outbox.filter(|m| matches!(m.message, Message::Code { .. }));
        let code = sent(&codes.next_back().unwrap().id);
        // A number gets one a minute.
        self.w.clock.advance(jiff::SignedDuration::from_secs(61));
        code
    }

    async fn apply(&self, key: &str, application: &Value) -> Reply {
        let code = self.code(MOBILE).await;
        self.anybody("POST /registrations", key, &json!({"code": code, "application": application})).await
    }

    /// An application that was submitted: its id and token.
    async fn applied(&self) -> (String, String) {
        let reply = self.apply("apply-key-1", &self.application().await).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        let applied: Value = reply.json().unwrap();
        (applied["id"].as_str().unwrap().to_owned(), applied["token"].as_str().unwrap().to_owned())
    }

    async fn acquire(&self, by: &Account, id: &str) {
        let id = RegistrationId::parse(id).unwrap();
        let registration = self.w.store.inner().registration(&id, &Scope::Platform).await.unwrap().unwrap();
        pools::acquire(&self.desk, &by.actor(), registration.task.as_ref().unwrap()).await.unwrap();
    }

    async fn review(&self, by: &Account, id: &str, key: &str, seen: u64, body: &Value) -> Reply {
        self.send(Some(by), &format!("POST /registrations/{id}/reviews"), key, seen, body).await
    }

    async fn status(&self, token: &str) -> Value {
        self.anybody("POST /registrations/status", "-", &json!({"token": token})).await.json().unwrap()
    }

    /// Delivers what waits in the outbox; answers what was sent.
    async fn texts(&self) -> Vec<(String, String)> {
        let provider = MemoryTexts::default();
        let writer = Writer { desk: &self.desk, cipher: &self.w.cipher, public_url: "https://portal.example" };
        for outgoing in self.w.store.inner().outbox() {
            writer.send(&provider, &outgoing).await.unwrap();
            self.w.store.inner().sent(&outgoing.id).await.unwrap();
        }
        provider.sent()
    }
}

fn faults(reply: &Reply) -> Vec<String> {
    let problem: Problem = reply.json().unwrap();
    problem.errors.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Problem>().unwrap().code.to_string())
}

#[tokio::test]
async fn offices_and_agencies_are_a_tree() {
    let stage = Stage::new().await;
    let offices: Value = stage.anybody("GET /offices", "-", &Value::Null).await.json().unwrap();
    let ids: Vec<&str> = offices.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["1600", "2602"]);
    let tree: Value = stage.anybody("GET /offices/2602/agencies", "-", &Value::Null).await.json().unwrap();
    let told: Vec<String> =
        tree.as_array().unwrap().iter().map(|n| format!("{} < {}", n["id"], n["parent"]).replace('"', "")).collect();
    assert_eq!(told, ["2602 < hq", "baoji < 2602", "fengxian < baoji", "qishan < baoji"]);
    assert_eq!(stage.anybody("GET /offices/baoji/agencies", "-", &Value::Null).await.status, 404);
}

#[tokio::test]
async fn everything_that_is_wrong_is_named_at_once() {
    let stage = Stage::new().await;
    let reply = stage.anybody("POST /registrations", "apply-key-1", &json!({})).await;
    assert_eq!(reply.status, 422);
    let named = faults(&reply);
    for place in ["/office", "/agency", "/unit/name", "/unit/code", "/contact/mobile", "/images/union_certificate"] {
        assert!(named.iter().any(|fault| fault.starts_with(&format!("{place} "))), "{place} is not in {named:?}");
    }
    let mut wrong = stage.application().await;
    wrong["agency"] = json!("hongqi");
    wrong["unit"]["code"] = json!("123702006762229200");
    wrong["images"]["union_certificate"] = wrong["images"]["unit_certificate"].clone();
    let body = json!({"code": "000000", "application": wrong});
    let reply = stage.anybody("POST /registrations", "apply-key-2", &body).await;
    let expected =
        ["/agency AGENCY_NOT_OF_OFFICE", "/unit/code USCC_CHECK_DIGIT", "/images/union_certificate UPLOAD_PURPOSE"];
    assert_eq!(faults(&reply), expected);
    let body = json!({"code": "000000", "application": stage.application().await});
    let reply = stage.anybody("POST /registrations", "apply-key-3", &body).await;
    assert_eq!(faults(&reply), ["/code CODE_WRONG"]);
    assert_eq!(stage.anybody("POST /registrations", "short", &body).await.status, 400);
}

#[tokio::test]
async fn rejected_corrected_by_the_link_and_approved() {
    let stage = Stage::new().await;
    let (id, token) = stage.applied().await;
    let texts = stage.texts().await;
    let link = format!("https://portal.example/registration#{token}");
    assert!(texts.iter().any(|(mobile, text)| mobile == MOBILE && text.contains(&link)), "{texts:?}");
    assert_eq!(stage.status(&token).await["state"], "submitted");
    let wrong = format!("{id}.{}", "0".repeat(32));
    assert_eq!(stage.anybody("POST /registrations/status", "-", &json!({"token": wrong})).await.status, 404);

    let reject = json!({"conclusion": "reject", "reason": "证件照片不清晰"});
    let reply = stage.review(&stage.registrar, &id, "review-key-1", 1, &reject).await;
    assert_eq!(refused(&reply), (409, "WRONG_STATE".into()), "nobody has the task");
    stage.acquire(&stage.registrar, &id).await;
    assert_eq!(stage.status(&token).await["state"], "in-review");
    let reply = stage.review(&stage.registrar, &id, "review-key-1", 1, &reject).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let texts = stage.texts().await;
    let [(mobile, text)] = texts.as_slice() else { panic!("{texts:?}") };
    assert!(mobile == MOBILE && text.contains("证件照片不清晰") && text.contains(&link), "{text}");

    let shown = stage.status(&token).await;
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("rejected"), &json!("证件照片不清晰")));
    let kinds: Vec<_> = shown["images"].as_array().unwrap().iter().map(|image| &image["kind"]).collect();
    assert_eq!(kinds, ["unit-certificate", "union-certificate"], "what is to be corrected is seen");
    let mut application = shown["application"].clone();
    assert_eq!(application["contact"]["mobile"], MOBILE, "the applicant's own data, in full");
    application["images"]["unit_certificate"] = json!(stage.image("unit-certificate").await);
    application["unit"]["address"] = json!("人民路3号");
    let correct = |application: &Value, code: &str| json!({"token": token, "code": code, "application": application});
    let send = async |body: Value| stage.send(None, "POST /registrations/correction", "-", 2, &body).await;
    let mut other_number = application.clone();
    other_number["contact"]["mobile"] = json!("13900000000");
    assert_eq!(faults(&send(correct(&other_number, "")).await), ["/code CODE_WRONG"], "a new number is proven");
    let reply = send(correct(&application, "")).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    assert_eq!(refused(&send(correct(&application, "")).await), (412, "VERSION_CHANGED".into()));

    stage.acquire(&stage.registrar, &id).await;
    let approve = json!({"conclusion": "approve"});
    let reply = stage.review(&stage.registrar, &id, "review-key-2", 3, &approve).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let outcome: Value = reply.json().unwrap();
    let again = stage.review(&stage.registrar, &id, "review-key-2", 3, &approve).await;
    assert_eq!(again.json::<Value>().unwrap(), outcome, "once");
    let unit = UnitId::parse(outcome["unit"].as_str().unwrap()).unwrap();
    let unit = stage.w.store.inner().unit(&unit, &Scope::Platform).await.unwrap().unwrap();
    assert_eq!((unit.address.as_str(), unit.path.as_str().starts_with("/hq/2602/baoji/qishan/")), ("人民路3号", true));
    let account = stage.w.store.inner().account(&unit.handler).await.unwrap().unwrap();
    assert_eq!((account.user_name.as_str(), &account.roles), ("lisi", &vec![Role::UnitHandler]));
    assert_eq!((&account.unit, &account.node), (&Some(unit.id.clone()), &unit.path));
    let texts = stage.texts().await;
    let [(mobile, text)] = texts.as_slice() else { panic!("{texts:?}") };
    assert!(mobile == MOBILE && text.contains("lisi") && text.contains("/set-password#"), "{text}");
    let shown = stage.status(&token).await;
    assert_eq!((&shown["state"], &shown["images"]), (&json!("approved"), &json!([])));
    assert_eq!(stage.w.store.inner().actions_of(&id), ["submit", "reject", "resubmit", "approve"]);
    assert_eq!(stage.w.store.inner().actions_of(unit.id.as_str()), ["register"]);

    let reply = stage.apply("apply-key-2", &stage.application().await).await;
    assert_eq!(refused(&reply), (409, "ALREADY_REGISTERED".into()));
    assert_eq!(faults(&reply), ["/unit/code ALREADY_REGISTERED"]);
}

#[tokio::test]
async fn the_same_request_is_answered_the_same_and_one_unit_has_one_application() {
    let stage = Stage::new().await;
    let application = stage.application().await;
    let code = stage.code(MOBILE).await;
    let body = json!({"code": code, "application": application});
    let first = stage.anybody("POST /registrations", "apply-key-1", &body).await;
    let again = stage.anybody("POST /registrations", "apply-key-1", &body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.json::<Value>().unwrap(), again.json::<Value>().unwrap());
    let other = json!({"code": "1", "application": application});
    let reply = stage.anybody("POST /registrations", "apply-key-1", &other).await;
    assert_eq!(refused(&reply), (422, "IDEMPOTENCY_KEY_REUSED".into()));
    let reply = stage.apply("apply-key-2", &application).await;
    assert_eq!(refused(&reply), (409, "REGISTRATION_IN_PROGRESS".into()));
}

#[tokio::test]
async fn of_many_registrars_at_once_one_registers_the_unit() {
    let stage = Stage::new().await;
    let application = stage.application().await;
    let keys: Vec<String> = (0..8).map(|n| format!("enter-key-{n}")).collect();
    let by = Some(&stage.registrar);
    let replies =
        join_all(keys.iter().map(|key| stage.send(by, "POST /registrations/on-behalf", key, 0, &application))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    assert!(replies.iter().filter(|reply| reply.status != 201).all(|reply| reply.status == 409));
}

#[tokio::test]
async fn whoever_enters_it_does_not_review_it_and_others_do_not_see_it() {
    let stage = Stage::new().await;
    let application = stage.application().await;
    let by = Some(&stage.registrar);
    let reply = stage.send(by, "POST /registrations/on-behalf", "enter-key-1", 0, &application).await;
    let id = reply.json::<Value>().unwrap()["id"].as_str().unwrap().to_owned();
    stage.acquire(&stage.registrar, &id).await;
    let reply = stage.review(&stage.registrar, &id, "review-key-1", 1, &json!({"conclusion": "approve"})).await;
    assert_eq!(refused(&reply), (403, "SEPARATION_ENTERED".into()));

    let path = format!("GET /registrations/{id}");
    let shown: Value = stage.send(by, &path, "-", 0, &Value::Null).await.json().unwrap();
    assert_eq!((&shown["contact"]["mobile"], &shown["on_behalf"]), (&json!("138****5678"), &json!(true)));
    let full: Value = stage.send(by, &format!("{path}/contact"), "-", 0, &Value::Null).await.json().unwrap();
    assert_eq!(full["mobile"], MOBILE);
    assert_eq!(stage.w.store.inner().actions_of(&id), ["submit", "view-unmasked"]);
    let images: Value = stage.send(by, &format!("{path}/images"), "-", 0, &Value::Null).await.json().unwrap();
    assert_eq!(images.as_array().unwrap().len(), 2);

    let mut stranger = stage.registrar.clone();
    stranger.node = stage.w.sample.stranger_reviewer.node.clone();
    assert_eq!(stage.send(Some(&stranger), &path, "-", 0, &Value::Null).await.status, 404);
    let reply = stage.send(Some(&stranger), "POST /registrations/on-behalf", "enter-key-2", 0, &application).await;
    assert_eq!(faults(&reply), ["/agency AGENCY_OUTSIDE"]);
    let handler = &stage.w.sample.handler;
    assert_eq!(stage.send(Some(handler), &path, "-", 0, &Value::Null).await.status, 403);
}

#[tokio::test]
async fn what_was_rejected_is_found_and_corrected_on_the_units_behalf() {
    let stage = Stage::new().await;
    let application = stage.application().await;
    let by = Some(&stage.registrar);
    let reply = stage.send(by, "POST /registrations/on-behalf", "enter-key-1", 0, &application).await;
    let id = reply.json::<Value>().unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/registrations/{id}");
    let get = async |by: &Account, path: &str| stage.send(Some(by), &format!("GET {path}"), "-", 0, &Value::Null).await;
    let listed = async |by: &Account, state: &str| -> Vec<Value> {
        let page: Value = get(by, &format!("/registrations?state={state}")).await.json().unwrap();
        page["items"].as_array().unwrap().clone()
    };
    assert_eq!(listed(&stage.registrar, "submitted").await[0]["id"], json!(id));
    let early = get(&stage.registrar, &format!("{path}/application")).await;
    assert_eq!(refused(&early), (409, "WRONG_STATE".into()));

    let other = Account { id: AccountId::parse("other-registrar").unwrap(), ..stage.registrar.clone() };
    stage.w.store.inner().with_account(other.clone(), "");
    stage.acquire(&other, &id).await;
    let reject = json!({"conclusion": "reject", "reason": "证件照片不清晰"});
    assert_eq!(stage.review(&other, &id, "review-key-1", 1, &reject).await.status, 200);
    let rejected = listed(&stage.registrar, "rejected").await;
    let shown = (&rejected[0]["id"], &rejected[0]["reason"], &rejected[0]["on_behalf"]);
    assert_eq!(shown, (&json!(id), &json!("证件照片不清晰"), &json!(true)));
    assert!(listed(&stage.registrar, "submitted").await.is_empty());

    let mut typed: Value = get(&stage.registrar, &format!("{path}/application")).await.json().unwrap();
    assert_eq!(typed, application, "as it was typed");
    let reviewer = Account { roles: vec![Role::Auditor], ..other.clone() };
    assert_eq!(get(&reviewer, &format!("{path}/application")).await.status, 403);
    assert_eq!(listed(&reviewer, "rejected").await.len(), 1, "whoever looks up units");
    assert_eq!(get(&stage.w.sample.handler, "/registrations?state=rejected").await.status, 403);
    typed["unit"]["address"] = json!("人民路3号");
    let reply = stage.send(by, &format!("PUT {path}"), "correct-key-1", 2, &typed).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let looked = stage.w.store.inner().actions_of(&id).into_iter().filter(|action| action == "view-unmasked").count();
    assert_eq!(looked, 1, "the trail says who looked");
    assert_eq!(listed(&stage.registrar, "submitted").await.len(), 1);
    let beyond = get(&stage.registrar, "/registrations?state=rejected&node=/hq/").await;
    assert_eq!(beyond.status, 404);
}

#[tokio::test]
async fn a_crash_at_a_commit_loses_and_doubles_nothing() {
    for when in [When::Before, When::AfterWritten] {
        let stage = Stage::new().await;
        let code = stage.code(MOBILE).await;
        let body = json!({"code": code, "application": stage.application().await});
        stage.w.faults.fail_next_commit(when);
        assert_eq!(stage.anybody("POST /registrations", "apply-key-1", &body).await.status, 503);
        let reply = stage.anybody("POST /registrations", "apply-key-1", &body).await;
        assert_eq!(reply.status, 201, "{when:?} {:?}", reply.body);
        let id = reply.json::<Value>().unwrap()["id"].as_str().unwrap().to_owned();
        stage.acquire(&stage.registrar, &id).await;
        stage.w.faults.fail_next_commit(when);
        let approve = json!({"conclusion": "approve"});
        assert_eq!(stage.review(&stage.registrar, &id, "review-key-1", 1, &approve).await.status, 503);
        let reply = stage.review(&stage.registrar, &id, "review-key-1", 1, &approve).await;
        assert_eq!(reply.status, 200, "{when:?} {:?}", reply.body);
        let links = stage.w.store.inner().outbox();
        assert_eq!(links.iter().filter(|m| matches!(m.message, Message::PasswordLink { .. })).count(), 1, "{when:?}");
        assert!(!stage.w.store.inner().user_name_taken("lisi2").await.unwrap());
        assert!(stage.w.store.inner().answered("none").await.unwrap().is_none());
    }
}
