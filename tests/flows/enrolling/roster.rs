//! The members of a roster: looked up, masked, removed.

use std::collections::HashSet;

use domain::enrolment::{Enrolment, State};
use domain::roster::Member;
use serde_json::{Value, json};
use testing::faults::When;
use workflow::cover::{name_index, person_key};
use workflow::ports::{CoverRecord, People, PersonWrite};

use super::{Bureau, refused, told};

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n\
                      李四,370202198511304561,,高危职业\n王小五,440306199912319995,,\n";

async fn imported(b: &Bureau) -> Enrolment {
    b.import(&b.draft().await, ROSTER).await
}

fn search(e: &Enrolment) -> String {
    format!("POST /enrolments/{}/roster/search", e.id)
}

/// A removal of the members who stand at these places now.
async fn removal_of(b: &Bureau, e: &Enrolment, places: &[usize]) -> Value {
    let members = b.members(e).await;
    let entries: Vec<_> = places.iter().map(|place| members[*place].entry()).collect();
    json!({"plan": "hospital-a", "entries": entries})
}

fn names(page: &Value) -> Vec<&str> {
    page["members"]["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn members_are_found_by_what_they_are_and_shown_masked() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let reviewer = &b.world.sample.first_reviewer;
    let found = async |filter: Value| {
        let mut body = json!({"plan": "hospital-a"});
        body.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        let reply = b.ask(reviewer, &search(&e), None, body).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", told(&reply));
        reply.json::<Value>().unwrap()
    };
    let all = found(json!({})).await;
    assert_eq!((names(&all), &all["total"]), (vec!["张三", "李四", "王小五"], &json!(3)));
    let first = &all["members"]["items"][0];
    assert_eq!((&first["id_number"], &first["mobile"]), (&json!("110101********1233"), &json!("138****0000")));
    assert_eq!((&first["sex"], &first["place"], &first["covers"]), (&json!("male"), &json!(0), &json!([])));
    assert_eq!(names(&found(json!({"name": "小"})).await), ["王小五"]);
    assert_eq!(names(&found(json!({"id_number": " 370202198511304561"})).await), ["李四"]);
    assert_eq!(
        names(&found(json!({"id_number": "37020219851130456"})).await),
        Vec::<&str>::new(),
        "no guessing digits"
    );
    assert_eq!(names(&found(json!({"occupation": "high-risk"})).await), ["李四"]);
    assert_eq!(names(&found(json!({"over_age": true})).await), Vec::<&str>::new());
    assert_eq!(names(&found(json!({"unexpired": false})).await).len(), 3);
    assert_eq!(
        b.world.store.inner().actions_of(e.id.as_str()).last().unwrap(),
        "finish-import",
        "masked views leave nothing"
    );
}

#[tokio::test]
async fn a_member_is_found_again_wherever_they_stand_and_whatever_was_corrected() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let e = b.import(&e, "姓名,身份证号码\n赵六,110101199003071225\n").await;
    let handler = &b.world.sample.handler;
    let entries: Vec<_> = b.members(&e).await.iter().map(Member::entry).collect();
    assert_eq!(entries.iter().collect::<HashSet<_>>().len(), 4, "rows of two files have the same numbers: {entries:?}");
    let shown = async |entry: &str| {
        let body = json!({"plan": "hospital-a", "entries": [entry]});
        let reply = b.ask(handler, &search(&e), None, body).await;
        reply.json::<Value>().unwrap()["members"]["items"].as_array().unwrap().clone()
    };
    let (first, before) = (shown(&entries[0]).await, shown(&entries[3]).await);
    assert_eq!(
        (&before[0]["name"], &before[0]["place"], &before[0]["entry"]),
        (&json!("赵六"), &json!(3), &json!(entries[3]))
    );
    let change = async |path: &str, body: Value| {
        let path = format!("POST /enrolments/{}/roster/{path}", e.id);
        let reply = b.ask(handler, &path, Some(b.now(&e.id).version), body).await;
        assert!(reply.status.is_success(), "{}", told(&reply));
    };
    let corrected = |cell: &str, value: &str| json!({"plan": "hospital-a", "entry": entries[3], cell: value});
    change("removals", removal_of(&b, &e, &[1]).await).await;
    change("corrections", corrected("name", "赵柳")).await;
    let renamed = shown(&entries[3]).await;
    assert_eq!((&renamed[0]["name"], &renamed[0]["place"]), (&json!("赵柳"), &json!(2)));
    assert_eq!(renamed[0]["numbers_tag"], before[0]["numbers_tag"], "the numbers are the same");
    let mut tags = HashSet::from([first[0]["numbers_tag"].clone(), renamed[0]["numbers_tag"].clone()]);
    for mobile in ["13900010001", "13900020001"] {
        change("corrections", corrected("mobile", mobile)).await;
        let now = shown(&entries[3]).await;
        assert_eq!(now[0]["mobile"], "139****0001");
        tags.insert(now[0]["numbers_tag"].clone());
    }
    assert_eq!(tags.len(), 4, "each number has another tag, though the masks show the same");
    change("removals", removal_of(&b, &e, &[2]).await).await;
    assert!(shown(&entries[3]).await.is_empty());
}

