//! What every function needs, and nothing about any of them: configuration, logs, the batch and HTTP front ends,
//! access tokens, OpenAPI.
//!
//! A function is wiring: `main` reads [`config`], starts [`telemetry`], builds its ports once, and hands a
//! [`batch::Step`] to [`batch::sqs::run`], or a router to [`http::run`]. What it does is in `workflow` and `domain`.
//!
//! Errors become answers in one place each: [`http::Problem`] for people and programs, [`batch::Outcome`] for messages.

pub mod auth;
pub mod batch;
pub mod config;
pub mod enrolments;
pub mod http;
pub mod lists;
pub mod openapi;
pub mod telemetry;
pub mod trails;
pub mod units;
