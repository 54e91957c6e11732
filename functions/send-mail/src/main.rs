//! Wires `send-mail` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::sqs;
use lambda::config::Environment;
use send_mail::SendMail;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let cipher = Arc::new(aws.cipher().await?);
    let operations = aws.identity().operations()?.to_owned();
    let step = SendMail { desk: aws.desk(), cipher, mails: aws.mails()?, operations };
    sqs::run_patiently(step, aws.patience()?).await
}
