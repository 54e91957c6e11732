#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use domain::account::{Account, Role};
use domain::ids::AccountId;
use domain::message::{Message, Outgoing};
use domain::message_log::RecordChange;
use domain::texts::Said;
use lambda::auth::{Claims, LocalKey, Verifier, issue};
use lambda::http::{Gate, Reply, app, call};
use serde_json::{Value, json};
use testing::world::World;
use workflow::commit::Commit;
use workflow::desk::Desk;
use workflow::ports::{Clock, Commits};

use super::*;

struct Stage {
    world: World,
    app: axum::Router,
    key: LocalKey,
}

impl Stage {
    async fn open() -> Self {
        let world = World::default();
        let key = LocalKey::generate().unwrap();
        let desk = Desk {
            store: Arc::new(world.store.clone()),
            clock: Arc::new(world.clock.clone()),
            ids: Arc::new(world.ids.clone()),
        };
        let counter = Counter { desk, links: Arc::new(world.objects.clone()) };
        let cipher: Arc<dyn Cipher> = Arc::new(world.cipher);
        let gate = Gate::new(Verifier::load(&key).await.unwrap(), Arc::new(world.clock.clone()));
        let routes = routes(Postbox { counter, cipher: cipher.clone() }).split_for_parts().0;
        Self { world, app: app(routes, gate.with_cursors(cipher)), key }
    }

