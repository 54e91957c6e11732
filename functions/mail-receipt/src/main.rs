//! Wires `mail-receipt` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::sqs;
use lambda::config::Environment;
use mail_receipt::MailReceipt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let step = MailReceipt {
        desk: aws.desk(),
        cipher: Arc::new(aws.cipher().await?),
        objects: Arc::new(aws.objects()),
        mails: aws.mails()?,
        series: Arc::new(aws.receipt_series()),
    };
    sqs::run_patiently(step, aws.patience()?).await
}
