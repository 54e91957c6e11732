//! Every role × every route of the API's document × every place in the tree, in this process; what is expected follows from
//! the table of what each route asks.

mod table;

use std::collections::BTreeSet;

use domain::account::{Account, Permission, Role};
use domain::enrolment::{Enrolment, State};
use domain::ids::{AccountId, EnrolmentId, TaskId, UnitId};
use domain::organisation::NodePath;
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use http::StatusCode;
use lambda::http::Reply;
use serde_json::{Value, json};
use testing::sample::{self, PASSWORD_HASH};
use testing::world::World;
use workflow::commit::Commit;
use workflow::ports::{Clock, Commits, Ids, Uploads};

use self::table::{Asks, ELSEWHERE, OFFICE, ROUTES};
use crate::in_process::Front;
use crate::scope::{body, routes};

/// A world with an enrolment of the sample unit in first review, its task, and an upload.
struct Stage {
    world: World,
    front: Front,
    enrolment: String,
    task: String,
    upload: String,
}

/// Where a caller sits, as seen from what is named.
const PLACES: [(&str, &str); 7] = [
    ("own", "/hq/2602/baoji/qishan/"),
    ("parent", "/hq/2602/baoji/"),
    ("office", OFFICE),
    ("root", "/hq/"),
    ("child", "/hq/2602/baoji/qishan/another-unit/"),
    ("sibling", "/hq/2602/baoji/fengxian/"),
    ("other office", "/hq/1600/"),
];
/// Where a unit's own account can sit.
const UNITS: [(&str, &str); 4] = [
    ("own unit", table::UNIT),
    ("other unit of the agency", "/hq/2602/baoji/qishan/another-unit/"),
    ("other unit of the city", "/hq/2602/baoji/fengxian/fengxian-forestry/"),
    ("other office's unit", "/hq/1600/xinxiang/hongqi/hongqi-textile/"),
];

struct Caller {
    name: String,
    account: Account,
}

