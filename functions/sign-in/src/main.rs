//! Wiring of sign-in.

use std::sync::Arc;

use aws::connect::Aws;
use aws::world::{SystemClock, SystemIds};
use lambda::auth::Verifier;
use lambda::config::Environment;
use lambda::http::Gate;
use sign_in::Door;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let store = Arc::new(aws.dynamo());
    let signer = Arc::new(aws.token_signer());
    let gate = Gate::new(Verifier::load(&*signer).await?, Arc::new(SystemClock));
    let door = Door {
        registry: store.clone(),
        sessions: store,
        signer,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    lambda::http::run(lambda::http::app(sign_in::routes(door), gate)).await
}
