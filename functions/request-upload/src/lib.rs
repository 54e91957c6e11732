//! request-upload.
