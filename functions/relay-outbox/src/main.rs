//! relay-outbox.

fn main() {}
