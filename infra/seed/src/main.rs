//! seed

fn main() {}
