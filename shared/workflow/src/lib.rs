//! The use cases of the platform, one module per step, and the ports they need.
//!
//! A step loads, decides ([`domain`]), and commits everything it changes in one transaction. Ports are narrow traits
//! whose contracts are written down; an in-memory and an AWS adapter keep the same contract tests.

pub mod accounts;
pub mod administration;
pub mod asides;
pub mod captchas;
pub mod certificates;
pub mod codes;
pub mod commit;
pub mod completion;
pub mod contacts;
pub mod cover;
pub mod desk;
pub mod discretion;
pub mod eligibility;
pub mod enrolments;
pub mod exports;
pub mod mergers;
pub mod message_log;
pub mod notices;
pub mod numbers;
pub mod outbox;
pub mod papers;
pub mod password_links;
pub mod payments;
pub mod pools;
pub mod ports;
pub mod receipts;
pub mod references;
pub mod registrations;
pub mod renewals;
pub mod reports;
pub mod restrictions;
pub mod rosters;
pub mod scope;
pub mod templates;
pub mod texts;
pub mod trials;
pub mod unit_lists;
pub mod unit_moves;
pub mod units;
pub mod uploads;
pub mod watch;
