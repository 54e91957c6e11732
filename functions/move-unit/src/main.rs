//! Wires `move-unit` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::sqs;
use lambda::config::Environment;
use move_unit::MoveUnit;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let cipher = Arc::new(aws.cipher().await?);
    sqs::run(MoveUnit { desk: aws.desk(), objects: Arc::new(aws.objects()), cipher }).await
}
