//! The rules of the mutual-aid platform, pure: types, state machines, checks and money.
//!
//! No AWS, no tokio, no clock, no randomness, no environment: what a function needs to know it is given.

pub mod cover;
pub mod identity;
pub mod money;
pub mod number;
pub mod plan;
pub mod reason;
pub mod roster;
