//! Every route within this process, over tables in memory.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod opening;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use domain::account::{Account, Role};
use domain::organisation::{FinalReview, NodePath, Unit};
use domain::trail::{Topic, TrailEntry};
use http::{Request, StatusCode};
use lambda::auth::{Claims, LocalKey, Verifier, issue};
use lambda::http::{Gate, Problem, Reply, app, call};
use serde_json::{Value, json};
use testing::faults::{Call, When};
use testing::sample::PASSWORD_HASH;
use testing::world::World;
use workflow::commit::Commit;
use workflow::desk::Desk;
use workflow::ports::{Clock, Commits, Directory, PageRequest, Registry, Store, Totp, Trails};
use workflow::texts::seal;

use crate::{Chancery, routes};

struct Stage {
    app: Router,
    key: LocalKey,
    world: World,
    keys: AtomicU64,
}

const MOBILE: &str = "13800000077";

impl Stage {
    async fn new() -> Self {
        let world = World::default();
        world.sample.seed(world.store.inner());
        let finance = &world.sample.finance;
        let sealed_mobile = Some(seal(&world.cipher, &finance.id, MOBILE));
        world.store.inner().with_account(Account { sealed_mobile, ..finance.clone() }, PASSWORD_HASH);
        let store: Arc<dyn Store> = Arc::new(world.store.clone());
        let desk = Desk { store, clock: Arc::new(world.clock.clone()), ids: Arc::new(world.ids.clone()) };
        let key = LocalKey::generate().unwrap();
        let gate = Gate::new(Verifier::load(&key).await.unwrap(), Arc::new(world.clock.clone()));
        let chancery = Chancery { desk, cipher: Arc::new(world.cipher) };
        let app = app(routes(chancery), gate.with_cursors(Arc::new(world.cipher)));
        Self { app, key, world, keys: AtomicU64::default() }
    }

    fn admin(&self) -> &Account {
        &self.world.sample.administrator
    }

    async fn send(&self, by: &Account, request: &str, seen: Option<u64>, body: Value) -> Reply {
        let key = format!("form-{:08}", self.keys.fetch_add(1, Ordering::Relaxed));
        self.send_as(&key, by, request, seen, body).await
    }

