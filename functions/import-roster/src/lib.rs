//! import-roster.
