//! Renewal, from the list of what is due to cover that goes on: rosters brought over and checked again, calmly, with
//! everything travelling twice, and with every call failing once.

use domain::account::Account;
use http::Method;
use jiff::civil::date;
use serde_json::{Value, json};
use testing::faults::When;
use testing::world::World;
use workflow::cover::person_key;

use super::job::{Seat, begin, pay};
use super::platform::{Platform, Travel};

/// A paid enrolment of two named people and ten unnamed, in the spring of the year it ends.
async fn paid(platform: &mut Platform) -> (String, Account, Account) {
    let mut seat = begin(platform).await;
    pay(&mut seat).await;
    let (id, handler, finance) = (seat.id.clone(), seat.handler.clone(), seat.sample.finance.clone());
    // Cover from 2026-03-11 to 2027-03-10.
    platform.world.clock.set_day(date(2027, 2, 1));
    (id, handler, finance)
}

async fn due(platform: &mut Platform, by: &Account) -> Value {
    platform.ask(by, Method::GET, "/renewals", None, Value::Null).await["items"].clone()
}

async fn renew(platform: &mut Platform, by: &Account, of: &str) -> String {
    let draft = platform.ask(by, Method::POST, &format!("/enrolments/{of}/renewal"), None, json!({})).await;
    platform.settle().await;
    draft["id"].as_str().unwrap().to_owned()
}

async fn view(platform: &mut Platform, by: &Account, id: &str) -> Value {
    platform.ask(by, Method::GET, &format!("/enrolments/{id}"), None, Value::Null).await
}

#[tokio::test]
async fn what_is_due_is_listed_and_renewed_with_its_people() {
    for travel in [Travel::Calmly, Travel::Twice] {
        let mut platform = Platform::open(World::default(), travel).await;
        let (old, handler, finance) = paid(&mut platform).await;
        // The second of the two is restricted meanwhile: the check is made again.
        let restricted = person_key(&platform.world.cipher, "370202198511304561");
        platform.world.store.inner().set_restricted_person(&restricted, true);
        let listed = due(&mut platform, &finance).await;
        let row = &listed[0];
        assert_eq!(
            (&row["id"], &row["cover_ends"], &row["days_left"]),
            (&json!(old), &json!("2027-03-10"), &json!(37))
        );

        let id = renew(&mut platform, &handler, &old).await;
        let draft = view(&mut platform, &handler, &id).await;
        let plan = &draft["plans"][0];
        assert_eq!(
            (&draft["state"], &draft["staff"], &draft["renews"]["of"]),
            (&json!("drafting"), &json!(12), &json!(old))
        );
        assert_eq!((&plan["shares"], &plan["unnamed"], &plan["participants"]), (&json!(1), &json!(10), &json!(11)));
        let outcome = &draft["batches"][0]["outcome"];
        let expected = json!({"result": "done", "total": 2, "succeeded": 1, "failed": 1});
        assert_eq!(outcome, &expected, "{draft}");
        let rows = format!("/enrolments/{id}/batches/{}/failed-rows", draft["batches"][0]["upload"].as_str().unwrap());
        let failed = platform.ask(&handler, Method::GET, &rows, None, Value::Null).await.to_string();
        assert!(failed.contains("RESTRICTED"), "{failed}");

        assert_eq!(due(&mut platform, &finance).await, json!([]));
        assert_eq!(view(&mut platform, &handler, &old).await["renewed_by"], json!(id));
        let again = platform.refused(&handler, &format!("POST /enrolments/{old}/renewal"), json!({})).await;
        assert_eq!(again, "RENEWED");

        let version = view(&mut platform, &handler, &id).await["version"].as_u64();
        let withdrawal = format!("/enrolments/{id}/withdrawal");
        platform.ask(&handler, Method::POST, &withdrawal, version, json!({"reason": "重复"})).await;
        platform.settle().await;
        assert_eq!(due(&mut platform, &finance).await[0]["id"], json!(old), "it can be renewed again");
        renew(&mut platform, &handler, &old).await;
    }
}

#[tokio::test]
async fn a_renewal_goes_the_whole_way_and_its_cover_follows_on() {
    let mut platform = Platform::open(World::default(), Travel::Calmly).await;
    let (old, handler, _) = paid(&mut platform).await;
    let id = renew(&mut platform, &handler, &old).await;
    let sample = platform.world.sample.clone();
    let mut seat = Seat { platform: &mut platform, id, sample, handler: handler.clone() };
    assert_eq!(seat.act(&handler, Method::POST, "/completion", json!({})).await, "first-review");
    let checked = seat.view(&handler).await["self_check"]["findings"].clone();
    let gap = checked.as_array().unwrap().iter().find(|finding| finding["rule"] == "renewal-gap").unwrap();
    assert_eq!((&gap["passed"], gap["text"].as_str().unwrap().contains("保障连续")), (&json!(true), true), "{gap}");
    seat.approve().await;
    pay(&mut seat).await;
    let plan = seat.view(&handler).await["plans"][0].clone();
    assert_eq!((&plan["period"], &plan["covered"]), (&json!(["2027-03-11", "2028-03-10"]), &json!(2)));
}

#[tokio::test]
async fn opening_a_renewal_survives_a_crash_before_and_after_every_call() {
    let world = World::default();
    let mut platform = Platform::open(world, Travel::Calmly).await;
    let (old, handler, _) = paid(&mut platform).await;
    let before = platform.world.faults.total();
    renew(&mut platform, &handler, &old).await;
    let calls = platform.world.faults.total() - before;
    assert!(calls > 20, "{calls}");
    for n in 1..=calls {
        for when in [When::Before, When::AfterWritten] {
            let mut platform = Platform::open(World::default(), Travel::Calmly).await;
            let (old, handler, _) = paid(&mut platform).await;
            platform.world.faults.fail_nth(n, when);
            let id = renew(&mut platform, &handler, &old).await;
            let draft = view(&mut platform, &handler, &id).await;
            let batches = draft["batches"].as_array().unwrap();
            assert_eq!(
                (batches.len(), &batches[0]["outcome"]["succeeded"]),
                (1, &json!(2)),
                "call {n} failed {when:?}"
            );
            assert_eq!(due(&mut platform, &handler).await, json!([]), "call {n} failed {when:?}");
            let old = view(&mut platform, &handler, &old).await;
            assert_eq!(old["renewed_by"], draft["id"], "one renewal, whose answer may have been lost: {n} {when:?}");
        }
    }
}