#[tokio::test]
async fn a_page_goes_on_in_the_same_roster_under_the_same_filters_only() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let handler = &b.world.sample.handler;
    let page = async |query: &str, body: Value| b.ask(handler, &format!("{}?{query}", search(&e)), None, body).await;
    let body = || json!({"plan": "hospital-a"});
    let first: Value = page("limit=2", body()).await.json().unwrap();
    assert_eq!(names(&first), ["张三", "李四"]);
    let cursor = first["members"]["next"].as_str().unwrap().to_owned();
    let rest: Value = page(&format!("limit=2&cursor={cursor}"), body()).await.json().unwrap();
    assert_eq!((names(&rest), rest["members"].get("next")), (vec!["王小五"], None));
    let other = page(&format!("limit=2&cursor={cursor}"), json!({"plan": "hospital-a", "name": "王"})).await;
    assert_eq!(refused(&other), (400, "MALFORMED_REQUEST".to_owned()), "other filters");
    let removal = format!("POST /enrolments/{}/roster/removals", e.id);
    let removed = b.ask(handler, &removal, Some(e.version), removal_of(&b, &e, &[0]).await).await;
    assert_eq!(removed.status.as_u16(), 200, "{}", told(&removed));
    let moved = page(&format!("limit=2&cursor={cursor}"), body()).await;
    assert_eq!(refused(&moved).0, 400, "another roster");
}

#[tokio::test]
async fn a_view_in_full_is_a_permission_of_its_own_and_leaves_a_trace() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let body = json!({"plan": "hospital-a", "unmasked": true});
    let reviewer = b.ask(&b.world.sample.first_reviewer, &search(&e), None, body.clone()).await;
    assert_eq!(refused(&reviewer), (403, "NOT_PERMITTED".to_owned()));
    for _ in 0..2 {
        let full: Value = b.ask(&b.world.sample.registrar, &search(&e), None, body.clone()).await.json().unwrap();
        assert_eq!(full["members"]["items"][1]["id_number"], "370202198511304561");
    }
    let trail = b.world.store.inner().trail_of(e.id.as_str());
    let seen: Vec<_> = trail.iter().filter(|entry| entry.action == "view-unmasked").collect();
    assert_eq!(seen.len(), 2, "also at the very same microsecond");
    assert_eq!(seen[0].actor_name, b.world.sample.registrar.name);
    assert!(seen[0].note.contains("3人") && !seen[0].note.contains("370202"), "{}", seen[0].note);
    assert_eq!(b.now(&e.id).version, e.version, "nobody else is disturbed");
}

#[tokio::test]
async fn a_members_cover_by_the_same_unit_is_shown() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let cover = |unit, start: &str, end: &str| CoverRecord {
        enrolment: domain::ids::EnrolmentId::parse(&format!("E-{start}")).unwrap(),
        unit,
        plan: "hospital-a".into(),
        plan_version: "2025".into(),
        shares: 1,
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    };
    let (own, other) = (b.world.sample.unit.id.clone(), b.world.sample.neighbour.id.clone());
    let covers = [cover(own, "2025-03-11", "2026-03-10"), cover(other, "2024-01-01", "2024-12-31")];
    for cover in covers {
        let key = person_key(&b.world.cipher, "110101199003071233");
        let write = PersonWrite { key, name_index: name_index(&b.world.cipher, "张三"), cover };
        b.world.store.inner().write_cover(&[write]).await.unwrap();
    }
    let page: Value =
        b.ask(&b.world.sample.handler, &search(&e), None, json!({"plan": "hospital-a"})).await.json().unwrap();
    let shown = &page["members"]["items"][0]["covers"];
    assert_eq!((shown.as_array().unwrap().len(), &shown[0]["current"]), (1, &json!(true)), "{shown}");
}

