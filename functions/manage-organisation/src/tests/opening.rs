//! New accounts of the back office.

use domain::ids::AccountId;
use domain::message::Message;
use http::StatusCode;
use lambda::http::{Problem, Reply};
use serde_json::{Value, json};
use testing::faults::{Call, When};
use workflow::password_links;

use super::Stage;

fn newcomer(mobile: &str) -> Value {
    json!({"name": "周才", "roles": ["finance"], "node": "/hq/2602/baoji/", "mobile": mobile})
}

#[tokio::test]
async fn a_new_account_gets_a_user_name_a_link_and_a_trail() {
    let stage = Stage::new().await;
    let first = stage.send_as("form-open", stage.admin(), "POST /accounts", None, newcomer("13900000001")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{:?}", first.body);
    let opened: Value = first.json().unwrap();
    assert_eq!((&opened["user_name"], &opened["version"]), (&json!("zhoucai"), &json!(1)));
    let again = stage.send_as("form-open", stage.admin(), "POST /accounts", None, newcomer("13900000001")).await;
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body), "delivered twice");
    let id = opened["id"].as_str().unwrap();
    let shown = stage.get(stage.admin(), &format!("/accounts/{id}")).await;
    let told = ["name", "node", "mobile", "totp", "active", "unit"].map(|field| shown[field].clone());
    let expected =
        ["周才".into(), "/hq/2602/baoji/".into(), "139****0001".into(), false.into(), true.into(), Value::Null];
    assert_eq!(told, expected);

    let note = "用户名：zhoucai；姓名：周才；角色：财务；所在机构：/hq/2602/baoji/；手机号码：139****0001";
    assert_eq!(stage.notes(&format!("account-{id}")).await, [("open-account".to_owned(), note.to_owned())]);
    let sent = stage.world.store.inner().outbox();
    let [link] = sent.as_slice() else { panic!("{sent:?}") };
    let account = AccountId::parse(id).unwrap();
    assert_eq!(link.message, Message::PasswordLink { account: account.clone() });
    let token = password_links::token(&stage.world.cipher, &account, &link.id);
    assert!(!String::from_utf8_lossy(&first.body).contains(&token));
    let other = stage.send(stage.admin(), "POST /accounts", None, newcomer("13900000002")).await;
    assert_eq!(other.json::<Value>().unwrap()["user_name"], "zhoucai2", "another of the same name");
}

#[tokio::test]
async fn a_number_or_user_name_that_somebody_has_is_refused_with_its_field() {
    let stage = Stage::new().await;
    let open = async |user_name: &str, mobile: &str| {
        let mut body = newcomer(mobile);
        body["user_name"] = user_name.into();
        stage.send(stage.admin(), "POST /accounts", None, body).await
    };
    let faults = |reply: &Reply| {
        let problem: Problem = reply.json().unwrap();
        problem.errors.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect::<Vec<_>>()
    };
    let first: Value = open("caishen", "13900000001").await.json().unwrap();
    assert_eq!(first["user_name"], "caishen");
    let both = open(" CaiShen", "13900000001").await;
    assert_eq!(faults(&both), ["/user_name USER_NAME_TAKEN", "/mobile MOBILE_TAKEN"]);
    let wrong = stage.send(
        stage.admin(),
        "POST /accounts",
        None,
        json!({
            "name": "", "user_name": "一", "roles": ["auditor"], "node": "/hq/2602/", "mobile": "1",
        }),
    );
    let wrong = faults(&wrong.await);
    assert_eq!(
        wrong,
        ["/name NAME_MISSING", "/user_name USER_NAME_FORMAT", "/roles/0 ROLE_NOT_GRANTABLE", "/mobile PHONE_FORMAT"]
    );

    // A number follows its account: to another number, out of use, and back.
    let change = async |what: &str, seen: u64, body: Value| {
        let request = format!(
            "{} /accounts/{}{what}",
            if what.is_empty() { "PUT" } else { "POST" },
            first["id"].as_str().unwrap()
        );
        stage.send(stage.admin(), &request, Some(seen), body).await
    };
    assert_eq!(change("", 1, newcomer("13900000002")).await.status, StatusCode::OK);
    assert_eq!(open("second", "13900000001").await.status, StatusCode::CREATED, "it was given back");
    assert_eq!(faults(&change("", 2, newcomer("13900000001")).await), ["/mobile MOBILE_TAKEN"]);
    assert_eq!(change("/closing", 2, json!({"reason": "调离"})).await.status, StatusCode::OK);
    assert_eq!(open("third", "13900000002").await.status, StatusCode::CREATED, "a closed account has none");
    assert_eq!(faults(&change("/reopening", 3, json!({"reason": "调回"})).await), ["/mobile MOBILE_TAKEN"]);
    assert_eq!(change("", 3, newcomer("13900000003")).await.status, StatusCode::OK);
    assert_eq!(change("/reopening", 4, json!({"reason": "调回"})).await.status, StatusCode::OK);
    assert_eq!(faults(&open("fourth", "13900000003").await), ["/mobile MOBILE_TAKEN"]);
}

#[tokio::test]
async fn two_who_open_at_once_get_one_number_and_a_crash_opens_nothing_twice() {
    let stage = Stage::new().await;
    let open = || stage.send(stage.admin(), "POST /accounts", None, newcomer("13900000001"));
    let (one, other) = tokio::join!(open(), open());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
    for (when, opened) in [(When::Before, false), (When::AfterWritten, true)] {
        let key = format!("form-{opened}");
        let mobile = format!("1390000001{}", u8::from(opened));
        let send = async || stage.send_as(&key, stage.admin(), "POST /accounts", None, newcomer(&mobile)).await;
        stage.world.faults.fail_next(Call::Commit, when);
        assert_eq!(send().await.status, StatusCode::SERVICE_UNAVAILABLE);
        let links = stage.world.store.inner().outbox().len();
        assert_eq!(send().await.status, StatusCode::CREATED, "{when:?}");
        assert_eq!(stage.world.store.inner().outbox().len() - links, usize::from(!opened), "{when:?}");
    }
}
