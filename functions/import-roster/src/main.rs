//! Wires `import-roster` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use import_roster::ImportRoster;
use lambda::batch::s3::PerObject;
use lambda::batch::sqs;
use lambda::config::Environment;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let cipher = Arc::new(aws.cipher().await?);
    sqs::run(PerObject(ImportRoster { desk: aws.desk(), objects: Arc::new(aws.objects()), cipher })).await
}
