//! What a reviewer looks at beside the enrolment: its distribution, the unit's earlier ones, one's own phrases.

use domain::enrolment::State;
use serde_json::{Value, json};

use super::{Bureau, refused, told};

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n\
                      李四,370202198511304561,,高危职业\n";

#[tokio::test]
async fn the_distribution_is_kept_with_the_roster() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let reviewer = &b.world.sample.first_reviewer;
    let shown: Value = b.ask(reviewer, &format!("GET /enrolments/{}", e.id), None, json!({})).await.json().unwrap();
    let distribution = &shown["plans"][0]["distribution"];
    assert_eq!(
        (&distribution["male"], &distribution["female"], &distribution["high_risk"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let bands: Vec<_> = distribution["age_bands"].as_array().unwrap().iter().map(|band| &band["members"]).collect();
    assert_eq!(bands, [0, 0, 1, 1, 0, 0].map(|n| json!(n)).iter().collect::<Vec<_>>(), "36 and 40 years in March 2026");
}

#[tokio::test]
async fn earlier_enrolments_of_the_unit_are_listed_and_no_others() {
    let b = Bureau::open().await;
    let mut drafts = Vec::new();
    for _ in 0..3 {
        drafts.push(b.import(&b.draft().await, ROSTER).await);
        b.world.clock.advance(jiff::SignedDuration::from_hours(24));
    }
    let reviewer = &b.world.sample.first_reviewer;
    let earlier = format!("GET /enrolments/{}/earlier", drafts[2].id);
    let page: Value = b.ask(reviewer, &format!("{earlier}?limit=1"), None, json!({})).await.json().unwrap();
    assert_eq!(page["items"][0]["application_number"], json!(drafts[1].application_number));
    let contribution = drafts[1].contribution().unwrap().fen();
    assert_eq!(
        (&page["items"][0]["participants"], &page["items"][0]["contribution_fen"]),
        (&json!(2), &json!(contribution))
    );
    let cursor = page["next"].as_str().unwrap();
    let rest: Value =
        b.ask(reviewer, &format!("{earlier}?limit=1&cursor={cursor}"), None, json!({})).await.json().unwrap();
    assert_eq!((&rest["items"][0]["id"], rest.get("next")), (&json!(drafts[0].id), None));
    let stranger = b.ask(&b.world.sample.stranger_reviewer, &earlier, None, json!({})).await;
    assert_eq!(refused(&stranger).0, 404);
}

#[tokio::test]
async fn phrases_are_ones_own_and_replaced_from_the_version_seen() {
    let b = Bureau::open().await;
    let (reviewer, other) = (&b.world.sample.first_reviewer, &b.world.sample.other_first_reviewer);
    let (get, put) = ("GET /opinion-phrases", "PUT /opinion-phrases");
    let none = b.ask(reviewer, get, None, json!({})).await;
    assert_eq!((none.header("etag"), none.json::<Value>().unwrap()), ("\"0\"", json!({"phrases": []})));
    let kept = b.ask(reviewer, put, Some(0), json!({"phrases": ["同意", "名单与附件不符"]})).await;
    assert_eq!((kept.status.as_u16(), kept.header("etag")), (200, "\"1\""), "{}", told(&kept));
    let late = b.ask(reviewer, put, Some(0), json!({"phrases": []})).await;
    assert_eq!((refused(&late), late.header("etag")), ((412, "VERSION_CHANGED".to_owned()), "\"1\""));
    let wrong = b.ask(reviewer, put, Some(1), json!({"phrases": ["", "同意"]})).await;
    assert_eq!(refused(&wrong), (422, "INVALID".to_owned()));
    let seen: Value = b.ask(reviewer, get, None, json!({})).await.json().unwrap();
    assert_eq!(seen["phrases"], json!(["同意", "名单与附件不符"]));
    assert_eq!(b.ask(other, get, None, json!({})).await.json::<Value>().unwrap()["phrases"], json!([]));
}

#[tokio::test]
async fn separation_of_duties_names_its_rule() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let mut both = b.world.sample.first_reviewer.clone();
    both.roles = vec![domain::account::Role::Registrar, domain::account::Role::EnrolmentFirstReviewer];
    b.world.store.inner().with_account(both.clone(), "");
    let details = json!({"staff": 12, "female_staff": 5});
    let entered = b.ask(&both, &format!("PUT /enrolments/{}/details", e.id), Some(e.version), details).await;
    assert_eq!(entered.status.as_u16(), 200, "{}", told(&entered));
    let complete = format!("POST /enrolments/{}/completion", e.id);
    let done = b.ask(&b.world.sample.handler, &complete, Some(e.version + 1), json!({})).await;
    assert_eq!(done.status.as_u16(), 200, "{}", told(&done));
    let now = b.now(&e.id);
    assert_eq!(now.state, State::FirstReview);
    let task = now.task.unwrap();
    b.ask(&both, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
    let review = format!("POST /enrolments/{}/reviews", e.id);
    let refusal = b.ask(&both, &review, Some(now.version), json!({"conclusion": "approve"})).await;
    assert_eq!(refused(&refusal), (403, "SEPARATION_ENTERED".to_owned()));
    assert!(told(&refusal).contains("职责分离：录入人"), "{}", told(&refusal));
}
