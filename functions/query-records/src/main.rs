//! query-records.

fn main() {}
