//! The platform from outside, on the cloud that `CLOUD_FILE` names; and the one document of its API.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod access;
mod api_document;
mod architecture;
mod contract;
mod dead_letters;
mod enrolling;
mod exports;
mod forged_tokens;
mod hostile;
mod idempotency;
mod identity;
mod in_process;
mod interrupted;
mod mailbox;
mod message_steps;
mod races;
mod registration;
mod sample_events;
mod scope;
mod steps;
mod uploads;
mod walk;

use std::path::PathBuf;

use tests::client::Client;
use tests::cloud::Cloud;

/// The cloud under test.
#[expect(clippy::disallowed_methods, reason = "the test runner tells by the environment which cloud is tested")]
fn cloud() -> Cloud {
    let file = std::env::var_os("CLOUD_FILE").expect("CLOUD_FILE names no cloud: run `cargo xtask test`");
    Cloud::read(&PathBuf::from(file)).unwrap()
}

/// A sample account, signed in.
async fn signed_in(user_name: &str) -> Client {
    Client::new(&cloud()).unwrap().sign_in(user_name).await.unwrap()
}
