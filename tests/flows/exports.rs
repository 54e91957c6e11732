//! An export on the cloud, from the request to openpyxl.

use reqwest::Method;
use serde_json::{Value, json};
use tests::clerk::Clerk;
use tests::client::Client;
use tests::files;

use crate::signed_in;

const ROSTER: &str =
    "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n李四,370202198511304561,,高危职业\n";

/// Exports, waits, and reads the workbook with openpyxl.
async fn exported(by: &Client, body: Value) -> Value {
    let asked = by.send(Method::POST, "/exports", Some(&by.key()), None, Some(&body)).await.unwrap().ok().unwrap();
    let path = format!("/exports/{}", asked["id"].as_str().unwrap());
    let ended =
        |export: &Value| (!matches!(export["state"].as_str(), Some("queued" | "running"))).then(|| export.clone());
    let export = by.wait(&path, "the export", ended).await.unwrap();
    assert_eq!(export["state"], "ready", "{export}");
    let file = by.download(export["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(export["size"], file.len());
    let read = files::read_export(&file).unwrap();
    assert_eq!(export["rows"], read["rows"].as_array().unwrap().len());
    read
}

/// Type and value of the cells of a column.
fn column(read: &Value, title: &str) -> Vec<(String, String)> {
    let at = read["headings"].as_array().unwrap().iter().position(|heading| heading == title).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    read["rows"].as_array().unwrap().iter().map(|row| (text(&row[at][1]), text(&row[at][2]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn openpyxl_reads_an_export_as_dates_numbers_and_text() {
    let handler = signed_in("lisi").await;
    let clerk = Clerk::open(&handler).await.unwrap();
    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    clerk.act(Method::PUT, "/plans", plans).await.unwrap();
    clerk.import(&["hospital-a"], "名单.csv", ROSTER.as_bytes().to_vec()).await.unwrap();
    let number = clerk.view().await.unwrap()["application_number"].as_str().unwrap().to_owned();
    let filter = json!({"application_number": number});

    let enrolments = exported(&handler, json!({"kind": "enrolments", "filter": filter})).await;
    assert_eq!((&enrolments["sheet"], &enrolments["frozen"]), (&json!("参保单"), &json!("A2")));
    let [(entered, _)] = column(&enrolments, "录入日期").try_into().unwrap();
    assert_eq!(entered, "datetime");
    assert_eq!(column(&enrolments, "参保人数"), [("int".to_owned(), "2".to_owned())]);
    let [(fee, contribution)] = column(&enrolments, "总会费").try_into().unwrap();
    let told = clerk.view().await.unwrap()["contribution_fen"].as_i64().unwrap();
    assert!(["int", "float"].contains(&fee.as_str()), "an amount is a number: {fee}");
    assert_eq!(contribution.trim_end_matches(".0"), (told / 100).to_string());

    let rosters = exported(&handler, json!({"kind": "rosters", "filter": filter, "in_full": true})).await;
    let ids: Vec<_> = ["110101199003071233", "370202198511304561"].map(|id| ("str".to_owned(), id.to_owned())).into();
    assert_eq!(column(&rosters, "身份证号码"), ids);
    let masked = exported(&handler, json!({"kind": "rosters", "filter": filter})).await;
    assert_eq!(column(&masked, "身份证号码")[0].1, "110101********1233");

    // It went through the back office's list as well, and to nobody else.
    let listed = handler.get(&format!("/enrolments?application_number={number}")).await.unwrap().ok().unwrap();
    assert_eq!(listed["items"][0]["id"], clerk.id);
    let stranger = signed_in("henanchushen").await;
    let listed = stranger.get(&format!("/enrolments?application_number={number}")).await.unwrap().ok().unwrap();
    assert_eq!(listed["items"], json!([]));
    let id = handler.get("/exports").await.unwrap().ok().unwrap()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(stranger.get(&format!("/exports/{id}")).await.unwrap().status, 404);
}
