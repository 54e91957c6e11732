//! Every route within this process, over tables in memory.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use domain::account::Account;
use domain::ids::AccountId;
use domain::message::Message;
use domain::organisation::Unit;
use http::Request;
use lambda::auth::{Claims, LocalKey, Verifier, issue};
use lambda::enrolments::Counter;
use lambda::http::{Gate, Problem, Reply, app, call};
use serde_json::{Value, json};
use testing::faults::When;
use testing::world::World;
use workflow::desk::Desk;
use workflow::ports::{Clock, Registry};
use workflow::scope::Scope;

use crate::{Bureau, routes};

struct Stage {
    w: World,
    app: Router,
    key: LocalKey,
    registrar: Account,
    handler: Account,
    unit: Unit,
}

impl Stage {
    async fn new() -> Self {
        let w = World::default();
        let key = LocalKey::generate().unwrap();
        let desk =
            Desk { store: Arc::new(w.store.clone()), clock: Arc::new(w.clock.clone()), ids: Arc::new(w.ids.clone()) };
        let cipher = Arc::new(w.cipher);
        let counter = Counter { desk, links: Arc::new(w.objects.clone()) };
        let gate = Gate::new(Verifier::load(&key).await.unwrap(), Arc::new(w.clock.clone()));
        let routes = routes(Bureau { counter, cipher: cipher.clone() }).split_for_parts().0;
        let (registrar, handler, unit) = (w.sample.registrar.clone(), w.sample.handler.clone(), w.sample.unit.clone());
        Self { app: app(routes, gate.with_cursors(cipher)), w, key, registrar, handler, unit }
    }

    async fn send(&self, by: &Account, request: &str, key: &str, seen: u64, body: &Value) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let claims = Claims::new(by.actor(), "family", self.w.clock.now());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header("if-match", format!("\"{seen}\""))
            .header("authorization", format!("Bearer {}", issue(&self.key, &claims).await.unwrap()));
        let body = if method == "GET" { Body::empty() } else { Body::from(body.to_string()) };
        call(&self.app, request.body(body).unwrap()).await
    }

    /// A change of the sample unit at a version.
    async fn change(&self, by: &Account, method: &str, rest: &str, seen: u64, body: Value) -> Reply {
        let request = format!("{method} /units/{}{rest}", self.unit.id);
        self.send(by, &request, &format!("key-{method}-{rest}-{seen}").replace('/', "-"), seen, &body).await
    }

    async fn get(&self, by: &Account, path: &str) -> Value {
        let reply = self.send(by, &format!("GET {path}"), "-", 0, &Value::Null).await;
        assert_eq!(reply.status, 200, "{path} {:?}", reply.body);
        reply.json().unwrap()
    }

    async fn stored(&self) -> Unit {
        self.w.store.inner().unit(&self.unit.id, &Scope::Platform).await.unwrap().unwrap()
    }
}

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Problem>().unwrap().code.to_string())
}

fn facts() -> Value {
    json!({
        "name": "岐山机械厂", "nature": "state-owned", "certificate_type": "business-licence",
        "code": "91370211MA3ABCDE1K", "union_name": "岐山机械厂工会委员会", "union_code": "81370200MC7654321U",
        "region": {"province": "陕西省", "city": "宝鸡市", "county": "岐山县"}, "address": "人民路9号",
    })
}

fn contact(name: &str, mobile: &str) -> Value {
    json!({
        "name": name, "position": "工会干事", "office_phone": {"area_code": "0917", "number": "8212345"},
        "mobile": mobile, "email": "someone@example.com",
    })
}

