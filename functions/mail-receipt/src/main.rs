//! mail-receipt.

fn main() {}
