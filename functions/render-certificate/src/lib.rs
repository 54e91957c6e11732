//! render-certificate.
