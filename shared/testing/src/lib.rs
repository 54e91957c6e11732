//! Test doubles of every port, the contract each adapter keeps, and sample data.
//!
//! - [`memory`]: all the tables in memory, atomic under one lock.
//! - [`world`]: clock, identifiers, cipher, buckets, queues and providers that tests steer and look into.
//! - [`faults`]: any of them, failing on demand.
//! - [`contract`]: what every `Store` promises, as checks that run against memory and DynamoDB alike.
//! - [`sample`]: a small organisation, its accounts, plans and people.

#![expect(clippy::expect_used, reason = "test support: what cannot happen shall fail loudly")]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may fail loudly"))]

pub mod contract;
pub mod faults;
pub mod memory;
pub mod sample;
pub mod world;
