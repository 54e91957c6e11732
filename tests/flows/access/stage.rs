//! A world in which everything exists that a route names: all of it the sample unit's, or its agency's or office's.

use std::collections::BTreeMap;

use domain::account::{Account, Role};
use domain::enrolment::{
    Certificate, Enrolment, FailedRowFiles, ImportBatch, ImportOutcome, Notice, RenderedCertificate, State,
};
use domain::export::{Export, ExportKind, ExportState, Place};
use domain::ids::{AccountId, EnrolmentId, ExportId, MessageId, TaskId, UploadId};
use domain::message::{Message, Outgoing};
use domain::message_log::{Fate, MessageRecord, RecordChange};
use domain::organisation::{NodePath, Unit};
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use domain::unit::{Contact, UnitRecord};
use domain::upload::{Upload, UploadState};
use lambda::http::Reply;
use lambda::units::ContactInput;
use serde_json::{Value, json};
use testing::sample::{self, PASSWORD_HASH};
use testing::world::World;
use workflow::commit::Commit;
use workflow::contacts;
use workflow::ports::{Clock, Commits, EnrolmentList, Ids, References, Uploads};
use workflow::rosters::{FailedRows, store_failed};

use super::table::{AGENCY, UNIT};
use crate::in_process::Front;
use crate::scope::body;

/// Account of whoever calls.
pub const CALLER: &str = "caller";
/// Version of what is drafted, and published from a later day on.
const VERSION: &str = "2099";
/// Unit codes of the application that is there, and of one that is entered.
const CODES: [&str; 2] = ["91370211MA3ABCDE1K", "81370200MC7654321U"];
const ID_NUMBER: &str = "110101199003071233";

/// The world of one route: an enrolment of the sample unit in first review, its task, an upload, and what else the route
/// names.
pub struct Stage {
    pub world: World,
    pub front: Front,
    /// What stands for the parts of an address.
    names: BTreeMap<&'static str, String>,
    enrolment: EnrolmentId,
    /// The version of what is changed, where it is no enrolment.
    seen: u64,
    application: Value,
}

fn path(text: &str) -> NodePath {
    NodePath::try_from(text.to_owned()).unwrap()
}

fn first_review(e: &Enrolment) -> Task {
    Task {
        id: TaskId::of(e.id.as_str(), Level::FirstReview.as_str(), 1),
        subject: Subject::Enrolment(e.id.clone()),
        level: Level::FirstReview,
        state: TaskState::Pending,
        path: e.unit.path.clone(),
        application_number: e.application_number.clone(),
        unit_name: e.unit.name.clone(),
        queued_at: e.created_at,
        due_at: e.created_at,
    }
}

/// An enrolment in first review that has everything that is read of one, whether or not it can be there so early.
fn enrolment(world: &World) -> (Enrolment, Upload) {
    let (unit, handler, now) = (&world.sample.unit, &world.sample.handler, world.clock.now());
    let e = sample::draft(world.ids.ulid(), unit, handler, now);
    let upload = sample::upload_for(world.ids.ulid(), &e, handler, b"a,b", now);
    let rendered = RenderedCertificate {
        revision: 1,
        key: "certificates/1.pdf".into(),
        sha256: "0".repeat(64),
        at: now,
        unit_facts: String::new(),
        printed_for: None,
    };
    let certificate = Certificate {
        number: "G26022026031010000001".into(),
        revision: 1,
        requested_at: now,
        problem: None,
        rendered: vec![rendered],
        prints: 0,
        scan: None,
        archive_note: None,
    };
    let message = MessageId::of(e.id.as_str(), 1, 0);
    let failed_rows = FailedRowFiles { workbook: "workbooks/1.xlsx".into(), sealed: "failed-rows/1".into() };
    let batch = ImportBatch {
        upload: upload.id.clone(),
        plans: vec!["hospital-a".into()],
        file_name: "名单.csv".into(),
        begun_at: now,
        outcome: Some(ImportOutcome::Done { total: 1, succeeded: 0, failed: 1, failed_rows: Some(failed_rows) }),
    };
    let e = Enrolment {
        state: State::FirstReview,
        task: Some(first_review(&e).id),
        version: 1,
        certificate: Some(certificate),
        notice: Some(Notice { prints: 1, requested_at: now, message, problem: None }),
        batches: vec![batch],
        ..e
    };
    (e, upload)
}