#[tokio::test]
async fn removed_members_are_gone_from_roster_and_workbook() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let handler = &b.world.sample.handler;
    let removal = format!("POST /enrolments/{}/roster/removals", e.id);
    let body = removal_of(&b, &e, &[0, 1]).await;
    let done = b.ask_as("one-removal", handler, &removal, Some(e.version), body.clone()).await;
    assert_eq!(done.status.as_u16(), 200, "{}", told(&done));
    let again = b.ask_as("one-removal", handler, &removal, Some(e.version), body.clone()).await;
    assert_eq!(told(&again), told(&done));
    let next = b.now(&e.id);
    let (before, after) = (e.lines[0].roster.clone().unwrap(), next.lines[0].roster.clone().unwrap());
    assert_eq!((next.version, after.members(), after.high_risk), (e.version + 1, 1, 0));
    assert_eq!((after.distribution.members, after.distribution.male), (1, 1));
    assert!(before.key != after.key && before.workbook != after.workbook, "objects never change");
    let documents = b.world.objects.inner().keys(workflow::ports::Bucket::Documents);
    assert!(documents.contains(&after.key) && documents.contains(&after.workbook));

    let gone = b.ask(handler, &removal, Some(next.version), body).await;
    assert_eq!(refused(&gone), (422, "INVALID".to_owned()));
    let last = b.ask(handler, &removal, Some(next.version), removal_of(&b, &next, &[0]).await).await;
    assert_eq!(last.status.as_u16(), 200, "{}", told(&last));
    assert_eq!(b.now(&e.id).lines[0].roster, None);
}

#[tokio::test]
async fn a_crash_before_or_after_the_commit_removes_once() {
    for when in [When::Before, When::AfterWritten] {
        let b = Bureau::open().await;
        let e = imported(&b).await;
        let removal = format!("POST /enrolments/{}/roster/removals", e.id);
        b.world.faults.fail_next_commit(when);
        let body = removal_of(&b, &e, &[0]).await;
        let handler = &b.world.sample.handler;
        let send = async || b.ask_as("one-removal", handler, &removal, Some(e.version), body.clone()).await;
        assert_eq!(send().await.status.as_u16(), 503);
        let again = send().await;
        assert_eq!(again.status.as_u16(), 200, "{when:?}: {}", told(&again));
        assert_eq!((b.now(&e.id).lines[0].participants(), b.now(&e.id).version), (2, e.version + 1));
    }
}

#[tokio::test]
async fn of_two_who_remove_at_once_one_succeeds_and_nothing_is_removed_later() {
    let b = Bureau::open().await;
    let e = imported(&b).await;
    let (handler, registrar) = (&b.world.sample.handler, &b.world.sample.registrar);
    let removal = format!("POST /enrolments/{}/roster/removals", e.id);
    let body = removal_of(&b, &e, &[2]).await;
    b.one_of_two((handler, registrar), &removal, &e, body.clone()).await;
    assert_eq!(b.now(&e.id).lines[0].participants(), 2);
    let reviewer = b.ask(&b.world.sample.first_reviewer, &removal, Some(b.now(&e.id).version), body.clone()).await;
    assert_eq!(refused(&reviewer), (403, "NOT_PERMITTED".to_owned()));
    let sent = b.place(&b.now(&e.id), State::FirstReview).await;
    let keys = b.world.objects.inner().keys(workflow::ports::Bucket::Documents);
    let late = b.ask(handler, &removal, Some(sent.version), body).await;
    assert_eq!(refused(&late), (409, "WRONG_STATE".to_owned()));
    assert_eq!(b.world.objects.inner().keys(workflow::ports::Bucket::Documents), keys, "and nothing was written");
}

#[tokio::test]
async fn links_to_files_with_whole_numbers_leave_a_trail_entry_and_are_not_for_everybody() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, &format!("{ROSTER}赵六,110101199003071234,,\n")).await;
    let sample = &b.world.sample;
    let path = format!("GET /enrolments/{}/files", e.id);
    let refusal = b.ask(&sample.first_reviewer, &format!("{path}?in_full=true"), None, Value::Null).await;
    assert_eq!(refused(&refusal), (403, "NOT_PERMITTED".to_owned()));
    for (by, query, whole) in
        [(&sample.first_reviewer, "", false), (&sample.handler, "", false), (&sample.handler, "?in_full=true", true)]
    {
        let reply = b.ask(by, &format!("{path}{query}"), None, Value::Null).await;
        let files: Value = reply.json().unwrap();
        let kinds: Vec<_> = files.as_array().unwrap().iter().map(|file| file["kind"].as_str().unwrap()).collect();
        let seen = b.world.store.inner().actions_of(e.id.as_str()).last().unwrap() == "view-unmasked";
        assert_eq!(
            (kinds.contains(&"roster"), kinds.contains(&"failed-rows"), seen),
            (whole, whole, whole),
            "{kinds:?}"
        );
    }
}
