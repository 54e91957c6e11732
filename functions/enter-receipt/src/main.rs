//! Wires `enter-receipt` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use aws::world::SystemClock;
use lambda::auth::Verifier;
use lambda::config::Environment;
use lambda::enrolments::Counter;
use lambda::http::{Gate, app, run};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let gate = Gate::new(Verifier::load(&aws.token_signer()).await?, Arc::new(SystemClock));
    let counter = Counter { desk: aws.desk(), links: Arc::new(aws.links()) };
    run(app(enter_receipt::routes(counter).split_for_parts().0, gate)).await
}
