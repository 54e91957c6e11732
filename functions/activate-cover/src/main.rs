//! activate-cover.

fn main() {}
