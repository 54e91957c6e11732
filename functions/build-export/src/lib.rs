//! build-export.
