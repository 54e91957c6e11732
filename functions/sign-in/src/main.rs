//! Wiring of sign-in.

use std::sync::Arc;

use aws::connect::Aws;
use aws::world::SystemClock;
use lambda::auth::Verifier;
use lambda::config::Environment;
use lambda::http::Gate;
use sign_in::Door;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let environment = Environment::of_process();
    lambda::telemetry::init(&environment);
    let aws = Aws::connect().await;
    let signer = Arc::new(aws.token_signer());
    let cipher = Arc::new(aws.cipher().await?);
    let gate = Gate::new(Verifier::load(&*signer).await?, Arc::new(SystemClock))
        .with_cursors(cipher.clone())
        .behind(environment.optional("FRONT_SECRET"));
    let door = Door { desk: aws.desk(), cipher, signer };
    lambda::http::run(lambda::http::app(sign_in::routes(door), gate)).await
}