impl Stage {
    pub async fn open(route: &str) -> Self {
        let world = World::default();
        let (e, upload) = enrolment(&world);
        let (enrolment, task) = (e.id.clone(), first_review(&e));
        let names = BTreeMap::from([
            ("{enrolment}", e.id.to_string()),
            ("{task}", task.id.to_string()),
            ("{upload}", upload.id.to_string()),
            ("{receipt}", "some-receipt".to_owned()),
            ("{token}", "some-token".to_owned()),
            ("{unit}", world.sample.unit.id.to_string()),
            ("{survivor}", world.sample.neighbour.id.to_string()),
            ("{account}", world.sample.registrar.id.to_string()),
            ("{node}", if route.ends_with("/settings") { "2602" } else { "qishan" }.to_owned()),
            ("{office}", "2602".to_owned()),
            ("{code}", "hospital-a".to_owned()),
            ("{version}", VERSION.to_owned()),
        ]);
        let store = world.store.inner();
        store.issue(&upload).await.unwrap();
        let commit = Commit { enrolment: Some((e, 0)), tasks: vec![TaskChange::Open(task)], ..Commit::default() };
        store.commit(commit).await.unwrap();
        let front = Front::open(&world).await;
        let mut stage = Self { world, front, names, enrolment, seen: 1, application: Value::Null };
        stage.prepare(route).await;
        stage
    }

    /// What only some routes name.
    async fn prepare(&mut self, route: &str) {
        let (method, address) = route.split_once(' ').unwrap();
        match address {
            _ if address.contains("/failed-rows") => self.failed_rows().await,
            _ if address.starts_with("/units") || address == "/unit-searches" => self.unit().await,
            _ if address.contains("{registration}") => self.registration().await,
            "/registrations/on-behalf" => self.application = self.application(CODES[1]).await,
            "/exports/{export}" => self.export().await,
            "/messages/{message}/resend" => self.message().await,
            _ if address.starts_with("/restricted-people") && route != "POST /restricted-people" => {
                self.restriction().await;
            }
            _ if address.contains("{version}") => self.draft(route, method == "DELETE").await,
            _ if address.contains("{relief}") => self.relief().await,
            "/offices/{office}/reliefs" | "/self-check-rules/drafts" => self.seen = 0,
            _ => {}
        }
    }

    /// Somebody else of the back office, who did what is there already.
    async fn somebody(&self, role: Role, node: &str) -> Account {
        let id = AccountId::parse("somebody").unwrap();
        let roles = vec![role];
        let account =
            Account { id, user_name: "somebody".into(), roles, node: path(node), ..self.world.sample.finance.clone() };
        self.world.store.inner().with_account(account.clone(), PASSWORD_HASH);
        account
    }

    /// A request that must succeed.
    async fn done(&self, by: &Account, request: &str, seen: u64, body: &Value) -> Value {
        let key = format!("form-{}", self.world.ids.ulid());
        let reply = self.front.send(by, request, &key, Some(seen), body).await;
        assert!(reply.status.is_success(), "{request}: {:?}", reply.body);
        reply.json().unwrap()
    }

    async fn failed_rows(&self) {
        let rows = FailedRows { plans: vec!["hospital-a".into()], columns: Vec::new(), rows: Vec::new() };
        store_failed(self.world.objects.inner(), &self.world.cipher, "failed-rows/1", &rows).await.unwrap();
    }

    /// The sample unit with a contact, who is its handler.
    async fn unit(&mut self) {
        let handler = &self.world.sample.handler;
        let typed: ContactInput = serde_json::from_value(contact("王芳", "13800000001")).unwrap();
        let facts = typed.raw().read("").unwrap();
        let sealed = contacts::seal(&self.world.cipher, &contacts::account_place(&handler.id), &facts).unwrap();
        let contact = Contact { account: handler.id.clone(), contact: sealed, active: true };
        let record = UnitRecord { contacts: vec![contact], ..UnitRecord::default() };
        self.world.store.inner().with_unit(Unit { record, ..self.world.sample.unit.clone() });
        self.names.insert("{account}", handler.id.to_string());
    }

    /// An accepted image of a unit's papers.
    async fn image(&self, purpose: &str) -> String {
        let asked = json!({"purpose": purpose, "file_name": "证件.jpg", "size": 10, "sha256": "0".repeat(64)});
        let form = self.front.send_bearing("POST /registration-images", &[], &asked).await;
        let id = form.json::<Value>().unwrap()["upload"].as_str().unwrap().to_owned();
        let store = self.world.store.inner();
        let upload = store.receive(&UploadId::parse(&id).unwrap(), "01").await.unwrap().unwrap();
        let state = UploadState::Accepted {
            key: format!("unit-papers/{id}"),
            content_type: "image/jpeg".into(),
            size: 10,
            thumbnail: None,
            pages: 1,
        };
        assert!(store.settle(&Upload { state, ..upload }).await.unwrap());
        id
    }

