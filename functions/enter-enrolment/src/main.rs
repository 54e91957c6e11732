//! enter-enrolment.

fn main() {}
