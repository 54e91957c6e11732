//! run-timetable.
