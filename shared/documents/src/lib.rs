//! documents.

#[cfg(feature = "export")]
pub mod export;
#[cfg(feature = "imaging")]
pub mod imaging;
#[cfg(feature = "imaging")]
pub mod pdf_inspection;

#[cfg(feature = "pdf")]
pub mod print;
#[cfg(feature = "workbook")]
pub mod workbook;
