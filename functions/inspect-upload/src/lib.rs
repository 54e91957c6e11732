//! inspect-upload.
