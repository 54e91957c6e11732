//! send-text.

fn main() {}