    /// An application of a unit of the agency, without a fault.
    async fn application(&self, code: &str) -> Value {
        json!({
            "office": "2602", "agency": "qishan", "contact": contact("李四", "13812345678"), "unit": unit_facts(code),
            "images": {
                "unit_certificate": self.image("unit-certificate").await,
                "union_certificate": self.image("union-certificate").await,
            },
        })
    }

    async fn registration(&mut self) {
        let registrar = self.somebody(Role::Registrar, AGENCY).await;
        self.application = self.application(CODES[0]).await;
        let entered = self.done(&registrar, "POST /registrations/on-behalf", 0, &self.application).await;
        self.names.insert("{registration}", entered["id"].as_str().unwrap().to_owned());
    }

    /// An export that the caller asked for when standing at the agency.
    async fn export(&mut self) {
        let now = self.world.clock.now();
        let export = Export {
            id: ExportId::from_ulid(self.world.ids.ulid()),
            account: AccountId::parse(CALLER).unwrap(),
            actor_name: "某人".into(),
            node: path(AGENCY),
            kind: ExportKind::Enrolments,
            conditions: json!({"list": EnrolmentList::of(path(AGENCY)), "application_number": null}).to_string(),
            in_full: false,
            version: 1,
            requested_at: now,
            moved_at: now,
            state: ExportState::Writing { place: Place::default() },
            parts: Vec::new(),
            records: 0,
        };
        self.names.insert("{export}", export.id.to_string());
        self.world.store.inner().commit(Commit { export: Some((export, 0)), ..Commit::default() }).await.unwrap();
    }

    /// A text to the unit's handler that failed.
    async fn message(&mut self) {
        let (id, now) = (MessageId::from_ulid(self.world.ids.ulid()), self.world.clock.now());
        let message = Message::PasswordLink { account: self.world.sample.handler.id.clone() };
        let record = MessageRecord::queued(&Outgoing { id: id.clone(), message }, Some(&path(UNIT)), now).unwrap();
        let record = RecordChange::Open(record.became(Fate::Failed, Some("NUMBER_UNKNOWN"), now));
        let commit = Commit { records: vec![record], ..Commit::default() };
        self.world.store.inner().commit(commit).await.unwrap();
        self.names.insert("{message}", id.to_string());
    }

    /// An entry of the office's restricted list, entered at the agency.
    async fn restriction(&mut self) {
        let supervisor = self.somebody(Role::Supervisor, AGENCY).await;
        let entry = json!({"id_number": ID_NUMBER, "reason": "骗领"});
        let entered = self.done(&supervisor, "POST /restricted-people", 0, &entry).await;
        self.names.insert("{restriction}", entered["id"].as_str().unwrap().to_owned());
    }

    /// A draft of a plan or of the rules, published from a later day on where that is to be taken back.
    async fn draft(&mut self, route: &str, published: bool) {
        let admin = self.world.sample.plan_admin.clone();
        let book = if route.contains("/plan-variants") { "/plan-variants/hospital-a" } else { "/self-check-rules" };
        let before = self.done(&admin, &format!("GET {book}"), 0, &json!({})).await["version"].as_u64().unwrap();
        let drafted = self.done(&admin, &format!("POST {book}/drafts"), before, &self.terms(book)).await;
        self.seen = drafted["version"].as_u64().unwrap();
        if published && route.ends_with("/publication") {
            let publish = format!("POST {book}/versions/{VERSION}/publication");
            let published = self.done(&admin, &publish, self.seen, &body("/publication", "")).await;
            self.seen = published["version"].as_u64().unwrap();
        }
    }

    fn terms(&self, book: &str) -> Value {
        match book {
            "/self-check-rules" => json!({"version": VERSION, "rules": ["over-age"]}),
            _ => {
                let mut terms = body("/plan-variants/drafts", "");
                terms["benefits"] = json!([{
                    "code": "death", "claim_type": "意外身故", "name": "身故互助金", "formula": "death",
                    "sum_assured": 2_000_000,
                }]);
                terms
            }
        }
    }

    async fn relief(&mut self) {
        let grant = body("/offices/{office}/reliefs", "");
        self.done(&self.world.sample.office_plan_admin, "POST /offices/2602/reliefs", 0, &grant).await;
        let book = self.world.store.inner().relief_book(&self.world.sample.office().id).await.unwrap();
        self.names.insert("{relief}", book.reliefs[0].id.to_string());
    }

