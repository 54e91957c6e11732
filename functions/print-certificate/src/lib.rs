//! print-certificate.
