//! Wires `confirm-payment` to AWS.

use std::error::Error;
use std::sync::Arc;

use aws::connect::Aws;
use aws::world::SystemClock;
use confirm_payment::Series;
use lambda::auth::Verifier;
use lambda::config::Environment;
use lambda::enrolments::Counter;
use lambda::http::{Gate, app, run};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    lambda::telemetry::init(&Environment::of_process());
    let aws = Aws::connect().await;
    let tokens = aws.token_signer();
    let (verifier, cipher) = tokio::try_join!(Verifier::load(&tokens), aws.cipher())?;
    let gate = Gate::new(verifier, Arc::new(SystemClock)).with_cursors(Arc::new(cipher));
    let desk = aws.desk();
    let series = Series { receipts: Arc::new(aws.receipt_series()), clock: desk.clock.clone() };
    let counter = Counter { desk, links: Arc::new(aws.links()) };
    run(app(confirm_payment::routes(counter, series).split_for_parts().0, gate)).await
}
