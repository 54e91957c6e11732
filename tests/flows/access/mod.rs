//! Every role × every route of the API's document × every place in the tree, in this process; what is expected follows from
//! the table of what each route asks.

mod stage;
mod table;

use std::collections::BTreeSet;

use domain::account::{Account, Permission, Role};
use domain::ids::{AccountId, UnitId};
use domain::organisation::NodePath;
use http::StatusCode;
use lambda::http::Reply;
use serde_json::{Value, json};
use testing::sample;

use self::stage::{CALLER, Stage};
use self::table::{AGENCY, Asks, OFFICE, ROUTES, UNIT};
use crate::scope::routes;

/// Where a caller sits, as seen from what is named.
const PLACES: [(&str, &str); 7] = [
    ("own", AGENCY),
    ("parent", "/hq/2602/baoji/"),
    ("office", OFFICE),
    ("root", "/hq/"),
    ("child", "/hq/2602/baoji/qishan/another-unit/"),
    ("sibling", "/hq/2602/baoji/fengxian/"),
    ("other office", "/hq/1600/"),
];
/// Where a unit's own account can sit.
const UNITS: [(&str, &str); 4] = [
    ("own unit", UNIT),
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
        let id = AccountId::parse(CALLER).unwrap();
        let template = sample::Organisation::default().finance;
        let account = Account { id, user_name: CALLER.into(), roles: vec![role], node, unit, ..template };
        Caller { name: format!("{role:?}, {place}"), account }
    };
    let place = |role: Role| if role == Role::UnitHandler { &UNITS[..] } else { &PLACES[..] };
    Role::ALL.into_iter().flat_map(|role| place(role).iter().map(move |place| of(role, *place))).collect()
}

impl Asks {
    fn allows(self, caller: &Account) -> bool {
        let holds = |permission: &Permission| caller.actor().may(*permission);
        let covers = |path: &str| caller.node.covers(&NodePath::try_from(path.to_owned()).unwrap());
        match self {
            Self::Nothing | Self::Session => true,
            Self::BackOffice => caller.unit.is_none(),
            Self::Permission(permissions) => permissions.iter().any(holds),
            Self::Scope(path) => covers(path),
            Self::Both(permissions, path) => permissions.iter().any(holds) && covers(path),
            Self::Every(permissions, path) => permissions.iter().all(holds) && covers(path),
            Self::Headquarters(permission) => holds(&permission) && caller.node == NodePath::root(),
        }
    }
}

/// Whether access control stood in the way. Separation of duties is no matter of roles or places, and is told by codes of its
/// own.
fn denied(route: &str, reply: &Reply) -> bool {
    let json: Value = reply.json().unwrap_or_default();
    let empty = |list: &Value| list == &json!([]);
    match reply.status {
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => true,
        StatusCode::FORBIDDEN => json["code"] == "NOT_PERMITTED" || json["code"] == "HEADQUARTERS_ONLY",
        // Forms are told which of their fields reaches too far.
        StatusCode::UNPROCESSABLE_ENTITY => json["errors"].as_array().is_some_and(|errors| {
            errors.iter().any(|error| error["code"] == "AGENCY_OUTSIDE" || error["code"] == "NODE_OUT_OF_SCOPE")
        }),
        // Lists answer for what they list.
        _ if ["GET /enrolments", "GET /restricted-people"].contains(&route) => empty(&json["items"]),
        _ if ["POST /unit-searches", "POST /restricted-people/search"].contains(&route) => empty(&json),
        _ if route == "POST /tasks/acquisitions" => json[0]["acquired"] == false,
        _ => false,
    }
}

#[test]
fn every_route_says_what_it_asks() {
    let documented: BTreeSet<String> = routes().into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    let declared: BTreeSet<String> = ROUTES.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(documented.difference(&declared).collect::<Vec<_>>(), [] as [&String; 0], "routes nobody decided about");
    assert_eq!(declared.difference(&documented).collect::<Vec<_>>(), [] as [&String; 0], "routes that do not exist");
    assert_eq!(declared.len(), ROUTES.len(), "a route is decided about once");
}

#[tokio::test]
async fn who_may_call_what_from_where() {
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (route, asks) in ROUTES.iter().filter(|(_, asks)| !matches!(asks, Asks::Nothing)) {
        let calm = Stage::open(route).await;
        let stored = calm.stored();
        for caller in callers() {
            let allowed = asks.allows(&caller.account);
            // Who is refused changes nothing, so all of them meet the same world; who is allowed meets a new one.
            let fresh;
            let stage = if allowed {
                fresh = Stage::open(route).await;
                &fresh
            } else {
                &calm
            };
            let reply = stage.call(&caller.account, route).await;
            asked += 1;
            if reply.status.is_server_error() || denied(route, &reply) == allowed {
                let told = String::from_utf8_lossy(&reply.body).chars().take(160).collect::<String>();
                wrong.push(format!("{route} · {} · allowed: {allowed} · {} {told}", caller.name, reply.status));
            }
        }
        assert_eq!(calm.stored(), stored, "{route}: somebody who was refused changed something");
    }
    assert!(asked > 9000, "the table lists too little: {asked}");
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn without_a_token_only_what_asks_nothing_answers_and_no_change_comes_by_cookie_alone() {
    for (route, asks) in ROUTES {
        let stage = Stage::open(route).await;
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
