//! enter-receipt.

fn main() {}
