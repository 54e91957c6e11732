//! Wires `send-text` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::sqs;
use lambda::config::Environment;
use send_text::SendText;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let cipher = Arc::new(aws.cipher().await?);
    let public_url = aws.identity().public_url()?.to_owned();
    let step = SendText { desk: aws.desk(), cipher, texts: aws.texts()?, public_url };
    sqs::run_patiently(step, aws.patience()?).await
}
