//! The platform seen from outside: an HTTP client of a deployed stack, the files people upload, and an operator's look
//! at queues and ledger. The demo walks it; the tests judge it.

pub mod branches;
pub mod cast;
pub mod clerk;
pub mod client;
pub mod cloud;
pub mod covered;
pub mod files;
pub mod handover;
pub mod merging;
pub mod operator;
pub mod registering;
pub mod relief;
pub mod walk;
