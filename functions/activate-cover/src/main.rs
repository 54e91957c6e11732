//! Wires `activate-cover` to AWS.

use std::error::Error;
use std::sync::Arc;

use activate_cover::ActivateCover;
use aws::connect::Aws;
use lambda::batch::sqs;
use lambda::config::Environment;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let cipher = Arc::new(aws.cipher().await?);
    sqs::run(ActivateCover { desk: aws.desk(), objects: Arc::new(aws.objects()), cipher }).await
}
