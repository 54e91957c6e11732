//! relay-outbox.
