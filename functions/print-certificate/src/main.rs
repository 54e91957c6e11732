//! Wires `print-certificate` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use aws::world::SystemClock;
use lambda::auth::Verifier;
use lambda::config::Environment;
use lambda::enrolments::Counter;
use lambda::http::{Gate, app, run};
use print_certificate::Press;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let tokens = aws.token_signer();
    let (verifier, cipher) = tokio::try_join!(Verifier::load(&tokens), aws.cipher())?;
    let counter = Counter { desk: aws.desk(), links: Arc::new(aws.links()) };
    let public_url = aws.identity().public_url()?.to_owned();
    let routes = print_certificate::routes(Press { counter, cipher: Arc::new(cipher), public_url });
    run(app(routes.split_for_parts().0, Gate::new(verifier, Arc::new(SystemClock)))).await
}
