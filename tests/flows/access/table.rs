//! What every route asks of who calls it. A route that is not here is a route whose access nobody has decided: the test
//! fails.

use domain::account::Permission::{self, *};
use domain::task::Level::{Archive, FirstReview, Payment, Registration};

/// The unit that everything named belongs to.
pub const UNIT: &str = "/hq/2602/baoji/qishan/qishan-machinery/";
/// Its agency, where the account and the node stand that are named.
pub const AGENCY: &str = "/hq/2602/baoji/qishan/";
/// The office, which has settings.
pub const OFFICE: &str = "/hq/2602/";

/// What a route asks.
#[derive(Debug, Clone, Copy)]
pub enum Asks {
    /// Nothing, not even a token.
    Nothing,
    /// To be signed in: it is about the caller, or about nothing of anybody's.
    Session,
    /// To be signed in, and not as a unit.
    BackOffice,
    /// One of these permissions: what it shows is the caller's own subtree.
    Permission(&'static [Permission]),
    /// That what it names lies in the caller's subtree.
    Scope(&'static str),
    /// One of these permissions, and that what it names lies in the caller's subtree.
    Both(&'static [Permission], &'static str),
    /// All of these permissions, and that what it names lies in the caller's subtree.
    Every(&'static [Permission], &'static str),
    /// A permission, at headquarters: what it changes holds for all offices.
    Headquarters(Permission),
}

use Asks::{BackOffice, Both, Every, Headquarters, Nothing, Scope, Session};

const ENTER: Asks = Both(&[EnterEnrolment], UNIT);
const READ: Asks = Both(&[ReadEnrolments], UNIT);
const RECEIPTS: Asks = Both(&[EnterReceipts], UNIT);
const CERTIFICATE: Asks = Both(&[PrintCertificate], UNIT);
const NOTICE: Asks = Both(&[PrintNotice], UNIT);
const MANAGE: Asks = Both(&[ManageAccounts], AGENCY);
const ACCOUNT: Asks = Both(&[ReadAccounts], AGENCY);
const BOOKS: Asks = Both(&[ReadBooks], UNIT);
const RECEIPT: Asks = Both(&[AmendReceipts], UNIT);
const PLANS: Asks = Asks::Permission(&[ReadPlans]);
const PUBLISH: Asks = Headquarters(ManagePlans);
const TRIAL: Asks = Every(&[ReadPlans, ReadEnrolments], UNIT);
const RELIEFS: Asks = Both(&[ReadPlans], OFFICE);
const GRANT: Asks = Both(&[ManagePlans], OFFICE);
const APPLICATION: Asks = Both(&[ReadUnits, Work(Registration)], AGENCY);
const SEE_UNIT: Asks = Both(&[ReadUnits, MaintainOwnUnit], UNIT);
const MAINTAIN: Asks = Both(&[ManageUnits, MaintainOwnUnit], UNIT);
const EDIT_UNIT: Asks = Both(&[ManageUnits], UNIT);
const RESTRICTED: Asks = Both(&[RestrictPeople], AGENCY);
/// The city, below which the two units of a merger stand.
const MERGE: Asks = Both(&[ManageUnits], "/hq/2602/baoji/");

/// Every route.
pub const ROUTES: &[(&str, Asks)] = &[
    ("POST /captchas", Nothing),
    ("POST /sessions", Nothing),
    ("POST /sessions/refresh", Nothing),
    ("DELETE /sessions/current", Session),
    ("POST /passwords", Nothing),
    ("POST /passwords/forgotten", Nothing),
    ("POST /passwords/reset", Nothing),
    ("GET /me", Session),
    ("GET /me/sign-ins", Session),
    ("POST /me/totp", BackOffice),
    ("PUT /me/totp", BackOffice),
    ("GET /plans", Session),
    ("GET /roster-templates", Session),
    ("GET /opinion-phrases", Session),
    ("PUT /opinion-phrases", Session),
    ("GET /certificates/verification/{token}", Nothing),
    ("POST /enrolments", ENTER),
    ("GET /enrolments", READ),
    ("GET /enrolments/{enrolment}", READ),
    ("GET /enrolments/{enrolment}/trail", READ),
    ("GET /enrolments/{enrolment}/earlier", READ),
    ("GET /enrolments/{enrolment}/files", READ),
    ("GET /enrolments/{enrolment}/certificate", READ),
    ("GET /enrolments/{enrolment}/notice", READ),
    ("GET /enrolments/{enrolment}/receipts", READ),
    ("POST /enrolments/{enrolment}/roster/search", READ),
    ("GET /enrolments/{enrolment}/batches/{upload}/failed-rows", Both(&[UnmaskNumbers], UNIT)),
    ("POST /enrolments/{enrolment}/batches/{upload}/corrections", ENTER),
    ("POST /enrolments/{enrolment}/roster/removals", ENTER),
    ("POST /enrolments/{enrolment}/roster/corrections", ENTER),
    ("PUT /enrolments/{enrolment}/plans", ENTER),
    ("PUT /enrolments/{enrolment}/details", ENTER),
    ("PUT /enrolments/{enrolment}/unnamed-members", ENTER),
    ("POST /enrolments/{enrolment}/attachments", ENTER),
    ("DELETE /enrolments/{enrolment}/attachments/{upload}", ENTER),
    ("POST /enrolments/{enrolment}/completion", ENTER),
    ("POST /enrolments/{enrolment}/withdrawal", Both(&[WithdrawEarly], UNIT)),
    ("POST /enrolments/{enrolment}/reviews", Both(&[Work(FirstReview)], UNIT)),
    ("POST /enrolments/{enrolment}/receipts", RECEIPTS),
    ("POST /enrolments/{enrolment}/receipts/preview", RECEIPTS),
    ("POST /enrolments/{enrolment}/receipts/submission", RECEIPTS),
    ("PUT /enrolments/{enrolment}/receipts/{receipt}", RECEIPTS),
    ("DELETE /enrolments/{enrolment}/receipts/{receipt}", RECEIPTS),
    ("POST /enrolments/{enrolment}/notice/prints", NOTICE),
    ("GET /enrolments/{enrolment}/notice/preview", NOTICE),
    ("POST /enrolments/{enrolment}/payment", Both(&[Work(Payment)], UNIT)),
    ("POST /enrolments/{enrolment}/payment/return", Both(&[Work(Payment)], UNIT)),
    ("POST /enrolments/{enrolment}/certificate/prints", CERTIFICATE),
    ("POST /enrolments/{enrolment}/certificate/refresh", CERTIFICATE),
    ("PUT /enrolments/{enrolment}/certificate/scan", CERTIFICATE),
    ("POST /enrolments/{enrolment}/certificate/archive", Both(&[Work(Archive)], UNIT)),
    ("GET /tasks", Asks::Permission(&[Work(FirstReview), Dispatch])),
    ("POST /tasks/acquisitions", Both(&[Work(FirstReview)], UNIT)),
    ("POST /tasks/{task}/acquisition", Both(&[Work(FirstReview)], UNIT)),
    ("POST /tasks/{task}/release", Both(&[Work(FirstReview)], UNIT)),
    ("POST /tasks/{task}/dispatch", Both(&[Dispatch], UNIT)),
    ("POST /uploads", ENTER),
    ("GET /uploads/{upload}", Scope(UNIT)),
    ("PUT /units/{unit}/agency", Both(&[ManageUnits], AGENCY)),
    ("GET /units/{unit}/merger/{survivor}", MERGE),
    ("POST /units/{unit}/merger/{survivor}", MERGE),
    ("GET /actions", Both(&[ReadActions], AGENCY)),
    ("GET /accounts", ACCOUNT),
    ("POST /accounts", MANAGE),
    ("GET /accounts/{account}", ACCOUNT),
    ("PUT /accounts/{account}", MANAGE),
    ("POST /accounts/{account}/closing", MANAGE),
    ("POST /accounts/{account}/reopening", MANAGE),
    ("POST /accounts/{account}/totp-reset", MANAGE),
    ("POST /accounts/{account}/password-link", MANAGE),
    ("GET /accounts/{account}/trail", ACCOUNT),
    ("GET /accounts/{account}/actions", Both(&[ReadActions], AGENCY)),
    ("GET /accounts/{account}/sign-ins", Both(&[ReadSignIns], AGENCY)),
    ("GET /dispatch-candidates", Asks::Permission(&[Dispatch])),
    ("GET /roles", Asks::Permission(&[ReadAccounts])),
    ("GET /nodes", Session),
    ("POST /nodes", Both(&[ManageOrganisation], AGENCY)),
    ("PUT /nodes/{node}", Both(&[ManageOrganisation], AGENCY)),
    ("GET /nodes/{node}/trail", ACCOUNT),
    ("GET /nodes/{node}/settings", Both(&[ReadAccounts], OFFICE)),
    ("PUT /nodes/{node}/settings", Both(&[ManageOrganisation], OFFICE)),
    ("GET /dashboards/tasks", Session),
    ("GET /enrolments/counts", READ),
    ("GET /enrolments/{enrolment}/certificate/revisions", READ),
    ("GET /enrolments/{enrolment}/messages", READ),
    ("POST /enrolments/{enrolment}/receipts/{receipt}/reissue", RECEIPT),
    ("POST /enrolments/{enrolment}/receipts/{receipt}/void", RECEIPT),
    ("POST /enrolments/{enrolment}/renewal", ENTER),
    ("GET /renewals", READ),
    ("GET /exports", Session),
    ("POST /exports", READ),
    ("GET /exports/{export}", Both(&[ReadEnrolments], AGENCY)),
    ("GET /payments", BOOKS),
    ("GET /ledger", BOOKS),
    ("GET /ledger/totals", BOOKS),
    ("GET /receipt-series", Asks::Permission(&[ReadBooks])),
    ("GET /me/messages", Session),
    ("GET /messages", Both(&[ReadMessages], UNIT)),
    ("POST /messages/{message}/resend", Both(&[ResendMessages], UNIT)),
    ("GET /plan-variants", PLANS),
    ("POST /plan-variants", PUBLISH),
    ("GET /plan-variants/{code}", PLANS),
    ("GET /plan-variants/{code}/trail", PLANS),
    ("POST /plan-variants/{code}/drafts", PUBLISH),
    ("PUT /plan-variants/{code}/drafts/{version}", PUBLISH),
    ("DELETE /plan-variants/{code}/drafts/{version}", PUBLISH),
    ("POST /plan-variants/{code}/versions/{version}/publication", PUBLISH),
    ("DELETE /plan-variants/{code}/versions/{version}/publication", PUBLISH),
    ("POST /plan-variants/{code}/versions/{version}/trial", TRIAL),
    ("GET /plan-variants/{code}/versions/{version}/effect", PLANS),
    ("GET /self-check-rules", PLANS),
    ("GET /self-check-rules/trail", PLANS),
    ("POST /self-check-rules/drafts", PUBLISH),
    ("PUT /self-check-rules/drafts/{version}", PUBLISH),
    ("DELETE /self-check-rules/drafts/{version}", PUBLISH),
    ("POST /self-check-rules/versions/{version}/publication", PUBLISH),
    ("DELETE /self-check-rules/versions/{version}/publication", PUBLISH),
    ("POST /self-check-rules/versions/{version}/trial", TRIAL),
    ("GET /self-check-rules/versions/{version}/effect", PLANS),
    ("GET /offices", Nothing),
    ("GET /offices/{office}/agencies", Nothing),
    ("GET /offices/{office}/reliefs", RELIEFS),
    ("POST /offices/{office}/reliefs", GRANT),
    ("GET /offices/{office}/reliefs/trail", RELIEFS),
    ("POST /offices/{office}/reliefs/{relief}/end", GRANT),
    ("POST /offices/{office}/reliefs/trial", GRANT),
    ("POST /registration-codes", Nothing),
    ("POST /registration-images", Nothing),
    ("GET /registration-images/{upload}", Nothing),
    ("POST /registrations", Nothing),
    ("POST /registrations/status", Nothing),
    ("POST /registrations/correction", Nothing),
    ("GET /registrations", Asks::Permission(&[ReadUnits, Work(Registration)])),
    ("GET /registrations/{registration}/application", Every(&[UnmaskNumbers, ManageUnits], AGENCY)),
    ("POST /registrations/on-behalf", Both(&[ManageUnits], AGENCY)),
    ("GET /registrations/{registration}", APPLICATION),
    ("PUT /registrations/{registration}", Both(&[ManageUnits], AGENCY)),
    ("GET /registrations/{registration}/contact", Every(&[UnmaskNumbers, ReadUnits], AGENCY)),
    ("GET /registrations/{registration}/images", APPLICATION),
    ("POST /registrations/{registration}/reviews", Both(&[Work(Registration)], AGENCY)),
    ("GET /registrations/{registration}/trail", APPLICATION),
    ("GET /units", Both(&[ReadUnits], AGENCY)),
    ("POST /unit-searches", Both(&[ReadUnits], UNIT)),
    ("GET /units/{unit}", SEE_UNIT),
    ("PUT /units/{unit}", EDIT_UNIT),
    ("PUT /units/{unit}/address", MAINTAIN),
    ("POST /units/{unit}/contacts", MAINTAIN),
    ("GET /units/{unit}/contacts/{account}", Both(&[UnmaskNumbers], UNIT)),
    ("PUT /units/{unit}/contacts/{account}", MAINTAIN),
    ("PUT /units/{unit}/contacts/{account}/active", MAINTAIN),
    ("PUT /units/{unit}/handler", MAINTAIN),
    ("GET /units/{unit}/images", SEE_UNIT),
    ("PUT /units/{unit}/images", EDIT_UNIT),
    ("GET /units/{unit}/messages", Both(&[ReadEnrolments], UNIT)),
    ("PUT /units/{unit}/standing", EDIT_UNIT),
    ("GET /units/{unit}/trail", SEE_UNIT),
    ("GET /restricted-people", RESTRICTED),
    ("POST /restricted-people", Asks::Permission(&[RestrictPeople])),
    ("POST /restricted-people/search", RESTRICTED),
    ("POST /restricted-people/{restriction}/lift", RESTRICTED),
];
