//! The use cases of the platform, one module per step, and the ports they need.
//!
//! A step loads, decides ([`domain`]), and commits everything it changes in one transaction. Ports are narrow traits
//! whose contracts are written down; an in-memory and an AWS adapter keep the same contract tests.

pub mod commit;
pub mod desk;
pub mod enrolments;
pub mod ports;
pub mod rosters;
pub mod scope;
pub mod uploads;
