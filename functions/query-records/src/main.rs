//! Wires `query-records` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use aws::world::SystemClock;
use lambda::auth::Verifier;
use lambda::config::Environment;
use lambda::enrolments::Counter;
use lambda::http::{Gate, app, run};
use query_records::Records;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let tokens = aws.token_signer();
    let (verifier, cipher) = tokio::try_join!(Verifier::load(&tokens), aws.cipher())?;
    let cipher = Arc::new(cipher);
    let gate = Gate::new(verifier, Arc::new(SystemClock)).with_cursors(cipher.clone());
    let counter = Counter { desk: aws.desk(), links: Arc::new(aws.links()) };
    run(app(query_records::routes(Records { counter, cipher }).split_for_parts().0, gate)).await
}
