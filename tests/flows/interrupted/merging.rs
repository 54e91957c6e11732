//! The merger of two units, from the preview to the day after: calmly, with everything travelling twice, and with every call
//! failing once; and the handing over of a unit to another agency.

use std::sync::Arc;

use domain::account::{Account, Role};
use domain::ids::AccountId;
use domain::organisation::NodePath;
use http::Method;
use serde_json::{Value, json};
use testing::faults::When;
use testing::world::World;
use workflow::cover::person_key;
use workflow::ports::{Registry, UnitQuery, UnitSearch, Units};
use workflow::scope::Scope;

use super::job::{begin, pay, walk};
use super::platform::{Platform, Travel};
use super::{difference, outcome};

const MERGED: &str = "qishan-machinery";
const SURVIVOR: &str = "fengxian-forestry";

/// A registrar of the city, below which both units stand.
fn registrar(platform: &Platform) -> Account {
    let id = AccountId::parse("city-registrar").unwrap();
    let node = NodePath::try_from("/hq/2602/baoji/".to_owned()).unwrap();
    let account = Account { id, user_name: "city-registrar".into(), node, ..platform.world.sample.registrar.clone() };
    assert_eq!(account.roles, [Role::Registrar]);
    platform.world.store.inner().with_account(account.clone(), "");
    account
}

/// A platform on which the unit that is to be merged has a completed enrolment.
async fn ready(travel: Travel) -> (Platform, Account) {
    let mut platform = Platform::open(World::default(), travel).await;
    walk(&mut platform).await;
    let registrar = registrar(&platform);
    (platform, registrar)
}

async fn get(platform: &mut Platform, by: &Account, path: &str) -> Value {
    platform.ask(by, Method::GET, path, None, Value::Null).await
}

async fn merge(platform: &mut Platform, by: &Account) -> Value {
    let path = format!("/units/{MERGED}/merger/{SURVIVOR}");
    let preview = get(platform, by, &path).await;
    let (seen, survivor_seen) = (preview["merged"]["version"].as_u64(), &preview["survivor"]["version"]);
    platform.ask(by, Method::POST, &path, seen, json!({"survivor_version": survivor_seen})).await
}

/// Merges, and lets everything come to its end.
async fn merged(platform: &mut Platform, by: &Account) {
    merge(platform, by).await;
    come_to_its_end(platform).await;
}

/// Everything that was asked for, and what the day after asks for.
async fn come_to_its_end(platform: &mut Platform) {
    platform.settle().await;
    platform.world.clock.advance(jiff::SignedDuration::from_hours(24));
    platform.run_timetable().await;
    platform.settle().await;
}

async fn handed_over(platform: &mut Platform, by: &Account) -> Value {
    let path = format!("/units/{MERGED}/agency");
    platform.ask(by, Method::PUT, &path, Some(1), json!({"agency": "fengxian"})).await
}

