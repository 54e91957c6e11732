//! Wires `run-timetable` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use lambda::batch::schedule;
use lambda::config::Environment;
use run_timetable::RunTimetable;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    schedule::run(RunTimetable { desk: aws.desk(), queues: Arc::new(aws.queues()) }).await
}
