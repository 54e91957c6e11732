//! A member of a draft's roster corrected in place.

use domain::enrolment::{Enrolment, State};
use domain::identity::{Mobile, Sex};
use domain::plan::Occupation;
use domain::roster::Member;
use lambda::http::Reply;
use serde_json::{Value, json};
use workflow::cover::{name_index, person_key};
use workflow::ports::{CoverRecord, People, PersonWrite};
use workflow::rosters;

use super::{Bureau, refused, told};

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n\
                      李四,370202198511304561,,高危职业\n王小五,440306199912319995,,\n";
/// The number of a woman who is not on the roster.
const SOMEBODY_ELSE: &str = "110101199003071225";
/// The number of a woman over the plan's age.
const OLDER: &str = "110101195003071227";

impl Bureau {
    /// Changes what is named of the second member.
    async fn correct(&self, e: &Enrolment, change: Value) -> Reply {
        let mut body = json!({"plan": "hospital-a", "entry": self.members(e).await[1].entry()});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let path = format!("POST /enrolments/{}/roster/corrections", e.id);
        self.ask(&self.world.sample.handler, &path, Some(self.now(&e.id).version), body).await
    }

    /// The members of the first plan, as they are now.
    pub(super) async fn members(&self, e: &Enrolment) -> Vec<Member> {
        let e = self.now(&e.id);
        rosters::load(&self.world.objects, &self.world.cipher, e.lines[0].roster.as_ref()).await.unwrap()
    }
}

/// Where it was refused, and for what.
fn faults(reply: &Reply) -> Vec<(String, String)> {
    let body: Value = reply.json().unwrap();
    let faults = body["errors"].as_array().into_iter().flatten();
    faults.map(|f| (f["pointer"].as_str().unwrap().into(), f["code"].as_str().unwrap().into())).collect()
}

fn at(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

#[tokio::test]
async fn a_member_is_corrected_where_they_stand_and_the_trail_tells_what_not_from_what() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let before = b.members(&e).await;
    let change = json!({"name": "李斯", "id_number": SOMEBODY_ELSE, "mobile": "13900000001", "occupation": "ordinary"});
    let done = b.correct(&e, change).await;
    assert!(done.status.is_success(), "{}", told(&done));
    let (after, next) = (b.members(&e).await, b.now(&e.id));
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]), "the others stay as they were");
    let member = &after[1];
    assert_eq!((member.name.as_str(), member.id.as_str(), member.id.sex()), ("李斯", SOMEBODY_ELSE, Sex::Female));
    assert_eq!(member.mobile.as_ref().map(Mobile::as_str), Some("13900000001"));
    assert_eq!((member.occupation, member.shares, member.row), (Occupation::Ordinary, 1, before[1].row));
    let (old, new) = (e.lines[0].roster.clone().unwrap(), next.lines[0].roster.clone().unwrap());
    assert_eq!((old.high_risk, new.high_risk, new.members()), (1, 0, 3));
    assert!(old.key != new.key && old.workbook != new.workbook, "objects never change");
    let trail = b.world.store.inner().trail_of(e.id.as_str());
    let said = trail.last().unwrap();
    assert_eq!(said.action, "correct-member");
    assert!(said.note.ends_with("更正1人：姓名、身份证号码、手机号码、职业"), "{}", said.note);

    let cleared = b.correct(&e, json!({"mobile": " "})).await;
    assert!(cleared.status.is_success(), "{}", told(&cleared));
    assert_eq!(b.members(&e).await[1].mobile, None);
}

#[tokio::test]
async fn a_correction_is_judged_as_an_import_would_be_and_leaves_nothing_when_refused() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let cases = [
        (json!({"name": ""}), at("/name", "NAME_MISSING")),
        (json!({"id_number": "110101199003071234"}), at("/id_number", "ID_CHECK_DIGIT")),
        (json!({"id_number": "110101199003071233"}), at("/id_number", "DUPLICATE_IN_ROSTER")),
        (json!({"mobile": "12"}), at("/mobile", "PHONE_FORMAT")),
        (json!({"shares": 0}), at("/shares", "NO_PLAN_CHOSEN")),
        (json!({"shares": 99}), at("/shares", "SHARES_EXCEEDED")),
        (json!({"name": "名".repeat(201)}), at("/name", "TEXT_TOO_LONG")),
        (json!({"entry": "nobody.2"}), at("/entry", "NOT_ON_ROSTER")),
    ];
    let kept = b.world.objects.inner().keys(workflow::ports::Bucket::Documents);
    for (change, expected) in cases {
        let reply = b.correct(&e, change.clone()).await;
        assert_eq!((reply.status.as_u16(), faults(&reply)), (422, expected), "{change}");
    }
    let same = b.correct(&e, json!({"name": "李四", "occupation": "high-risk"})).await;
    assert_eq!(refused(&same), (409, "NOTHING_CHANGED".to_owned()));
    assert_eq!(b.now(&e.id).version, e.version);
    assert_eq!(b.world.objects.inner().keys(workflow::ports::Bucket::Documents), kept);
}

#[tokio::test]
async fn whom_the_platform_knows_by_another_name_is_not_taken_and_age_is_reckoned_anew() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let cover = CoverRecord {
        enrolment: domain::ids::EnrolmentId::parse("E-EARLIER").unwrap(),
        unit: b.world.sample.unit.id.clone(),
        plan: "women-25".into(),
        plan_version: "2025".into(),
        shares: 1,
        start: "2025-03-11".parse().unwrap(),
        end: "2026-03-10".parse().unwrap(),
    };
    let key = person_key(&b.world.cipher, SOMEBODY_ELSE);
    let known = PersonWrite { key, name_index: name_index(&b.world.cipher, "赵六"), cover };
    b.world.store.inner().write_cover(&[known]).await.unwrap();
    let reply = b.correct(&e, json!({"id_number": SOMEBODY_ELSE})).await;
    assert_eq!(faults(&reply), at("/name", "NAME_ID_MISMATCH"));
    let right = b.correct(&e, json!({"id_number": SOMEBODY_ELSE, "name": "赵六"})).await;
    assert!(right.status.is_success(), "{}", told(&right));
    let older = b.correct(&e, json!({"id_number": OLDER, "name": "李四"})).await;
    assert!(older.status.is_success(), "{}", told(&older));
    assert!(b.members(&e).await[1].over_age);
    assert_eq!(b.now(&e.id).lines[0].roster.as_ref().unwrap().over_age.count(), 1, "it needs an over-age proof now");
}

#[tokio::test]
async fn of_two_who_correct_at_once_one_succeeds_and_nobody_corrects_what_is_under_review() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let sample = &b.world.sample;
    let path = format!("POST /enrolments/{}/roster/corrections", e.id);
    let entry = b.members(&e).await[1].entry();
    let body = json!({"plan": "hospital-a", "entry": entry, "name": "李斯"});
    b.one_of_two((&sample.handler, &sample.registrar), &path, &e, body.clone()).await;
    let version = Some(b.now(&e.id).version);
    let reviewer = b.ask(&sample.first_reviewer, &path, version, body.clone()).await;
    assert_eq!(refused(&reviewer), (403, "NOT_PERMITTED".to_owned()));
    let sent = b.place(&b.now(&e.id), State::FirstReview).await;
    let late = b.ask(&sample.handler, &path, Some(sent.version), body).await;
    assert_eq!(refused(&late), (409, "WRONG_STATE".to_owned()));
}
