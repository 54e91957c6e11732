//! The restricted list of people: entered, read by imports, lifted.

use super::{Bureau, refused, told};
use serde_json::{Value, json};
use testing::faults::When;

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n";
const NUMBER: &str = "110101199003071233";

fn entry(until: Option<&str>) -> Value {
    json!({"id_number": format!(" {NUMBER}"), "reason": "伪造材料", "until": until})
}

#[tokio::test]
async fn a_restricted_person_is_on_no_roster_until_the_entry_is_lifted_or_over() {
    let b = Bureau::open().await;
    let supervisor = &b.world.sample.supervisor;
    let added = b.ask_as("add-to-list", supervisor, "POST /restricted-people", None, entry(Some("2026-03-31"))).await;
    let again = b.ask_as("add-to-list", supervisor, "POST /restricted-people", None, entry(Some("2026-03-31"))).await;
    assert_eq!((added.status.as_u16(), told(&again)), (201, told(&added)), "sent twice");
    let added: Value = added.json().unwrap();
    assert_eq!((&added["id_number"], &added["in_force"]), (&json!("110101********1233"), &json!(true)));
    let twice = b.ask(supervisor, "POST /restricted-people", None, entry(None)).await;
    assert_eq!(refused(&twice), (409, "ALREADY_RESTRICTED".to_owned()));

    let participants = async || b.import(&b.draft().await, ROSTER).await.lines[0].participants();
    assert_eq!(participants().await, 0);
    b.world.clock.set_day(jiff::civil::date(2026, 4, 1));
    assert_eq!(participants().await, 1, "it is over");

    let next: Value = b.ask(supervisor, "POST /restricted-people", None, entry(None)).await.json().unwrap();
    assert_eq!((participants().await, &next["until"]), (0, &Value::Null));
    let lift = format!("POST /restricted-people/{}/lift", next["id"].as_str().unwrap());
    let lifted: Value = b.ask(supervisor, &lift, None, json!({"reason": "已查清"})).await.json().unwrap();
    assert_eq!((&lifted["in_force"], &lifted["lifted"]["reason"]), (&json!(false), &json!("已查清")));
    assert_eq!(participants().await, 1);
    let twice = b.ask(supervisor, &lift, None, json!({"reason": "已查清"})).await;
    assert_eq!(refused(&twice), (409, "RESTRICTION_OVER".to_owned()));
    let trail = b.world.store.inner().trail_of(next["id"].as_str().unwrap());
    let told: Vec<_> = trail.iter().map(|t| (t.action.as_str(), t.note.as_str())).collect();
    assert_eq!(told, [("restrict", "伪造材料"), ("lift", "已查清")]);
}

#[tokio::test]
async fn the_list_is_masked_and_searched_by_whole_numbers_only() {
    let b = Bureau::open().await;
    let supervisor = &b.world.sample.supervisor;
    b.ask(supervisor, "POST /restricted-people", None, entry(None)).await;
    let listed = b.ask(supervisor, "GET /restricted-people", None, Value::Null).await;
    assert!(!told(&listed).contains(NUMBER), "{}", told(&listed));
    assert_eq!(listed.json::<Value>().unwrap()["items"].as_array().unwrap().len(), 1);
    let search = async |number: &str| {
        b.ask(supervisor, "POST /restricted-people/search", None, json!({"id_number": number})).await
    };
    assert_eq!(search(NUMBER).await.json::<Value>().unwrap().as_array().unwrap().len(), 1);
    assert_eq!(search("370202198511304561").await.json::<Value>().unwrap(), json!([]));
    let part: Value = search("1101011990").await.json().unwrap();
    assert_eq!(
        (&part["errors"][0]["pointer"], &part["errors"][0]["code"]),
        (&json!("/id_number"), &json!("ID_LENGTH"))
    );
    let wrong = b.ask(supervisor, "POST /restricted-people", None, json!({"id_number": "1", "reason": " "})).await;
    assert_eq!(wrong.json::<Value>().unwrap()["errors"].as_array().unwrap().len(), 2, "{}", told(&wrong));
    let kept = b.world.store.inner().snapshot().to_string();
    assert!(!kept.contains(NUMBER), "sealed and blind");
    let reviewer = b.ask(&b.world.sample.first_reviewer, "POST /restricted-people", None, entry(None)).await;
    assert_eq!(refused(&reviewer), (403, "NOT_PERMITTED".to_owned()));
}

#[tokio::test]
async fn entering_survives_a_crash_before_and_after_its_commit() {
    for when in [When::Before, When::AfterWritten] {
        let b = Bureau::open().await;
        let supervisor = &b.world.sample.supervisor;
        b.world.faults.fail_next_commit(when);
        let lost = b.ask_as("add-to-list", supervisor, "POST /restricted-people", None, entry(None)).await;
        assert_eq!(lost.status.as_u16(), 503, "{when:?}");
        let again = b.ask_as("add-to-list", supervisor, "POST /restricted-people", None, entry(None)).await;
        assert_eq!(again.status.as_u16(), 201, "{when:?}: {}", told(&again));
        let listed: Value = b.ask(supervisor, "GET /restricted-people", None, Value::Null).await.json().unwrap();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{when:?}");
    }
}
