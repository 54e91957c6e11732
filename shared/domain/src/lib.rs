//! The rules of the mutual-aid platform, pure: types, state machines, checks and money.
//!
//! No AWS, no tokio, no clock, no randomness, no environment: what a function needs to know it is given.

pub mod account;
pub mod administration;
pub mod cover;
pub mod difference;
pub mod enrolment;
pub mod export;
pub mod identity;
pub mod ids;
pub mod ledger;
pub mod message;
pub mod message_log;
pub mod money;
pub mod number;
pub mod office;
pub mod organisation;
pub mod password;
pub mod payment;
pub mod phrases;
pub mod plan;
pub mod reason;
pub mod receipt;
pub mod refusal;
pub mod registration;
pub mod restriction;
pub mod roster;
pub mod self_check;
pub mod sign_in;
pub mod task;
pub mod texts;
pub mod trail;
pub mod trial;
pub mod unit;
pub mod upload;
pub mod user_name;
pub mod versions;
