//! A poisoned message ends among the dead letters and is put back by command, without holding up the others.

use std::process::Command;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName::{ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible};

use crate::cloud;

async fn depth(client: &Client, url: &str) -> u32 {
    let request = client.get_queue_attributes().queue_url(url);
    let request =
        request.attribute_names(ApproximateNumberOfMessages).attribute_names(ApproximateNumberOfMessagesNotVisible);
    let attributes = request.send().await.unwrap().attributes.unwrap_or_default();
    attributes.values().filter_map(|count| count.parse::<u32>().ok()).sum()
}

/// The letter is put straight into the dead letters: five deliveries would take as many visibility timeouts.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the test runner tells by the environment which cloud is tested")]
async fn a_dead_letter_is_put_back_and_carried_out() {
    let cloud = cloud();
    let client = Client::new(&cloud.sdk().await);
    let dead = &cloud.dead_letters["certificate"];
    // A certificate nobody waits for: rendering it is acknowledged as done before.
    let body = r#"{"id":"redriven-v1-0","kind":"certificate","enrolment":"no-such-enrolment","revision":1}"#;
    client.send_message().queue_url(dead).message_body(body).send().await.unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(root.join(".local-cloud/tools/ministack/bin/python"))
        .arg(root.join("infra/local/redrive.py"))
        .arg(std::env::var_os("CLOUD_FILE").unwrap())
        .arg("certificate")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told.trim(), "1 dead letters put back into certificate.");
    assert_eq!(depth(&client, dead).await, 0);
    for _ in 0..100 {
        if depth(&client, &cloud.queues["certificate"]).await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(depth(&client, &cloud.queues["certificate"]).await, 0, "the worker took it");
    assert_eq!(depth(&client, dead).await, 0, "and did not give it up again");
}
