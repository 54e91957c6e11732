//! Printed documents: certificate, payment notice and e-receipt as PDF, one renderer for preview and final copy.
//!
//! Pure functions from display values to bytes: the same data gives the same bytes, since ids and dates come from the
//! data. Text is real text in embedded, subset fonts. A character that no font can draw refuses the whole document and
//! says where it stands; nothing is dropped silently or drawn as a box.
//!
//! **Invariant**: lengths are whole thousandths of a point, so layout is exact and never floats.

mod certificate;
mod data;
mod document;
mod flow;
mod fonts;
mod form;
mod members;
mod notice;
mod page;
mod problem;
mod qr;
mod receipt;
mod seals;
mod table;
mod text;

pub use certificate::render_certificate;
pub use data::{
    CertificateData, CollectionAccount, MemberRow, NoticePlan, PaymentNoticeData, PlanRow, ReceiptData, ReceiptItem,
    Subsidy,
};
pub use notice::render_payment_notice;
pub use problem::{Place, RenderProblem};
pub use receipt::render_receipt;
