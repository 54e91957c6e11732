//! The AWS adapters of the ports in [`workflow::ports`].
//!
//! Every AWS error becomes an [`Outage`](workflow::ports::Outage) here: it names the operation, the service's error code
//! and the request id, never what was sent or read. A handler asks [`Aws`](connect::Aws) for the adapters it needs; a
//! client that nobody asks for is never made.

pub mod cipher;
pub mod config;
pub mod connect;
pub mod dynamo;
pub mod links;
pub mod mail;
pub mod objects;
mod outage;
mod post_policy;
pub mod queues;
pub mod series;
#[cfg(test)]
mod stage;
pub mod text;
pub mod tokens;
pub mod world;
