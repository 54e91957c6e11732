//! query-records.
