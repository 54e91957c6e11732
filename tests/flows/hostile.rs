//! Files made to break a reader, by the programs that make them, on their whole way: form, bucket, event, function,
//! answer. Each gets its reason, nothing is lost, nothing half-done is to be seen, and no function falls over.

use aws::connect::Aws;
use aws::world::SystemClock;
use domain::ids::{AccountId, EnrolmentId, UploadId};
use domain::organisation::NodePath;
use domain::upload::{Purpose, Upload, UploadState};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::files;
use tests::operator::Operator;
use workflow::ports::{Clock, Links};

use crate::cloud;
use crate::uploads::drafting;

/// Rosters, each with the reason for which it is refused as a whole.
const REFUSED: [(&str, &str); 6] = [
    ("truncated.xlsx", "FILE_DAMAGED"),
    ("encrypted.xlsx", "FILE_ENCRYPTED"),
    ("zip-bomb.xlsx", "UNPACKED_TOO_LARGE"),
    ("entity-bomb.xlsx", "FILE_DAMAGED"),
    ("wrong-headers.xlsx", "HEADER_NOT_FOUND"),
    ("200001-rows.xlsx", "TOO_MANY_ROWS"),
];
/// Rosters that are read, in this order, each with the rows that become members and those that fail.
const READ: [(&str, u64, u64); 4] = [
    ("numeric-id.xlsx", 0, 1),
    ("formula-injection.xlsx", 0, 3),
    ("gb18030.csv", 1, 0),
    // The same person once more.
    ("huge-bounding-box.xlsx", 0, 1),
];
/// Images, each with the reason for which it is rejected; none if it is accepted.
const IMAGES: [(&str, Option<&str>); 7] = [
    ("truncated.jpg", Some("IMAGE_TRUNCATED")),
    ("script-appended.jpg", Some("FILE_HAS_TRAILING_DATA")),
    ("over-fifty-megapixels.jpg", Some("IMAGE_TOO_MANY_PIXELS")),
    ("cmyk.jpg", None),
    ("sixteen-bit.png", None),
    ("rotated.jpg", None),
    ("fifty-megapixels.jpg", None),
];

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_get_their_reason_and_change_nothing() {
    let made = files::hostile().unwrap();
    let file = |name: &str| made[name].clone();
    let clerk = drafting().await;
    for (name, code) in REFUSED {
        let batch = clerk.import(&["hospital-a"], name, file(name)).await.unwrap();
        assert_eq!(batch["outcome"]["code"], code, "{name}: {batch}");
        assert!(batch["outcome"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{name}: {batch}");
    }
    for (name, succeeded, failed) in READ {
        let batch = clerk.import(&["hospital-a"], name, file(name)).await.unwrap();
        let outcome = &batch["outcome"];
        assert_eq!((&outcome["succeeded"], &outcome["failed"]), (&json!(succeeded), &json!(failed)), "{name}: {batch}");
    }
    for (name, code) in IMAGES {
        let status = clerk.upload("enrolment-attachment", &[], name, file(name)).await.unwrap();
        let state = if code.is_none() { "accepted" } else { "rejected" };
        assert_eq!((&status["state"], &status["code"]), (&json!(state), &json!(code)), "{name}: {status}");
    }
    let view = clerk.view().await.unwrap();
    assert_eq!((&view["plans"][0]["participants"], &view["attachments"]), (&json!(1), &json!([])), "{view}");
    let batches = view["batches"].as_array().unwrap();
    assert_eq!(batches.len(), REFUSED.len() + READ.len(), "every file left its outcome");
    let dead = Operator::of(&cloud()).await.settle().await.unwrap();
    assert_eq!(dead.iter().find(|(queue, _)| queue.ends_with("upload")), None, "no function fell over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_used_twice_counts_once() {
    let clerk = drafting().await;
    let roster = "姓名,身份证号码\n张三,110101199003071233\n".as_bytes().to_vec();
    let form = clerk.form("roster", &["hospital-a"], "名单.csv", &roster).await.unwrap().ok().unwrap();
    let path = format!("/uploads/{}", form["upload"].as_str().unwrap());
    for _ in 0..2 {
        let posted = clerk.client.post_form(&form, roster.clone()).await.unwrap();
        assert!((200..300).contains(&posted), "the bucket answered {posted}");
        let accepted = |status: &Value| (status["state"] == "accepted").then_some(());
        clerk.client.wait(&path, "the upload to be checked", accepted).await.unwrap();
    }
    Operator::of(&cloud()).await.settle().await.unwrap();
    let view = clerk.view().await.unwrap();
    assert_eq!(view["batches"].as_array().unwrap().len(), 1, "{view}");
    assert_eq!(view["plans"][0]["participants"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_has_expired_takes_nothing() {
    let clerk = drafting().await;
    let photo = files::photo().unwrap();
    let links = Aws::connect().await.links();
    let form_of = |ago: SignedDuration| {
        let issued_at = SystemClock.now() - ago;
        let upload = Upload {
            id: UploadId::parse("expired-form").unwrap(),
            purpose: Purpose::EnrolmentAttachment,
            enrolment: Some(EnrolmentId::parse(&clerk.id).unwrap()),
            plans: Vec::new(),
            path: NodePath::root(),
            account: Some(AccountId::parse("sunliu").unwrap()),
            file_name: "照片.png".to_owned(),
            size: photo.len() as u64,
            sha256: Sha256::digest(&photo).iter().map(|byte| format!("{byte:02x}")).collect(),
            issued_at,
            state: UploadState::Issued,
            sequencer: None,
        };
        let links = &links;
        async move {
            let form = links.post_form(&upload, "image/png", issued_at).await.unwrap();
            let fields = form.fields.iter().map(|(name, value)| json!({"name": name, "value": value}));
            json!({"url": form.url, "fields": fields.collect::<Vec<_>>()})
        }
    };
    let expired = form_of(SignedDuration::from_mins(11)).await;
    assert_eq!(clerk.client.post_form(&expired, photo.clone()).await.unwrap(), 403);
    let living = form_of(SignedDuration::from_mins(9)).await;
    let posted = clerk.client.post_form(&living, photo.clone()).await.unwrap();
    assert!((200..300).contains(&posted), "only its age was wrong: {posted}");
}