#[tokio::test]
async fn what_a_unit_held_is_the_survivors_and_the_merged_one_stays_readable() {
    for travel in [Travel::Calmly, Travel::Twice, Travel::Backwards] {
        let (mut platform, registrar) = ready(travel).await;
        let p = &mut platform;
        let path = format!("/units/{MERGED}/merger/{SURVIVOR}");
        let preview = get(p, &registrar, &path).await;
        assert_eq!(preview["enrolments"], json!([{"state": "completed", "state_name": "完毕", "count": 1}]));
        assert_eq!(preview["obstacles"], json!([]));
        let of = |list: &str, unit: &str| format!("/{list}?unit={unit}&from=2026-01-01&to=2027-12-31");
        let finance = p.world.sample.finance.clone();
        let before = get(p, &finance, &of("ledger/totals", MERGED)).await;
        let of_office = get(p, &finance, "/ledger/totals?from=2026-01-01&to=2027-12-31").await;

        let unit = merge(p, &registrar).await;
        assert_eq!((&unit["merged_into"], &unit["active"]), (&json!(SURVIVOR), &json!(false)));
        assert_eq!(unit["moving"], true);
        p.settle().await;

        for list in ["enrolments", "ledger", "payments"] {
            let lists = [get(p, &finance, &of(list, MERGED)).await, get(p, &finance, &of(list, SURVIVOR)).await];
            assert_eq!(lists[0]["items"], json!([]), "{list}");
            assert!(!lists[1]["items"].as_array().unwrap().is_empty(), "{list}");
        }
        assert_eq!(get(p, &finance, &of("ledger/totals", SURVIVOR)).await, before, "to the fen");
        assert_eq!(get(p, &finance, "/ledger/totals?from=2026-01-01&to=2027-12-31").await, of_office);
        let store = p.world.store.inner().clone();
        let key = person_key(&p.world.cipher, "110101199003071233");
        let units: Vec<_> =
            store.person(&key).unwrap().covers.into_iter().map(|cover| cover.unit.to_string()).collect();
        assert_eq!(units, [SURVIVOR]);

        let survivor = p.world.sample.neighbour_handler.clone();
        let listed = get(p, &survivor, "/enrolments").await["items"].clone();
        assert_eq!((&listed[0]["unit_name"], &listed[0]["state"]), (&json!("凤县林场"), &json!("completed")));
        let id = listed[0]["id"].as_str().unwrap();
        assert_eq!(get(p, &survivor, &format!("/enrolments/{id}")).await["unit"], SURVIVOR);
        let trail = store.actions_of(id);
        assert_eq!(trail.last().map(String::as_str), Some("move"), "{trail:?}");
        assert_eq!(store.actions_of(MERGED), ["merge", "end-move"]);
        assert_eq!(store.actions_of(SURVIVOR), ["absorb", "end-move"]);
        assert!(store.trail_of(SURVIVOR)[1].note.contains("共1张"));
        let handler = store.account(&p.world.sample.handler.id).await.unwrap().unwrap();
        assert!(!handler.active, "nobody works for a unit that is no more");
        assert_eq!(store.enrolment_of(&domain::ids::EnrolmentId::parse(id).unwrap()).unwrap().handler, survivor.id);

        let read = get(p, &registrar, &format!("/units/{MERGED}")).await;
        assert_eq!((&read["merged_into"], &read["moving"]), (&json!(SURVIVOR), &json!(false)));
        let node = NodePath::try_from("/hq/2602/".to_owned()).unwrap();
        let query = UnitQuery { node, by: UnitSearch::NamePart("岐山".to_owned()) };
        let page = workflow::ports::PageRequest { limit: 10, after: None };
        assert_eq!(store.find_units(&query, &page).await.unwrap().items.len(), 1, "it is found as ever");
        let again = p.refused_at(&registrar, &format!("POST {path}"), Some(3), json!({"survivor_version": 3})).await;
        assert_eq!(again, "UNIT_MERGED");

        let settled = outcome(&p.world);
        p.deliver_everything_again().await;
        assert_eq!(difference(&outcome(&p.world), &settled, ""), None);
    }
}

#[tokio::test]
async fn an_open_enrolment_stands_in_the_way() {
    let mut platform = Platform::open(World::default(), Travel::Calmly).await;
    let registrar = registrar(&platform);
    let mut seat = begin(&mut platform).await;
    pay(&mut seat).await;
    let p = &mut platform;
    let path = format!("/units/{MERGED}/merger/{SURVIVOR}");
    let preview = get(p, &registrar, &path).await;
    assert_eq!(preview["obstacles"][0]["code"], "UNIT_HAS_OPEN_ENROLMENT", "its certificate is not archived");
    let refused = p.refused_at(&registrar, &format!("POST {path}"), Some(1), json!({"survivor_version": 1})).await;
    assert_eq!(refused, "UNIT_HAS_OPEN_ENROLMENT");
    let other_way = format!("POST /units/{SURVIVOR}/merger/{MERGED}");
    let refused = p.refused_at(&registrar, &other_way, Some(1), json!({"survivor_version": 1})).await;
    assert_eq!(refused, "UNIT_HAS_OPEN_ENROLMENT");
    let stored = p.world.store.inner().unit(&p.world.sample.unit.id, &Scope::Platform).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.merged_into), (1, None), "nothing happened");
}

