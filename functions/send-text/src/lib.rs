//! send-text.