    async fn send_as(&self, key: &str, by: &Account, request: &str, seen: Option<u64>, body: Value) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let token = issue(&self.key, &Claims::new(by.actor(), "F1", self.world.clock.now())).await.unwrap();
        let mut request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        request = request.header("content-type", "application/json").header("idempotency-key", key);
        if let Some(seen) = seen {
            request = request.header("if-match", format!("\"{seen}\""));
        }
        let body = if method == "GET" { Body::empty() } else { Body::from(body.to_string()) };
        call(&self.app, request.body(body).unwrap()).await
    }

    async fn get(&self, by: &Account, path: &str) -> Value {
        let reply = self.send(by, &format!("GET {path}"), None, Value::Null).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {:?}", reply.body);
        reply.json().unwrap()
    }

    async fn account(&self, of: &Account) -> Account {
        self.world.store.inner().account(&of.id).await.unwrap().unwrap()
    }

    async fn notes(&self, subject: &str) -> Vec<(String, String)> {
        let page = PageRequest { limit: 100, after: None };
        let trail = self.world.store.inner().trail(subject, &page).await.unwrap();
        trail.items.into_iter().map(|entry| (entry.action, entry.note)).collect()
    }
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Problem>().unwrap().code.to_string())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn ids(listing: &Value) -> Vec<&str> {
    listing["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

fn appointment(of: &Account) -> Value {
    json!({"name": of.name, "roles": of.roles, "node": of.node})
}

#[tokio::test]
async fn accounts_of_the_own_subtree_are_found_by_name_role_and_place() {
    let stage = Stage::new().await;
    let (admin, sample) = (stage.admin(), &stage.world.sample);
    let all = stage.get(admin, "/accounts?limit=100").await;
    assert!(ids(&all).contains(&sample.finance.id.as_str()) && ids(&all).contains(&sample.handler.id.as_str()));
    assert!(!ids(&all).contains(&sample.stranger_reviewer.id.as_str()), "another office's");
    let own = all["items"].as_array().unwrap().iter().find(|item| item["id"] == admin.id.as_str()).unwrap();
    assert_eq!(own["manageable"], false, "one's own");

    let finance = stage.get(admin, "/accounts?role=finance").await;
    assert_eq!(ids(&finance), [sample.finance.id.as_str()]);
    let name: String = form(&sample.handler.name);
    assert!(ids(&stage.get(admin, &format!("/accounts?name={name}")).await).contains(&sample.handler.id.as_str()));
    assert_eq!(ids(&stage.get(admin, "/accounts?active=false").await), Vec::<&str>::new());
    let county = form(sample.first_reviewer.node.as_str());
    let below = stage.get(admin, &format!("/accounts?node={county}&limit=100")).await;
    assert!(!ids(&below).contains(&sample.finance.id.as_str()));
    let beyond = stage.send(admin, "GET /accounts?node=%2Fhq%2F1600%2F", None, Value::Null).await;
    assert_eq!(code(&beyond), refused(404, "NOT_FOUND"));
    let first = stage.get(admin, "/accounts?limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = stage.get(admin, &format!("/accounts?limit=2&cursor={next}")).await;
    assert!(ids(&second).iter().all(|id| !ids(&first).contains(id)));
    let handler = stage.send(&sample.handler, "GET /accounts", None, Value::Null).await;
    assert_eq!(code(&handler), refused(403, "NOT_PERMITTED"));
}

fn form(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn an_account_is_shown_with_its_number_masked() {
    let stage = Stage::new().await;
    let path = format!("/accounts/{}", stage.world.sample.finance.id);
    let shown = stage.get(stage.admin(), &path).await;
    let told = ["mobile", "totp", "version", "manageable"].map(|field| shown[field].clone());
    assert_eq!(told, [json!("138****0077"), json!(false), json!(1), json!(true)]);
    assert_eq!(shown["user_name"], stage.world.sample.finance.user_name.as_str());
    let elsewhere = format!("GET /accounts/{}", stage.world.sample.stranger_reviewer.id);
    let reply = stage.send(stage.admin(), &elsewhere, None, Value::Null).await;
    assert_eq!(code(&reply), refused(404, "NOT_FOUND"));
    assert_eq!(stage.get(&stage.world.sample.auditor, &path).await["manageable"], false, "auditors look only");
}

#[tokio::test]
async fn a_change_is_kept_told_in_the_trail_and_answered_once() {
    let stage = Stage::new().await;
    let finance = stage.world.sample.finance.clone();
    let request = format!("PUT /accounts/{}", finance.id);
    let body = json!({
        "name": "周才", "roles": ["finance", "archivist"], "node": finance.node, "mobile": "139 0000 0078",
    });
    let first = stage.send_as("form-once", stage.admin(), &request, Some(1), body.clone()).await;
    assert_eq!((first.status, first.header("etag")), (StatusCode::OK, "\"2\""), "{:?}", first.body);
    let again = stage.send_as("form-once", stage.admin(), &request, Some(1), body.clone()).await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body), "delivered twice");
    let late = stage.send(stage.admin(), &request, Some(1), body).await;
    assert_eq!((code(&late), late.header("etag")), (refused(412, "VERSION_CHANGED"), "\"2\""));

    let now = stage.account(&finance).await;
    assert_eq!((now.name.as_str(), now.roles.len(), now.version), ("周才", 2, 2));
    let told = stage.notes(&format!("account-{}", finance.id)).await;
    let note = format!("姓名：{} → 周才；角色：财务 → 财务、归档；手机号码：138****0077 → 139****0078", finance.name);
    assert_eq!(told, [("change-account".to_owned(), note)]);
    let shown = stage.get(stage.admin(), &format!("/accounts/{}/trail", finance.id)).await;
    assert_eq!(shown["items"][0]["actor_name"], stage.admin().name.as_str());
    assert!(!shown.to_string().contains("13900000078"));
}

#[tokio::test]
async fn everything_wrong_is_named_and_nothing_is_written() {
    let stage = Stage::new().await;
    let finance = &stage.world.sample.finance;
    let body = json!({"name": "1", "roles": ["org-admin"], "node": "/hq/2602/nowhere/", "mobile": "12"});
    let reply = stage.send(stage.admin(), &format!("PUT /accounts/{}", finance.id), Some(1), body).await;
    assert_eq!(code(&reply), refused(422, "INVALID"));
    let problem: Problem = reply.json().unwrap();
    let places: Vec<_> = problem.errors.iter().map(|fault| fault.pointer.as_str()).collect();
    assert!(["/name", "/node", "/mobile"].iter().all(|place| places.contains(place)), "{places:?}");
    assert_eq!(stage.account(finance).await.version, 1);
    let moved = json!({"name": finance.name, "roles": ["org-admin"], "node": finance.node});
    let reply = stage.send(stage.admin(), &format!("PUT /accounts/{}", finance.id), Some(1), moved).await;
    let problem: Problem = reply.json().unwrap();
    assert_eq!(problem.errors[0].code, "ROLE_NOT_GRANTABLE", "an administrator is made from above");
}

/// Roles × routes: who may not administrate gets nothing done, and nobody touches the own account or one from above.
#[tokio::test]
async fn only_administrators_change_accounts() {
    let stage = Stage::new().await;
    let sample = &stage.world.sample;
    let commands = |of: &Account| {
        let reason = json!({"reason": "测试"});
        vec![
            (format!("PUT /accounts/{}", of.id), appointment(of)),
            (format!("POST /accounts/{}/closing", of.id), reason.clone()),
            (format!("POST /accounts/{}/reopening", of.id), reason.clone()),
            (format!("POST /accounts/{}/totp-reset", of.id), reason),
            (format!("POST /accounts/{}/password-link", of.id), json!({})),
        ]
    };
    for by in sample.accounts() {
        for (request, body) in commands(&sample.registrar) {
            let may = by.roles.contains(&Role::OrgAdmin) && by.node.covers(&sample.registrar.node);
            if !may {
                let reply = stage.send(by, &request, Some(1), body).await;
                assert_eq!(code(&reply), refused(403, "NOT_PERMITTED"), "{} {request}", by.name);
            }
        }
    }
    for (request, body) in commands(stage.admin()) {
        assert_eq!(code(&stage.send(stage.admin(), &request, Some(1), body).await), refused(403, "OWN_ACCOUNT"));
    }
    for (request, body) in commands(&sample.stranger_reviewer) {
        assert_eq!(code(&stage.send(stage.admin(), &request, Some(1), body).await), refused(404, "NOT_FOUND"));
    }
    let beside = Account {
        id: domain::ids::AccountId::parse("beside").unwrap(),
        user_name: "beside".into(),
        roles: vec![Role::Auditor],
        ..stage.admin().clone()
    };
    stage.world.store.inner().with_account(beside.clone(), PASSWORD_HASH);
    for (request, body) in commands(&beside) {
        assert_eq!(code(&stage.send(stage.admin(), &request, Some(1), body).await), refused(403, "MADE_FROM_ABOVE"));
    }
}

#[tokio::test]
async fn closing_ends_every_session_and_a_closed_administrator_changes_nothing_more() {
    let stage = Stage::new().await;
    let finance = stage.world.sample.finance.clone();
    let store = stage.world.store.inner();
    let totp = Totp { sealed_secret: "sealed".into(), last_step: 1 };
    assert!(store.set_totp(&finance.id, &totp).await.unwrap());
    let send = async |what: &str, seen| {
        let request = format!("POST /accounts/{}/{what}", finance.id);
        stage.send(stage.admin(), &request, Some(seen), json!({"reason": "离职"})).await.status.as_u16()
    };
    assert_eq!((send("totp-reset", 1).await, send("closing", 2).await), (200, 200));
    let credentials = store.credentials_of(&finance.id).await.unwrap().unwrap();
    assert_eq!((credentials.generation, credentials.totp, credentials.account.active), (2, None, false));
    assert_eq!(send("reopening", 3).await, 200);
    assert!(stage.account(&finance).await.active);
    let told = stage.notes(&format!("account-{}", finance.id)).await;
    let expected = [
        ("reset-totp", "原因：离职"),
        ("close-account", "状态：启用 → 停用；原因：离职"),
        ("reopen-account", "状态：停用 → 启用；原因：离职"),
    ];
    assert_eq!(told.iter().map(|(action, note)| (action.as_str(), note.as_str())).collect::<Vec<_>>(), expected);

    store.with_account(Account { active: false, ..stage.admin().clone() }, PASSWORD_HASH);
    let request = format!("POST /accounts/{}/closing", finance.id);
    let reply = stage.send(stage.admin(), &request, Some(4), json!({"reason": "x"})).await;
    assert_eq!(code(&reply), refused(403, "NOT_PERMITTED"), "the token still says that it may");
}

#[tokio::test]
async fn a_new_link_is_texted_and_is_in_no_answer() {
    let stage = Stage::new().await;
    let finance = &stage.world.sample.finance;
    let request = format!("POST /accounts/{}/password-link", finance.id);
    let reply = stage.send(stage.admin(), &request, Some(1), json!({})).await;
    assert_eq!(reply.status, StatusCode::OK);
    let messages = stage.world.store.inner().outbox();
    assert_eq!(messages.len(), 1);
    assert!(!String::from_utf8_lossy(&reply.body).contains("set-password"));
    let none = format!("POST /accounts/{}/password-link", stage.world.sample.registrar.id);
    assert_eq!(code(&stage.send(stage.admin(), &none, Some(1), json!({})).await), refused(409, "NO_MOBILE"));
}

#[tokio::test]
async fn a_crash_before_the_commit_changes_nothing_and_one_after_it_is_answered_the_same() {
    for (when, version) in [(When::Before, 1), (When::AfterWritten, 2)] {
        let stage = Stage::new().await;
        let finance = stage.world.sample.finance.clone();
        let request = format!("POST /accounts/{}/closing", finance.id);
        stage.world.faults.fail_next(Call::Commit, when);
        let send = async || stage.send_as("form-crash", stage.admin(), &request, Some(1), json!({"reason": "x"})).await;
        assert_eq!(send().await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(stage.account(&finance).await.version, version, "{when:?}");
        let again = send().await;
        assert_eq!((again.status, again.header("etag")), (StatusCode::OK, "\"2\""), "{when:?}");
        assert_eq!(stage.notes(&format!("account-{}", finance.id)).await.len(), 1, "{when:?}");
    }
}

#[tokio::test]
async fn the_tree_is_listed_grows_and_is_renamed() {
    let stage = Stage::new().await;
    let admin = stage.admin();
    let tree = stage.get(admin, "/nodes").await;
    let paths: Vec<&str> = tree.as_array().unwrap().iter().map(|node| node["path"].as_str().unwrap()).collect();
    assert_eq!(paths[0], "/hq/2602/");
    assert!(paths.is_sorted() && paths.iter().all(|path| path.starts_with("/hq/2602/")), "{paths:?}");
    assert_eq!(stage.get(&stage.world.sample.handler, "/nodes").await, json!([]), "a unit stands at no node");

    let body = json!({"parent": "baoji", "name": "麟游县总工会"});
    let added = stage.send_as("form-add", admin, "POST /nodes", None, body.clone()).await;
    assert_eq!((added.status, added.header("etag")), (StatusCode::CREATED, "\"1\""), "{:?}", added.body);
    let again = stage.send_as("form-add", admin, "POST /nodes", None, body.clone()).await;
    assert_eq!(again.body, added.body, "delivered twice");
    let node: Value = added.json().unwrap();
    assert_eq!((node["parent"].as_str(), node["office_code"].as_str()), (Some("baoji"), Some("2602")));
    let twin = stage.send(admin, "POST /nodes", None, body).await;
    assert_eq!(twin.json::<Problem>().unwrap().errors[0].code, "NODE_NAME_TAKEN");

    let request = format!("PUT /nodes/{}", node["id"].as_str().unwrap());
    let renamed = stage.send(admin, &request, Some(1), json!({"name": "麟游县工会"})).await;
    assert_eq!((renamed.status, renamed.header("etag")), (StatusCode::OK, "\"2\""));
    let taken = stage.send(admin, &request, Some(2), json!({"name": "凤县总工会"})).await;
    assert_eq!(taken.json::<Problem>().unwrap().errors[0].code, "NODE_NAME_TAKEN");
    let stale = stage.send(admin, &request, Some(1), json!({"name": "别名"})).await;
    assert_eq!(code(&stale), refused(412, "VERSION_CHANGED"));
    let trail = stage.get(admin, &format!("/nodes/{}/trail", node["id"].as_str().unwrap())).await;
    let notes: Vec<_> =
        trail["items"].as_array().unwrap().iter().map(|entry| entry["note"].as_str().unwrap()).collect();
    assert_eq!(notes, ["麟游县总工会；上级：宝鸡代办处", "名称：麟游县总工会 → 麟游县工会"]);

    for (by, status) in [(&stage.world.sample.supervisor, 403), (&stage.world.sample.stranger_reviewer, 403)] {
        let body = json!({"parent": "baoji", "name": "太白县总工会"});
        assert_eq!(stage.send(by, "POST /nodes", None, body).await.status.as_u16(), status);
    }
    let beyond = stage.send(admin, "POST /nodes", None, json!({"parent": "1600", "name": "开封市"})).await;
    assert_eq!(code(&beyond), refused(404, "NOT_FOUND"));
}

#[tokio::test]
async fn settings_are_replaced_from_the_version_seen_and_told() {
    let stage = Stage::new().await;
    let (admin, path) = (stage.admin(), "/nodes/2602/settings");
    let mut settings = stage.get(admin, path).await;
    assert_eq!(settings["final_enrolment_review"], "reviewer-decides");
    settings["final_enrolment_review"] = json!("always");
    settings["settlement_day"] = json!(20);
    let changed = stage.send(admin, &format!("PUT {path}"), Some(1), settings.clone()).await;
    assert_eq!((changed.status, changed.json::<Value>().unwrap()), (StatusCode::OK, settings.clone()));
    let stale = stage.send(admin, &format!("PUT {path}"), Some(1), settings.clone()).await;
    assert_eq!(code(&stale), refused(412, "VERSION_CHANGED"));
    let kept = stage.world.store.inner().node(&stage.world.sample.office().id).await.unwrap().unwrap();
    assert_eq!(kept.settings.map(|settings| settings.final_enrolment_review), Some(FinalReview::Always));
    let told = stage.notes("node-2602").await;
    assert_eq!(told, [("change-settings".into(), "结算日：25 → 20；参保终审：由复审人决定 → 一律终审".into())]);
    settings["settlement_day"] = json!(32);
    let wrong = stage.send(admin, &format!("PUT {path}"), Some(2), settings.clone()).await;
    assert_eq!(wrong.json::<Problem>().unwrap().errors[0].pointer, "/settlement_day");
    let agency = stage.send(admin, "GET /nodes/baoji/settings", None, Value::Null).await;
    assert_eq!(code(&agency), refused(404, "NOT_FOUND"), "only offices have some");
    let supervisor = stage.send(&stage.world.sample.supervisor, &format!("GET {path}"), None, Value::Null).await;
    assert_eq!(code(&supervisor), refused(403, "NOT_PERMITTED"));
}

#[tokio::test]
async fn supervisors_see_whom_a_task_can_be_handed_to() {
    let stage = Stage::new().await;
    let sample = &stage.world.sample;
    let closed = Account { active: false, ..sample.other_first_reviewer.clone() };
    stage.world.store.inner().with_account(closed, PASSWORD_HASH);
    let path = "/dispatch-candidates?role=enrolment-first-reviewer";
    assert_eq!(ids(&stage.get(&sample.supervisor, path).await), [sample.first_reviewer.id.as_str()]);
    let handler = stage.send(&sample.handler, &format!("GET {path}"), None, Value::Null).await;
    assert_eq!(code(&handler), refused(403, "NOT_PERMITTED"));
}

#[tokio::test]
async fn auditors_see_what_an_account_did() {
    let stage = Stage::new().await;
    let finance = &stage.world.sample.finance;
    let close = format!("POST /accounts/{}/closing", finance.id);
    stage.send(stage.admin(), &close, Some(1), json!({"reason": "离职"})).await;
    let path = format!("/accounts/{}/actions", stage.admin().id);
    let actions = stage.get(&stage.world.sample.auditor, &path).await;
    let told = ["action", "subject"].map(|field| actions["items"][0][field].clone());
    assert_eq!(told, [json!("close-account"), json!(format!("account-{}", finance.id))]);
    let admin = stage.send(stage.admin(), &format!("GET {path}"), None, Value::Null).await;
    assert_eq!(code(&admin), refused(403, "NOT_PERMITTED"), "administrators do not audit");
}

#[tokio::test]
async fn auditors_search_what_was_done_in_their_subtree() {
    let stage = Stage::new().await;
    let (finance, auditor) = (&stage.world.sample.finance, &stage.world.sample.auditor);
    let of_office = Account { node: stage.world.sample.office().path.clone(), ..auditor.clone() };
    let close = format!("POST /accounts/{}/closing", finance.id);
    stage.send(stage.admin(), &close, Some(1), json!({"reason": "离职"})).await;
    let agency = json!({"parent": "2602", "name": "开封市"});
    stage.send(stage.admin(), "POST /nodes", None, agency).await;
    let told = async |query: String| -> Vec<[Value; 3]> {
        let actions = stage.get(auditor, &format!("/actions{query}")).await;
        let items = actions["items"].as_array().unwrap().clone();
        items.iter().map(|item| ["action", "kind", "name"].map(|field| item[field].clone())).collect()
    };
    let added = [json!("add-agency"), json!("node"), json!("开封市")];
    let closed = [json!("close-account"), json!("account"), json!(finance.user_name)];
    assert_eq!(told(String::new()).await, [added.clone(), closed.clone()], "the newest first");
    assert_eq!(told("?kind=account".into()).await, std::slice::from_ref(&closed));
    assert_eq!(told("?action=add-agency".into()).await, std::slice::from_ref(&added));
    assert_eq!(told(format!("?name={}", finance.user_name)).await, [closed]);
    assert_eq!(
        told("?node=/hq/2602/baoji/".into()).await,
        Vec::<[Value; 3]>::new(),
        "both lie at the office or beside it"
    );
    assert_eq!(told("?from=2020-01-01&to=2020-12-31".into()).await, Vec::<[Value; 3]>::new());

    for (by, query, refusal) in [
        (&of_office, "?node=/hq/", refused(404, "NOT_FOUND")),
        (auditor, "?from=2026-02-01&to=2026-01-01", refused(400, "MALFORMED_REQUEST")),
        (auditor, "?kind=nothing", refused(400, "MALFORMED_REQUEST")),
        (stage.admin(), "", refused(403, "NOT_PERMITTED")),
    ] {
        let reply = stage.send(by, &format!("GET /actions{query}"), None, Value::Null).await;
        assert_eq!(code(&reply), refusal, "{query}");
    }
}

#[tokio::test]
async fn a_list_of_actions_does_not_tell_which_unit_is_classified() {
    let stage = Stage::new().await;
    let sample = &stage.world.sample;
    let (store, unit) = (stage.world.store.inner(), sample.unit.clone());
    let entry = TrailEntry {
        topic: Topic::unit(&unit),
        version: 2,
        n: 0,
        at: stage.world.clock.now(),
        account: Some(sample.registrar.id.clone()),
        actor_name: sample.registrar.name.clone(),
        action: "edit".to_owned(),
        from: "active".to_owned(),
        to: "active".to_owned(),
        note: format!("单位名称：甲厂 → {}", unit.name),
        duration_ms: 0,
    };
    store.commit(Commit { trail: vec![entry.clone()], ..Commit::default() }).await.unwrap();
    let told = async |by: &Account, path: &str| {
        let item = stage.get(by, path).await["items"][0].clone();
        ["subject", "name", "note"].map(|field| item[field].as_str().unwrap().to_owned())
    };
    let by_account = format!("/accounts/{}/actions", sample.registrar.id);
    let county = Account { node: sample.registrar.node.clone(), ..sample.auditor.clone() };
    for path in ["/actions", by_account.as_str()] {
        let open = told(&sample.auditor, path).await;
        assert_eq!(open, [unit.id.to_string(), unit.code.clone(), entry.note.clone()], "{path}");
    }
    store.with_unit(Unit { classified: true, ..unit.clone() });
    for path in ["/actions", by_account.as_str()] {
        let [subject, name, note] = told(&sample.auditor, path).await;
        assert_eq!((subject, name.as_str()), (unit.id.to_string(), ""), "{path}");
        assert!(!note.contains(unit.name.as_str()), "{path}: {note}");
        assert_eq!(told(&county, path).await[1], unit.code, "within its agency, {path}");
    }
}

#[tokio::test]
async fn roles_tell_what_they_grant() {
    let stage = Stage::new().await;
    let roles = stage.get(stage.admin(), "/roles").await;
    let roles = roles.as_array().unwrap();
    assert_eq!(roles.len(), Role::ALL.len());
    let of = |name: &str| roles.iter().find(|role| role["role"] == name).unwrap();
    assert_eq!((&of("finance")["name"], &of("finance")["grantable_here"]), (&json!("财务"), &json!(true)));
    assert_eq!(of("org-admin")["grantable_here"], false);
    assert!(of("finance")["permissions"].as_array().unwrap().contains(&json!("work-payment")));
}

#[tokio::test]
async fn the_directory_in_memory_knows_the_sample() {
    let stage = Stage::new().await;
    let nodes = stage.world.store.inner().nodes_under(&NodePath::root()).await.unwrap();
    assert_eq!(nodes.len(), stage.world.sample.nodes.len());
}
