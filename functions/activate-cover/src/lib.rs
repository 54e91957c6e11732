//! activate-cover.
