//! confirm-payment.

fn main() {}
