//! mail-receipt.
