//! review-enrolment.

fn main() {}
