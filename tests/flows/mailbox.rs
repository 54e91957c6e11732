//! A mail as a program of other people receives and reads it, and as SES takes it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;

use aws::config::Identity;
use aws::connect::Aws;
use aws::mail::{SmtpMails, SmtpServer};
use aws::world::{SystemClock, SystemIds};
use lambda::batch::{Outcome, Step};
use mail_receipt::MailReceipt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testing::world::World;
use tests::operator::Operator;
use workflow::ports::{Bucket, Ids, Mail};

use crate::cloud;
use crate::message_steps::{mailer, nth, receipted, record};

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_arrives_in_a_mailbox_as_it_was_filed() {
    let mut inbox = tests::files::inbox().stdout(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(inbox.stdout.take().unwrap()).lines();
    let port: u16 = told.next().unwrap().unwrap().parse().unwrap();

    let w = World::default();
    let (e, outgoing) = receipted(&w).await;
    let server = SmtpServer::parse(&format!("smtp://127.0.0.1:{port}")).unwrap_or_else(|problem| panic!("{problem}"));
    let identity = Identity::from_environment(|_| Some("no-reply@mutual-aid.example".to_owned()));
    let mails = Arc::new(SmtpMails::new(server, identity, Arc::new(SystemClock)));
    let step = MailReceipt { mails, ..mailer(&w) };
    assert_eq!(step.perform(outgoing.clone(), &nth(1)).await.unwrap(), Outcome::Done);

    let mail: Value = serde_json::from_str(&told.next().unwrap().unwrap()).unwrap();
    assert!(inbox.wait().unwrap().success());
    let filed = w.objects.inner().stored(Bucket::Documents, &format!("receipts/{}/receipt-1.pdf", e.id)).unwrap();
    let sha256: String = Sha256::digest(&filed.body).iter().map(|byte| format!("{byte:02x}")).collect();
    let pdf = json!([{"name": "S202412101000025282.pdf", "type": "application/pdf", "sha256": sha256}]);
    assert_eq!(mail["attachments"], pdf);
    assert_eq!(mail["envelope"], json!(["no-reply@mutual-aid.example", "payer@example.com"]));
    assert_eq!(mail["id"], format!("<{}@mutual-aid.example>", outgoing.id));
    assert_eq!(mail["subject"], "职工互助保障会费电子票据（S202412101000025282）");
    assert!(mail["text"].as_str().unwrap().contains(&e.application_number), "{}", mail["text"]);
    assert_eq!(record(&w, &outgoing.id).provider_id.as_deref(), Some("4F1"));
}

/// The functions of a laptop know a mail server and never ask SES; a test's environment names none, and so does.
#[tokio::test(flavor = "multi_thread")]
async fn ses_takes_a_mail_with_its_attachment() {
    let id = SystemIds.ulid().to_string();
    let mail = Mail {
        id: id.clone(),
        to: "payer@example.com".into(),
        subject: format!("电子票据 {id}"),
        text: "见附件".into(),
        attachment: Some(("票据.pdf".into(), "application/pdf".into(), b"%PDF-1.7".to_vec())),
    };
    let mails = Aws::connect().await.mails().unwrap();
    assert!(mails.send(&mail).await.unwrap().is_some(), "SES names what it took");
    let Some(taken) = Operator::of(&cloud()).await.taken_by_ses().await.ok().filter(|taken| !taken.is_empty()) else {
        return;
    };
    let taken = taken.iter().find(|taken| taken["Subject"].as_str() == Some(&mail.subject)).unwrap();
    assert_eq!(taken["To"], json!(["payer@example.com"]));
    assert_eq!(taken["BodyText"].as_str().unwrap().trim(), "见附件");
}
