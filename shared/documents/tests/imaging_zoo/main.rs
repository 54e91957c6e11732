//! The zoo of images: what phones, scanners and attackers upload, and what becomes of it.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod accepted;
mod animals;
mod refused;