    /// The route with what stands for its parts; lists are asked for what is the unit's or the agency's.
    pub fn address(&self, route: &str) -> String {
        let address = self.names.iter().fold(route.to_owned(), |address, (part, name)| address.replace(part, name));
        let unit = &self.world.sample.unit.id;
        match route {
            "GET /enrolments"
            | "GET /enrolments/counts"
            | "GET /renewals"
            | "GET /payments"
            | "GET /ledger"
            | "GET /ledger/totals" => format!("{address}?unit={unit}"),
            "GET /accounts" | "GET /actions" | "GET /units" => format!("{address}?node={AGENCY}"),
            "GET /messages" => format!("{address}?node={UNIT}"),
            "GET /restricted-people" => format!("{address}?office=2602"),
            "GET /tasks" => format!("{address}?level=first-review"),
            "GET /registrations" => format!("{address}?state=submitted"),
            "GET /dispatch-candidates" => format!("{address}?role=finance"),
            _ => address,
        }
    }

    /// A body that the route's parser takes, and that names what is the unit's or the agency's.
    pub fn body(&self, route: &str) -> Value {
        let path = route.split_once(' ').unwrap().1;
        let (registrar, unit) = (&self.world.sample.registrar, &self.world.sample.unit.id);
        match path {
            _ if route.starts_with("DELETE ") => json!({}),
            "/enrolments" => json!({"unit": unit}),
            "/enrolments/{enrolment}/attachments" | "/enrolments/{enrolment}/certificate/scan" => {
                json!({"upload": self.names["{upload}"]})
            }
            "/tasks/acquisitions" => body(path, &self.names["{task}"]),
            "/me/totp" => json!({"code": "000000"}),
            "/accounts" => json!({"name": "周才", "roles": ["finance"], "node": AGENCY, "mobile": "13900000001"}),
            "/accounts/{account}" => json!({"name": registrar.name, "roles": registrar.roles, "node": registrar.node}),
            _ if path.starts_with("/accounts/") && !path.ends_with("/password-link") => json!({"reason": "测试"}),
            "/nodes" => json!({"parent": "qishan", "name": "某工会"}),
            "/nodes/{node}" => json!({"name": "某县总工会"}),
            "/exports" => json!({"kind": "enrolments", "filter": {"unit": unit}}),
            "/registrations/on-behalf" | "/registrations/{registration}" => self.application.clone(),
            "/units/{unit}" => unit_facts(CODES[0]),
            "/units/{unit}/contacts" | "/units/{unit}/contacts/{account}" => contact("李四", "13800000002"),
            "/units/{unit}/handler" => json!({"account": self.world.sample.handler.id}),
            "/unit-searches" => json!({"contact": "王芳"}),
            "/restricted-people/search" => json!({"id_number": ID_NUMBER}),
            _ if path.starts_with("/self-check-rules/") && path.contains("drafts") => self.terms("/self-check-rules"),
            _ => body(path, self.enrolment.as_str()),
        }
    }

    /// What the route answers a caller.
    pub async fn call(&self, caller: &Account, route: &str) -> Reply {
        self.world.store.inner().with_account(caller.clone(), PASSWORD_HASH);
        let seen = if route.contains("{enrolment}") { self.version() } else { self.seen };
        self.front.send(caller, &self.address(route), "form-access", Some(seen), &self.body(route)).await
    }

    fn version(&self) -> u64 {
        self.world.store.inner().enrolment_of(&self.enrolment).unwrap().version
    }

    /// Everything that is stored, but for the accounts: callers are among them.
    pub fn stored(&self) -> Value {
        let mut stored = self.world.store.inner().snapshot();
        stored["accounts"] = Value::Null;
        stored
    }
}

fn contact(name: &str, mobile: &str) -> Value {
    json!({
        "name": name, "position": "工会干事", "office_phone": {"area_code": "0917", "number": "8212345"},
        "mobile": mobile, "email": "someone@example.com",
    })
}

fn unit_facts(code: &str) -> Value {
    json!({
        "name": "岐山县第二机械厂", "nature": "state-owned", "certificate_type": "business-licence", "code": code,
        "union_name": "岐山县第二机械厂工会委员会", "union_code": "11370200004234567H", "address": "人民路2号",
        "region": {"province": "陕西省", "city": "宝鸡市", "county": "岐山县"},
    })
}
