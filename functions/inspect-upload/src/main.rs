//! Wires `inspect-upload` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use inspect_upload::InspectUpload;
use lambda::batch::s3::PerObject;
use lambda::batch::sqs;
use lambda::config::Environment;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    sqs::run(PerObject(InspectUpload { desk: aws.desk(), objects: Arc::new(aws.objects()) })).await
}