fn callers() -> Vec<Caller> {
    let of = |role: Role, (place, node): (&str, &str)| {
        let node = NodePath::try_from(node.to_owned()).unwrap();
        let unit = (role == Role::UnitHandler).then(|| UnitId::parse(node.last()).unwrap());
        let id = AccountId::parse("caller").unwrap();
        let template = sample::Organisation::default().finance;
        let account = Account { id, user_name: "caller".into(), roles: vec![role], node, unit, ..template };
        Caller { name: format!("{role:?}, {place}"), account }
    };
    let place = |role: Role| if role == Role::UnitHandler { &UNITS[..] } else { &PLACES[..] };
    Role::ALL.into_iter().flat_map(|role| place(role).iter().map(move |place| of(role, *place))).collect()
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

impl Asks {
    fn allows(self, caller: &Account) -> bool {
        let may = |permissions: &[Permission]| permissions.iter().any(|permission| caller.actor().may(*permission));
        let covers = |path: &str| caller.node.covers(&NodePath::try_from(path.to_owned()).unwrap());
        match self {
            Self::Nothing | Self::Session => true,
            Self::BackOffice => caller.unit.is_none(),
            Self::Permission(permissions) => may(permissions),
            Self::Scope(path) => covers(path),
            Self::Both(permissions, path) => may(permissions) && covers(path),
        }
    }
}

impl Stage {
    async fn open() -> Self {
        let world = World::default();
        world.sample.seed(world.store.inner());
        let (unit, handler) = (&world.sample.unit, &world.sample.handler);
        let e = sample::draft(world.ids.ulid(), unit, handler, world.clock.now());
        let task = first_review(&e);
        let e = Enrolment { state: State::FirstReview, task: Some(task.id.clone()), version: 1, ..e };
        let upload = sample::upload_for(world.ids.ulid(), &e, handler, b"a,b", world.clock.now());
        world.store.inner().issue(&upload).await.unwrap();
        let (enrolment, task_id, upload) = (e.id.to_string(), task.id.to_string(), upload.id.to_string());
        let commit = Commit { enrolment: Some((e, 0)), tasks: vec![TaskChange::Open(task)], ..Commit::default() };
        world.store.inner().commit(commit).await.unwrap();
        let front = Front::open(&world).await;
        Self { world, front, enrolment, task: task_id, upload }
    }

    fn address(&self, route: &str) -> String {
        let address = route
            .replace("{enrolment}", &self.enrolment)
            .replace("{task}", &self.task)
            .replace("{upload}", &self.upload)
            .replace("{receipt}", "some-receipt")
            .replace("{token}", "some-token")
            .replace("{account}", self.world.sample.registrar.id.as_str())
            .replace("{node}/settings", "2602/settings")
            .replace("{node}", "qishan");
        match route {
            "GET /enrolments" => format!("{address}?unit={}", self.world.sample.unit.id),
            "GET /tasks" => format!("{address}?level=first-review"),
            "GET /dispatch-candidates" => format!("{address}?role=finance"),
            _ => address,
        }
    }

    /// A body that the route's parser takes.
    fn body(&self, route: &str) -> Value {
        let path = route.split_once(' ').unwrap().1;
        let registrar = &self.world.sample.registrar;
        match path {
            "/enrolments" => json!({"unit": self.world.sample.unit.id}),
            "/tasks/acquisitions" => body(path, &self.task),
            "/me/totp" => json!({"code": "000000"}),
            _ if route.starts_with("DELETE ") => json!({}),
            "/accounts/{account}" => json!({"name": registrar.name, "roles": registrar.roles, "node": registrar.node}),
            "/nodes" => json!({"parent": "qishan", "name": "某工会"}),
            "/nodes/{node}" => json!({"name": "某县总工会"}),
            _ if path.starts_with("/accounts/") && !path.ends_with("/password-link") => json!({"reason": "测试"}),
            _ => body(path, &self.enrolment),
        }
    }

    async fn call(&self, caller: &Account, route: &str) -> Reply {
        self.world.store.inner().with_account(caller.clone(), PASSWORD_HASH);
        let seen = if route.contains("{enrolment}") { self.version() } else { 1 };
        self.front.send(caller, &self.address(route), "form-access", Some(seen), &self.body(route)).await
    }

    fn version(&self) -> u64 {
        let id = EnrolmentId::parse(&self.enrolment).unwrap();
        self.world.store.inner().enrolment_of(&id).unwrap().version
    }
}

/// Routes that name a part which the enrolment does not have: whoever may see the enrolment is told so, as whoever may not.
const PARTS: [&str; 5] = [
    "GET /enrolments/{enrolment}/batches/{upload}/failed-rows",
    "GET /enrolments/{enrolment}/certificate",
    "GET /enrolments/{enrolment}/notice",
    "POST /enrolments/{enrolment}/attachments",
    "PUT /enrolments/{enrolment}/certificate/scan",
];

/// Whether access control stood in the way. Separation of duties is no matter of roles or places, and is told by codes of its
/// own.
fn denied(route: &str, reply: &Reply) -> bool {
    let json: Value = reply.json().unwrap_or_default();
    match reply.status {
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => true,
        StatusCode::FORBIDDEN => json["code"] == "NOT_PERMITTED",
        // Lists answer for what they list.
        _ if route == "GET /enrolments" => json["items"] == json!([]),
        _ if route == "POST /tasks/acquisitions" => json[0]["acquired"] == false,
        _ => false,
    }
}

fn is_told_alike(route: &str, reply: &Reply) -> bool {
    PARTS.contains(&route) && reply.status == StatusCode::NOT_FOUND
}

#[test]
fn every_route_says_what_it_asks() {
    let documented: BTreeSet<String> = routes().into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    let declared = ROUTES.iter().map(|(route, _)| *route).chain(ELSEWHERE.iter().copied());
    let declared: BTreeSet<String> = declared.map(str::to_owned).collect();
    assert_eq!(documented.difference(&declared).collect::<Vec<_>>(), [] as [&String; 0], "routes nobody decided about");
    assert_eq!(declared.difference(&documented).collect::<Vec<_>>(), [] as [&String; 0], "routes that do not exist");
}

#[tokio::test]
async fn who_may_call_what_from_where() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (route, asks) in ROUTES.iter().filter(|(_, asks)| !matches!(asks, Asks::Nothing)) {
        let calm = Stage::open().await;
        for caller in callers() {
            let allowed = asks.allows(&caller.account);
            // Who is refused changes nothing, so all of them meet the same world; who is allowed meets a new one.
            let fresh;
            let stage = if allowed {
                fresh = Stage::open().await;
                &fresh
            } else {
                &calm
            };
            let reply = stage.call(&caller.account, route).await;
            asked += 1;
            if reply.status.is_server_error() || (denied(route, &reply) == allowed && !is_told_alike(route, &reply)) {
                let told = String::from_utf8_lossy(&reply.body).chars().take(160).collect::<String>();
                wrong.push(format!("{route} · {} · allowed: {allowed} · {} {told}", caller.name, reply.status));
            }
        }
        assert_eq!(calm.version(), 1, "{route}: somebody who was refused changed the enrolment");
    }
    assert!(asked > 3000, "the table lists too little: {asked}");
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn without_a_token_only_what_asks_nothing_answers_and_no_change_comes_by_cookie_alone() {
    let stage = Stage::open().await;
    for (route, asks) in ROUTES {
        let (address, body) = (stage.address(route), stage.body(route));
        // Whatever a handler asks for besides, so that only the token is missing.
        let given = [("if-match", "\"1\""), ("idempotency-key", "form-access")];
        let anybody = stage.front.send_bearing(&address, &given, &body).await;
        let open = matches!(asks, Asks::Nothing);
        assert_eq!(anybody.status == StatusCode::UNAUTHORIZED, !open, "{route}: {:?}", anybody.body);
        if open || route.starts_with("GET ") {
            continue;
        }
        let token = stage.front.token(&stage.world.sample.supervisor).await;
        let cookie = format!("{}={token}", lambda::http::ACCESS_COOKIE);
        let forged = stage.front.send_bearing(&address, &[given[0], given[1], ("cookie", &cookie)], &body).await;
        let code = forged.json::<Value>().unwrap()["code"].clone();
        assert_eq!((forged.status, code), (StatusCode::FORBIDDEN, json!("CSRF_HEADER_MISSING")), "{route}");
    }
}
