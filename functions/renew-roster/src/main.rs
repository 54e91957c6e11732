//! Wires `renew-roster` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::sqs;
use lambda::config::Environment;
use renew_roster::RenewRoster;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    sqs::run(RenewRoster { desk: aws.desk(), objects: Arc::new(aws.objects()) }).await
}