fn names(list: &Value) -> Vec<&str> {
    list["items"]
        .as_array()
        .unwrap_or_else(|| list.as_array().unwrap())
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn units_are_found_by_any_part_of_their_name_within_the_readers_subtree() {
    let stage = Stage::new().await;
    let supervisor = &stage.w.sample.supervisor;
    let part = |text: &str| format!("/units?name={}", text.bytes().map(|b| format!("%{b:02X}")).collect::<String>());
    assert_eq!(names(&stage.get(supervisor, &part("械厂")).await), ["岐山机械厂"]);
    assert_eq!(names(&stage.get(supervisor, &part(" 机 械")).await), ["岐山机械厂"]);
    assert!(names(&stage.get(supervisor, &part("纺织")).await).is_empty(), "another office's");
    assert_eq!(names(&stage.get(&stage.w.sample.auditor, &part("纺织")).await), ["红旗纺织厂"]);
    assert_eq!(names(&stage.get(supervisor, "/units").await).len(), 2);
    let first = stage.get(supervisor, "/units?limit=1").await;
    let next = stage.get(supervisor, &format!("/units?limit=1&cursor={}", first["next"].as_str().unwrap())).await;
    assert_ne!(names(&first), names(&next));
    assert_eq!(stage.send(supervisor, &format!("GET {}", part("厂")), "-", 0, &Value::Null).await.status, 400);
    assert_eq!(stage.send(&stage.handler, "GET /units", "-", 0, &Value::Null).await.status, 403);
    assert_eq!(stage.send(supervisor, "GET /units?node=/hq/1600/", "-", 0, &Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_change_is_written_once_with_what_was_before() {
    let stage = Stage::new().await;
    let reply = stage.change(&stage.registrar, "PUT", "", 1, facts()).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let again = stage.change(&stage.registrar, "PUT", "", 1, facts()).await;
    assert_eq!(again.json::<Value>().unwrap(), reply.json::<Value>().unwrap());
    let other = json!({"active": true, "restricted": false, "classified": true});
    assert_eq!(
        refused(&stage.change(&stage.registrar, "PUT", "/standing", 1, other).await),
        (412, "VERSION_CHANGED".into())
    );
    let trail = stage.get(&stage.registrar, &format!("/units/{}/trail", stage.unit.id)).await;
    let note = trail["items"][0]["note"].as_str().unwrap();
    assert!(note.contains("地址：样例县样例路2号 → 人民路9号") && note.contains("单位性质：无 → 国有企业"), "{note}");
    assert!(!note.contains("工会名称"), "what stayed the same is not told: {note}");
    let by_code = stage.get(&stage.registrar, "/units?code=91370211ma3abcde1k").await;
    assert_eq!(names(&by_code), ["岐山机械厂"]);
    let mut wrong = facts();
    wrong["nature"] = json!("个体");
    wrong["address"] = json!("");
    let reply = stage.change(&stage.registrar, "PUT", "", 2, wrong).await;
    let problem: Problem = reply.json().unwrap();
    let pointers: Vec<&str> = problem.errors.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/nature", "/address"]);
}

#[tokio::test]
async fn a_classified_units_name_is_masked_outside_its_agency() {
    let stage = Stage::new().await;
    let classified = json!({"active": true, "restricted": false, "classified": true});
    assert_eq!(stage.change(&stage.registrar, "PUT", "/standing", 1, classified).await.status, 200);
    assert!(names(&stage.get(&stage.registrar, "/units").await).contains(&"岐山机械厂"));
    let outside = stage.get(&stage.w.sample.supervisor, "/units").await;
    assert!(names(&outside).contains(&"岐***厂"), "{outside}");
    assert!(outside["items"].as_array().unwrap().iter().any(|row| row["code"].is_null()));
}

#[tokio::test]
async fn a_unit_maintains_its_address_and_contacts_and_nothing_else() {
    let stage = Stage::new().await;
    let handler = &stage.handler;
    assert_eq!(refused(&stage.change(handler, "PUT", "", 1, facts()).await), (403, "NOT_PERMITTED".into()));
    let address = json!({"address": " 人民路10号 "});
    assert_eq!(stage.change(handler, "PUT", "/address", 1, address).await.status, 200);
    let reply = stage.change(handler, "POST", "/contacts", 2, contact("赵六", "13911112222")).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let unit: Value = reply.json().unwrap();
    let added = &unit["contacts"][0];
    assert_eq!((&added["name"], &added["mobile"]), (&json!("赵六"), &json!("139****2222")));
    let id = AccountId::parse(added["account"].as_str().unwrap()).unwrap();
    let account = stage.w.store.inner().account(&id).await.unwrap().unwrap();
    assert_eq!((account.user_name.as_str(), account.unit.as_ref()), ("zhaoliu", Some(&stage.unit.id)));
    let outbox = stage.w.store.inner().outbox();
    assert_eq!(outbox[0].message, Message::PasswordLink { account: id.clone() }, "the new contact gets a link");
    let twice = stage.change(handler, "POST", "/contacts", 3, contact("钱七", "13911112222")).await;
    assert_eq!(refused(&twice), (422, "INVALID".into()));

    let found: Value =
        stage.send(&stage.registrar, "POST /unit-searches", "-", 0, &json!({"contact": "赵六"})).await.json().unwrap();
    assert_eq!(names(&found), ["岐山机械厂"]);
    let found: Value = stage
        .send(&stage.registrar, "POST /unit-searches", "-", 0, &json!({"contact": "139 1111 2222"}))
        .await
        .json()
        .unwrap();
    assert_eq!(names(&found), ["岐山机械厂"]);
    let full = stage.get(handler, &format!("/units/{}/contacts/{id}", stage.unit.id)).await;
    assert_eq!(full["mobile"], "13911112222");

    let rest = format!("/contacts/{id}");
    assert_eq!(stage.change(handler, "PUT", "/handler", 3, json!({"account": id.as_str()})).await.status, 200);
    let disable = stage.change(handler, "PUT", &format!("{rest}/active"), 4, json!({"active": false})).await;
    assert_eq!(refused(&disable), (409, "CONTACT_IS_HANDLER".into()));
    // The sample's handler was no contact yet.
    let old = format!("/contacts/{}", stage.handler.id);
    assert_eq!(stage.change(handler, "PUT", &old, 4, contact("王芳", "13933334444")).await.status, 200);
    assert_eq!(stage.change(handler, "PUT", &format!("{old}/active"), 5, json!({"active": false})).await.status, 200);
    assert!(
        !stage.w.store.inner().account(&stage.handler.id).await.unwrap().unwrap().active,
        "cannot sign in any more"
    );
    let unit = stage.stored().await;
    assert_eq!((unit.handler, unit.version, unit.record.contacts.len()), (id, 6, 2));
    let found: Value =
        stage.send(&stage.registrar, "POST /unit-searches", "-", 0, &json!({"contact": "王芳"})).await.json().unwrap();
    assert!(names(&found).is_empty(), "a disabled contact is not found");
}

#[tokio::test]
async fn others_units_do_not_exist() {
    let stage = Stage::new().await;
    let neighbour = &stage.w.sample.neighbour_handler;
    for (method, rest, body) in [
        ("GET", "", json!({})),
        ("PUT", "", facts()),
        ("PUT", "/address", json!({"address": "x"})),
        ("POST", "/contacts", contact("赵六", "13911112222")),
        ("GET", "/trail", json!({})),
    ] {
        assert_eq!(stage.change(neighbour, method, rest, 1, body).await.status, 404, "{method} {rest}");
    }
    assert_eq!(stage.stored().await.version, 1);
}

#[tokio::test]
async fn a_crash_at_a_commit_loses_and_doubles_nothing() {
    for when in [When::Before, When::AfterWritten] {
        let stage = Stage::new().await;
        for attempt in 0..2 {
            if attempt == 0 {
                stage.w.faults.fail_next_commit(when);
            }
            let reply = stage.change(&stage.handler, "POST", "/contacts", 1, contact("赵六", "13911112222")).await;
            assert_eq!(reply.status.as_u16(), if attempt == 0 { 503 } else { 200 }, "{when:?} {:?}", reply.body);
        }
        assert_eq!(stage.stored().await.record.contacts.len(), 1);
        assert_eq!(stage.w.store.inner().outbox().len(), 1);
    }
}

/// A registrar of the city, below which the sample unit and its neighbour stand.
fn city_registrar(stage: &Stage) -> Account {
    let node = stage.registrar.node.parent().unwrap();
    Account { id: AccountId::parse("city-registrar").unwrap(), node, ..stage.registrar.clone() }
}

#[tokio::test]
async fn units_are_merged_by_who_sees_both_in_the_versions_seen() {
    let stage = Stage::new().await;
    assert_eq!(stage.change(&stage.handler, "POST", "/contacts", 1, contact("赵六", "13911112222")).await.status, 200);
    let id = stage.stored().await.record.contacts[0].account.clone();
    let survivor = stage.w.sample.neighbour.clone();
    let (by, rest) = (city_registrar(&stage), format!("/merger/{}", survivor.id));
    let preview = stage.get(&by, &format!("/units/{}{rest}", stage.unit.id)).await;
    assert_eq!((&preview["obstacles"], &preview["enrolments"]), (&json!([]), &json!([])));
    assert_eq!(preview["merged"]["contacts"][0]["account"], json!(id));
    let versions = ["merged", "survivor"].map(|unit| preview[unit]["version"].clone());
    assert_eq!(versions, [json!(2), json!(1)]);

    let send = async |by: &Account, seen, key: &str, body: Value| {
        stage.send(by, &format!("POST /units/{}{rest}", stage.unit.id), key, seen, &body).await
    };
    let plain = || json!({"survivor_version": 1});
    assert_eq!(send(&stage.registrar, 2, "merger-key-1", plain()).await.status, 404, "the other county's");
    assert_eq!(refused(&send(&stage.handler, 2, "merger-key-2", plain()).await), (403, "NOT_PERMITTED".into()));
    assert_eq!(refused(&send(&by, 1, "merger-key-3", plain()).await), (412, "VERSION_CHANGED".into()));
    let stale = send(&by, 2, "merger-key-4", json!({"survivor_version": 2})).await;
    assert_eq!(refused(&stale), (409, "SURVIVOR_CHANGED".into()));
    let unknown = send(&by, 2, "merger-key-5", json!({"survivor_version": 1, "contacts": ["nobody"]})).await;
    assert_eq!(refused(&unknown), (422, "INVALID".into()));
    assert_eq!(stage.stored().await.version, 2, "nothing happened");

    let body = json!({"survivor_version": 1, "contacts": [id]});
    for when in [When::Before, When::AfterWritten] {
        stage.w.faults.fail_next_commit(when);
        assert_eq!(send(&by, 2, "merger-key-6", body.clone()).await.status, 503, "{when:?}");
    }
    let reply = send(&by, 2, "merger-key-6", body).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let unit: Value = reply.json().unwrap();
    assert_eq!((&unit["merged_into"], &unit["version"]), (&json!(survivor.id), &json!(3)));
    let store = stage.w.store.inner();
    let account = store.account(&id).await.unwrap().unwrap();
    assert_eq!((account.unit.as_ref(), &account.node, account.active), (Some(&survivor.id), &survivor.path, true));
    let after = store.unit(&survivor.id, &Scope::Platform).await.unwrap().unwrap();
    assert_eq!((after.record.contacts.len(), after.moving), (1, true));
    let moves = store.outbox().into_iter().filter(|outgoing| matches!(outgoing.message, Message::MoveUnit(_)));
    assert_eq!(moves.count(), 1);
    let found = stage.send(&by, "POST /unit-searches", "-", 0, &json!({"contact": "赵六"})).await;
    assert_eq!(names(&found.json().unwrap()), [survivor.name.as_str()], "found where they work now");
}
