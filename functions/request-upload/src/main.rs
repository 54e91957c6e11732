//! request-upload.

fn main() {}
