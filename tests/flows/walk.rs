//! The main job, as the demo walks it: every step checks what it sees.

use tests::branches;
use tests::cast::Story;
use tests::walk::enrolment;

use crate::cloud;

#[tokio::test(flavor = "multi_thread")]
async fn from_a_spreadsheet_to_an_archived_certificate() {
    let out = std::env::temp_dir().join(format!("walk-{}", std::process::id()));
    let mut story = Story::begin(&out).unwrap();
    enrolment(&cloud(), &mut story, 4_711).await.unwrap();
    for name in
        ["template.xlsx", "failed-rows.xlsx", "roster.xlsx", "receipt-1.pdf", "receipt-2.pdf", "certificate.pdf"]
    {
        assert!(out.join(name).metadata().unwrap().len() > 1_000, "{name}");
    }
    let texts = std::fs::read_to_string(out.join("messages.txt")).unwrap();
    assert_eq!(texts.lines().count(), 4, "returned, approved, certificate ready, archived: {texts}");
    std::fs::remove_dir_all(out).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_branch_of_enrolment() {
    let out = std::env::temp_dir().join(format!("branches-{}", std::process::id()));
    let mut story = Story::begin(&out).unwrap();
    branches::enrolment(&cloud(), &mut story, std::process::id()).await.unwrap();
    assert!(out.join("reissued-receipt.pdf").metadata().unwrap().len() > 1_000);
    std::fs::remove_dir_all(out).unwrap();
}
