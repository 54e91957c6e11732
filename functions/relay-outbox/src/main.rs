//! Wires `relay-outbox` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::stream;
use lambda::config::Environment;
use relay_outbox::RelayOutbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    stream::run(RelayOutbox { desk: aws.desk(), queues: Arc::new(aws.queues()) }).await
}
