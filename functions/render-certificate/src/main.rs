//! render-certificate.

fn main() {}
