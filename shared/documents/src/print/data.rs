//! What the documents show: plain display values, already masked and worded where the rules ask for it.

use domain::money::Fen;
use jiff::civil::{Date, DateTime};

/// Everything a certificate (参加职工互助保障活动确认书) shows.
#[derive(Debug, Clone)]
pub struct CertificateData {
    /// The office after 中国职工保险互助会 in the head, such as 青岛办事处.
    pub office: String,
    /// Certificate number, such as `G26022024120410000822`.
    pub number: String,
    /// Revision, 1 for the first.
    pub revision: u32,
    /// Day the certificate was confirmed; also the date of the PDF's metadata.
    pub issued_on: Date,
    /// Full name of the unit.
    pub unit: String,
    /// Handler of the unit.
    pub handler: String,
    /// Telephone of the unit or handler.
    pub phone: String,
    /// Postal address of the unit.
    pub address: String,
    /// One row per plan.
    pub plans: Vec<PlanRow>,
    /// Days after the end of cover in which a renewal still counts as continuous.
    pub renewal_grace_days: u32,
    /// Address of the public verification page with its signed token, drawn as QR code.
    pub verification_url: String,
    /// The annex, in printing order.
    pub members: Vec<MemberRow>,
    /// Local time of printing, shown on the last page.
    pub printed_at: DateTime,
}

/// A plan of a certificate.
#[derive(Debug, Clone)]
pub struct PlanRow {
    /// Name of the plan.
    pub name: String,
    /// First day of cover, from 0:00.
    pub starts_on: Date,
    /// Last day of cover, to 24:00.
    pub ends_on: Date,
    /// Shares each member takes.
    pub shares: u32,
    /// Contribution for one share.
    pub fee: Fen,
    /// Members of this plan.
    pub members: u32,
    /// Contribution of all members together.
    pub amount: Fen,
    /// Note, often empty.
    pub note: String,
}

/// A member under one plan in a certificate's annex.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// Name in full.
    pub name: String,
    /// 男 or 女.
    pub sex: String,
    /// Whole years on the first day of cover.
    pub age: u32,
    /// ID number as it is to be shown: masked unless the office sets otherwise.
    pub id_number: String,
    /// Name of the plan, short enough for a column.
    pub plan: String,
    /// State of the cover, such as 有效.
    pub state: String,
}

/// Everything an e-receipt (全国性社会团体会费统一票据) shows.
#[derive(Debug, Clone)]
pub struct ReceiptData {
    /// Receipt code; empty in a preview.
    pub code: String,
    /// Receipt number; empty in a preview.
    pub number: String,
    /// Check code; empty in a preview.
    pub check_code: String,
    /// Payer title.
    pub payer: String,
    /// Payer's unified social credit code; may be empty.
    pub payer_uscc: String,
    /// Day of issue.
    pub issued_on: Date,
    /// What was paid for.
    pub items: Vec<ReceiptItem>,
    /// Other information, at most 40 characters, often empty.
    pub other_information: String,
    /// Issuing unit.
    pub issuer: String,
    /// Who checked the receipt; may be empty.
    pub checker: String,
    /// Who took the money; may be empty.
    pub cashier: String,
    /// Of the built-in sample series: watermarked 样例.
    pub sample: bool,
}

/// A line of an e-receipt.
#[derive(Debug, Clone)]
pub struct ReceiptItem {
    /// Item code.
    pub code: String,
    /// Item name.
    pub name: String,
    /// Counting unit, such as 人.
    pub unit: String,
    /// Quantity.
    pub quantity: u32,
    /// Price of one.
    pub price: Fen,
    /// Amount of the line.
    pub amount: Fen,
    /// Note, often empty.
    pub note: String,
}

/// Everything a payment notice (缴费通知单) shows.
#[derive(Debug, Clone)]
pub struct PaymentNoticeData {
    /// The office after 中国职工保险互助会 in the head.
    pub office: String,
    /// Application number, such as `A26022024120410000821`.
    pub application: String,
    /// Day of the notice; also the date of the PDF's metadata.
    pub issued_on: Date,
    /// Full name of the unit.
    pub unit: String,
    /// Handler of the unit.
    pub handler: String,
    /// Telephone of the handler.
    pub phone: String,
    /// One row per plan.
    pub plans: Vec<NoticePlan>,
    /// Subsidies and gifted cover, each taken off the total.
    pub subsidies: Vec<Subsidy>,
    /// What the unit has to pay.
    pub amount_due: Fen,
    /// Where to pay it.
    pub account: CollectionAccount,
    /// Last day for the transfer.
    pub pay_by: Date,
    /// Last day for the receipt entry (开票录入).
    pub receipt_entry_by: Date,
    /// Telephone of the office for questions.
    pub office_phone: String,
    /// How often the notice has been printed, this time included.
    pub print_count: u32,
    /// Local time of printing.
    pub printed_at: DateTime,
}

/// A plan of a payment notice.
#[derive(Debug, Clone)]
pub struct NoticePlan {
    /// Name of the plan.
    pub name: String,
    /// Members of the plan.
    pub members: u32,
    /// Shares each member takes.
    pub shares: u32,
    /// Contribution for one share.
    pub fee: Fen,
    /// Contribution of all members together.
    pub amount: Fen,
}

/// A part of the contribution that somebody else bears or waives.
#[derive(Debug, Clone)]
pub struct Subsidy {
    /// Who bears it, or what it is called.
    pub bearer: String,
    /// Its amount, positive.
    pub amount: Fen,
}

/// The office's collection account.
#[derive(Debug, Clone)]
pub struct CollectionAccount {
    /// Account holder.
    pub holder: String,
    /// Bank and branch.
    pub bank: String,
    /// Account number.
    pub number: String,
}
