//! Files that must not come through: each gets a clear answer, and nothing is left half-done.

use reqwest::Method;
use serde_json::{Value, json};
use tests::clerk::Clerk;
use tests::files;

use crate::signed_in;

/// A draft of one plan.
pub async fn drafting() -> Clerk {
    let clerk = Clerk::open(&signed_in("sunliu").await).await.unwrap();
    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    clerk.act(Method::PUT, "/plans", plans).await.unwrap();
    clerk
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_takes_this_file_and_no_other() {
    let clerk = drafting().await;
    let photo = files::photo().unwrap();
    let form = clerk.form("enrolment-attachment", &[], "照片.png", &photo).await.unwrap().ok().unwrap();
    let post = |form: Value, file: Vec<u8>| {
        let client = clerk.client.clone();
        async move { client.post_form(&form, file).await.unwrap() }
    };
    let mut longer = photo.clone();
    longer.push(0);
    assert_eq!(post(form.clone(), longer).await, 400, "a longer file");
    for (field, value) in [("key", "incoming/roster/other"), ("Content-Type", "text/html")] {
        let mut changed = form.clone();
        let fields = changed["fields"].as_array_mut().unwrap();
        let entry = fields.iter_mut().find(|f| f["name"].as_str().unwrap().eq_ignore_ascii_case(field));
        entry.unwrap()["value"] = json!(value);
        assert_eq!(post(changed, photo.clone()).await, 403, "another {field}");
    }
    assert!((200..300).contains(&post(form, photo).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_uploaded_is_said_before_the_file_travels() {
    let clerk = drafting().await;
    let ask = |changes: Value| {
        let (client, id) = (clerk.client.clone(), clerk.id.clone());
        async move {
            let mut body = json!({
                "purpose": "roster", "enrolment": id, "plans": ["hospital-a"], "file_name": "名单.xlsx",
                "size": 10, "sha256": "0".repeat(64),
            });
            for (name, value) in changes.as_object().unwrap() {
                body[name] = value.clone();
            }
            let reply = client.post("/uploads", &body).await.unwrap();
            let problem = reply.json();
            assert_eq!(reply.status, 422, "{}", reply.text);
            problem["errors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|e| e["code"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(ask(json!({"size": 20 * 1024 * 1024 + 1})).await, ["FILE_TOO_LARGE"]);
    assert_eq!(ask(json!({"size": 0, "file_name": "x.exe"})).await, ["FILE_EMPTY", "FILE_KIND"]);
    assert_eq!(ask(json!({"sha256": "XYZ", "plans": ["women-25"]})).await, ["CHECKSUM_FORMAT", "PLAN_NOT_CHOSEN"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_files_are_rejected_with_their_reason() {
    let clerk = drafting().await;
    let mut scripted = files::photo().unwrap();
    scripted.extend_from_slice(b"<script>alert(1)</script>");
    let whole = files::photo().unwrap();
    let truncated = whole[..whole.len() / 2].to_vec();
    let script = String::from_utf8(files::pdf()).unwrap();
    let script = script.replace("/Pages 2 0 R", "/Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >>");
    for (name, file, code) in [
        ("polyglot.png", scripted, "FILE_HAS_TRAILING_DATA"),
        ("truncated.png", truncated, "IMAGE_TRUNCATED"),
        ("script.pdf", script.into_bytes(), "PDF_HAS_SCRIPT"),
        ("text.png", b"not an image at all".to_vec(), "FILE_TYPE_NOT_ALLOWED"),
    ] {
        let status = clerk.upload("enrolment-attachment", &[], name, file).await.unwrap();
        assert_eq!((&status["state"], &status["code"]), (&json!("rejected"), &json!(code)), "{name}: {status}");
        let attach = json!({"upload": status["upload"]});
        let refused = clerk.command(Method::POST, "/attachments", attach).await.unwrap();
        assert_eq!(refused.json()["errors"][0]["code"], "UPLOAD_REJECTED", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_cannot_be_read_leaves_its_reason_and_no_roster() {
    let clerk = drafting().await;
    let gb18030 = [&[0xD0, 0xD5, 0xC3, 0xFB][..], b",", &[0xBA, 0xC5, 0xC2, 0xEB][..], b"\nx,1\n"].concat();
    for (name, file, code) in [
        ("zip.xlsx", b"PK\x03\x04 and then nothing".to_vec(), "FILE_DAMAGED"),
        ("header.csv", "名字,号码\n张三,110101199003071233\n".as_bytes().to_vec(), "HEADER_NOT_FOUND"),
        ("gb18030.csv", gb18030, "HEADER_NOT_FOUND"),
    ] {
        let batch = clerk.import(&["hospital-a"], name, file).await.unwrap();
        assert_eq!(batch["outcome"]["code"], code, "{name}: {batch}");
    }
    let good = "姓名,身份证号码\n张三,110101199003071233\n李四,110101199003071234\n";
    let batch = clerk.import(&["hospital-a"], "名单.csv", good.as_bytes().to_vec()).await.unwrap();
    let (succeeded, failed) = (&batch["outcome"]["succeeded"], &batch["outcome"]["failed"]);
    assert_eq!((succeeded, failed), (&json!(1), &json!(1)), "{batch}");
    assert_eq!(clerk.view().await.unwrap()["plans"][0]["participants"], 1);
}
