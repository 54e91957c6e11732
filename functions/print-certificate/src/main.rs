//! print-certificate.

fn main() {}
