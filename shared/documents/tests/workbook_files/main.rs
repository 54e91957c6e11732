//! Roster workbooks from the outside: one binary, so that they are linked once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hostile;
mod parts;
mod reading;
mod trusting;
mod writing;
