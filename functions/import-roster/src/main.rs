//! import-roster.

fn main() {}
