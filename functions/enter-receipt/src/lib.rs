//! enter-receipt.
