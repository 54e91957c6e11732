//! build-export.

fn main() {}