#[tokio::test]
async fn what_a_unit_holds_follows_it_to_another_agency() {
    for travel in [Travel::Calmly, Travel::Twice, Travel::Backwards] {
        let (mut platform, registrar) = ready(travel).await;
        let p = &mut platform;
        let finance = p.world.sample.finance.clone();
        let at =
            |list: &str, county: &str| format!("/{list}?node=/hq/2602/baoji/{county}/&from=2026-01-01&to=2027-12-31");
        let before = get(p, &finance, &at("ledger/totals", "qishan")).await;
        let unit = handed_over(p, &registrar).await;
        assert_eq!((&unit["agency"], &unit["moving"]), (&json!("/hq/2602/baoji/fengxian/"), &json!(true)));
        p.settle().await;
        for list in ["enrolments", "ledger", "payments"] {
            let (left, now) = (at(list, "qishan"), at(list, "fengxian"));
            assert_eq!(get(p, &finance, &left).await["items"], json!([]), "{list}");
            assert!(!get(p, &finance, &now).await["items"].as_array().unwrap().is_empty(), "{list}");
        }
        assert_eq!(get(p, &finance, &at("ledger/totals", "fengxian")).await, before, "to the fen");
        let read = get(p, &registrar, &format!("/units/{MERGED}")).await;
        assert_eq!((&read["moving"], &read["active"]), (&json!(false), &json!(true)));
        let store = p.world.store.inner().clone();
        let handler = store.account(&p.world.sample.handler.id).await.unwrap().unwrap();
        let place = "/hq/2602/baoji/fengxian/qishan-machinery/";
        assert_eq!((handler.node.as_str(), handler.active), (place, true));
        let own = get(p, &handler, "/enrolments").await["items"].clone();
        assert_eq!(own[0]["state"], "completed", "the unit's own accounts go with it");
        assert_eq!(store.actions_of(MERGED), ["change-agency", "end-move"]);
        assert_eq!(store.trail_of(MERGED)[0].note, "归属代办处：岐山县总工会 → 凤县总工会");
        let settled = outcome(&p.world);
        p.deliver_everything_again().await;
        assert_eq!(difference(&outcome(&p.world), &settled, ""), None);
    }
}

/// A merger or a handover.
#[derive(Debug, Clone, Copy)]
enum Change {
    Merger,
    Handover,
}

/// Makes the change, and lets everything come to its end.
async fn changed(platform: &mut Platform, by: &Account, change: Change) {
    match change {
        Change::Merger => merged(platform, by).await,
        Change::Handover => {
            handed_over(platform, by).await;
            come_to_its_end(platform).await;
        }
    }
}

/// Fails every call of a change once, before it and after it: what comes of it is the same.
async fn survives_crashes(change: Change) {
    let (mut calm, by) = ready(Travel::Calmly).await;
    let before = calm.world.faults.total();
    changed(&mut calm, &by, change).await;
    let calls = calm.world.faults.total() - before;
    assert!(calls > 20, "{calls}");
    let calm = Arc::new(outcome(&calm.world));
    for n in 1..=calls {
        let crashes = [When::Before, When::AfterWritten].map(|when| {
            let calm = calm.clone();
            tokio::spawn(async move {
                let (mut platform, by) = ready(Travel::Calmly).await;
                let fired = platform.world.faults.fired();
                platform.world.faults.fail_nth(n, when);
                changed(&mut platform, &by, change).await;
                assert_eq!(platform.world.faults.fired(), fired + 1, "call {n}");
                let found = difference(&outcome(&platform.world), &calm, "");
                assert_eq!(found, None, "{change:?}, call {n} failed {when:?}");
            })
        });
        for crash in crashes {
            crash.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_survives_a_crash_before_and_after_every_call() {
    survives_crashes(Change::Merger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handover_survives_a_crash_before_and_after_every_call() {
    survives_crashes(Change::Handover).await;
}
