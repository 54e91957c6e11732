//! run-timetable.

fn main() {}