    async fn send(&self, by: &Account, request: &str, key: &str) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let token = issue(&self.key, &Claims::new(by.actor(), "family", self.world.clock.now())).await.unwrap();
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        let body = if method == "GET" { axum::body::Body::empty() } else { axum::body::Body::from("{}") };
        call(&self.app, request.body(body).unwrap()).await
    }

    async fn list(&self, by: &Account, path: &str) -> Vec<Value> {
        let reply = self.send(by, &format!("GET {path}"), "list").await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {:?}", reply.body);
        reply.json::<Value>().unwrap()["items"].as_array().unwrap().clone()
    }

    fn account(&self, role: Role) -> Account {
        self.world.sample.account_for(role).clone()
    }

    /// A link for an account, as it stands in the log.
    async fn link(&self, id: &str, fate: Fate) -> MessageRecord {
        let handler = self.account(Role::UnitHandler);
        let message = Message::PasswordLink { account: handler.id.clone() };
        let outgoing = Outgoing { id: MessageId::parse(id).unwrap(), message };
        let now = self.world.clock.now();
        let record = MessageRecord::queued(&outgoing, Some(&handler.node), now).unwrap();
        let record = record.became(fate, Some(message_log::REFUSED), now);
        let commit = Commit { records: vec![RecordChange::Open(record.clone())], ..Commit::default() };
        self.world.store.inner().commit(commit).await.unwrap();
        record
    }
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Value>().unwrap()["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn each_reader_sees_the_messages_of_the_own_subtree() {
    let stage = Stage::open().await;
    let (handler, supervisor) = (stage.account(Role::UnitHandler), stage.account(Role::Supervisor));
    let record = stage.link("m-1", Fate::Failed).await;
    let unit = handler.unit.clone().unwrap();
    for (by, path) in [
        (&handler, "/me/messages".to_owned()),
        (&handler, format!("/units/{unit}/messages")),
        (&supervisor, "/messages".to_owned()),
        (&supervisor, "/messages?state=failed&kind=password-link".to_owned()),
        (&supervisor, format!("/units/{unit}/messages")),
    ] {
        let items = stage.list(by, &path).await;
        assert_eq!(items.len(), 1, "{path}");
        assert_eq!(items[0]["id"], record.id.as_str());
        assert_eq!((&items[0]["state"], &items[0]["may_resend"]), (&json!("failed"), &json!(true)));
        assert_eq!(items[0]["reason_text"], "号码或地址被服务商拒收，请核对后重新发送");
        assert_eq!(items[0]["text"], Value::Null, "a link is not kept");
    }
    assert_eq!(stage.list(&supervisor, "/me/messages").await, Vec::<Value>::new());
    assert_eq!(stage.list(&supervisor, "/messages?state=sent").await, Vec::<Value>::new());
    assert_eq!(stage.list(&supervisor, "/messages?to=2001-01-01").await, Vec::<Value>::new());
    let refused = stage.send(&handler, "GET /messages", "log").await;
    assert_eq!(code(&refused), (403, "NOT_PERMITTED".to_owned()));
    let elsewhere = stage.send(&supervisor, "GET /messages?node=/hq/9999/", "log").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_failed_message_is_sent_again_once_whoever_asks_how_often() {
    let stage = Stage::open().await;
    let supervisor = stage.account(Role::Supervisor);
    let old = stage.link("m-1", Fate::Failed).await;
    let first = stage.send(&supervisor, "POST /messages/m-1/resend", "key-0001").await;
    assert_eq!(first.status, StatusCode::CREATED, "{:?}", first.body);
    let again = stage.send(&supervisor, "POST /messages/m-1/resend", "key-0001").await;
    assert_eq!((again.status, &again.body), (first.status, &first.body), "the same request, the same answer");
    let other = stage.send(&supervisor, "POST /messages/m-1/resend", "key-0002").await;
    assert_eq!(code(&other), (409, "MESSAGE_RESENT".to_owned()));

    let store = stage.world.store.inner();
    let outbox = store.outbox();
    assert_eq!(outbox.len(), 1, "one message left");
    let new: Value = first.json().unwrap();
    assert_eq!((new["id"].as_str(), new["repeats"].as_str()), (Some(outbox[0].id.as_str()), Some("m-1")));
    assert_eq!(Some(&outbox[0].message), old.message.as_ref());
    let records = store.records();
    let of = |id: &str| records.iter().find(|record| record.id.as_str() == id).unwrap();
    assert_eq!(of("m-1").resent_as.as_ref(), Some(&outbox[0].id));
    let (repeated, by) = of(outbox[0].id.as_str()).repeats.clone().unwrap();
    assert_eq!((repeated.as_str(), &by), ("m-1", &supervisor.id));
    assert_eq!(of(outbox[0].id.as_str()).path, old.path, "it is read where the old one was");
}

#[tokio::test]
async fn only_who_may_sends_again_and_only_what_failed() {
    let stage = Stage::open().await;
    let supervisor = stage.account(Role::Supervisor);
    for (id, fate) in [("m-1", Fate::Sent), ("m-2", Fate::Queued), ("m-3", Fate::Retrying), ("m-4", Fate::Failed)] {
        stage.link(id, fate).await;
    }
    for id in ["m-1", "m-2", "m-3"] {
        let refused = stage.send(&supervisor, &format!("POST /messages/{id}/resend"), "key-0001").await;
        assert_eq!(code(&refused), (409, "MESSAGE_NOT_FAILED".to_owned()), "{id}");
    }
    let handler = stage.account(Role::UnitHandler);
    let refused = stage.send(&handler, "POST /messages/m-4/resend", "key-0001").await;
    assert_eq!(code(&refused), (403, "NOT_PERMITTED".to_owned()));
    let none = stage.send(&supervisor, "POST /messages/m-9/resend", "key-0001").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let stranger = Account { node: NodePath::try_from("/hq/9999/".to_owned()).unwrap(), ..supervisor };
    let unseen = stage.send(&stranger, "POST /messages/m-4/resend", "key-0001").await;
    assert_eq!(unseen.status, StatusCode::NOT_FOUND);
    assert_eq!(stage.world.store.inner().outbox(), []);
}

#[tokio::test]
async fn a_code_is_asked_for_anew_instead() {
    let stage = Stage::open().await;
    let record = stage.link("m-1", Fate::Dead).await;
    let code_record = MessageRecord { id: MessageId::parse("m-2").unwrap(), message: None, ..record };
    let account = AccountId::parse("nobody").unwrap();
    let code_record = MessageRecord { account: Some(account), ..code_record };
    let commit = Commit { records: vec![RecordChange::Open(code_record)], ..Commit::default() };
    stage.world.store.inner().commit(commit).await.unwrap();
    let refused = stage.send(&stage.account(Role::Supervisor), "POST /messages/m-2/resend", "key-0001").await;
    assert_eq!(code(&refused), (409, "MESSAGE_NOT_REPEATABLE".to_owned()));
}

#[tokio::test]
async fn a_notice_in_the_portal_is_among_the_own_messages_only() {
    let stage = Stage::open().await;
    let (handler, supervisor) = (stage.account(Role::UnitHandler), stage.account(Role::Supervisor));
    let said = Said::ExportFinished { what: "参保单".to_owned(), rows: 1200 };
    let (id, now) = (MessageId::parse("export-1-done").unwrap(), stage.world.clock.now());
    let about = Some("export-1".to_owned());
    let to = (supervisor.id.clone(), supervisor.node.clone());
    let notice = message_log::notice(&stage.world.cipher, id, to, about, &said, now).unwrap();
    let commit = Commit { records: vec![notice], ..Commit::default() };
    stage.world.store.inner().commit(commit).await.unwrap();
    let items = stage.list(&supervisor, "/me/messages").await;
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["channel"], &items[0]["state"]), (&json!("portal"), &json!("sent")));
    assert_eq!((&items[0]["subject"], &items[0]["about"]), (&json!("参保单已导出"), &json!("export-1")));
    assert_eq!(items[0]["text"], "您导出的参保单已完成，共1200行，请在导出列表中下载。");
    assert_eq!(stage.list(&handler, "/me/messages").await, Vec::<Value>::new());
}
