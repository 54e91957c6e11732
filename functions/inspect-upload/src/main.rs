//! inspect-upload.

fn main() {}
