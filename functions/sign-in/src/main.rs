//! sign-in.

fn main() {}
