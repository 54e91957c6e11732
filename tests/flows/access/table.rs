//! What every route asks of who calls it. A route that is not here is a route whose access nobody has decided: the test
//! fails.

use domain::account::Permission::{self, *};
use domain::task::Level::{Archive, FirstReview, Payment};

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
}

use Asks::{BackOffice, Both, Nothing, Scope, Session};

const ENTER: Asks = Both(&[EnterEnrolment], UNIT);
const READ: Asks = Both(&[ReadEnrolments], UNIT);
const RECEIPTS: Asks = Both(&[EnterReceipts], UNIT);
const CERTIFICATE: Asks = Both(&[PrintCertificate], UNIT);
const NOTICE: Asks = Both(&[PrintNotice], UNIT);
const MANAGE: Asks = Both(&[ManageAccounts], AGENCY);
const ACCOUNT: Asks = Both(&[ReadAccounts], AGENCY);

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
    ("GET /accounts", Asks::Permission(&[ReadAccounts])),
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
];

/// Routes that this table does not decide about: their functions' own tests, and `scope.rs`, ask for them as others. A new
/// route belongs above.
pub const ELSEWHERE: &[&str] = &[
    "GET /dashboards/tasks",
    "GET /enrolments/counts",
    "GET /enrolments/{enrolment}/certificate/revisions",
    "GET /enrolments/{enrolment}/messages",
    "POST /enrolments/{enrolment}/receipts/{receipt}/reissue",
    "POST /enrolments/{enrolment}/receipts/{receipt}/void",
    "POST /enrolments/{enrolment}/renewal",
    "GET /exports",
    "POST /exports",
    "GET /exports/{export}",
    "GET /ledger",
    "GET /ledger/totals",
    "GET /me/messages",
    "GET /messages",
    "POST /messages/{message}/resend",
    "GET /offices",
    "GET /offices/{office}/agencies",
    "GET /offices/{office}/reliefs",
    "POST /offices/{office}/reliefs",
    "GET /offices/{office}/reliefs/trail",
    "POST /offices/{office}/reliefs/{relief}/end",
    "GET /payments",
    "GET /plan-variants",
    "POST /plan-variants",
    "GET /plan-variants/{code}",
    "POST /plan-variants/{code}/drafts",
    "DELETE /plan-variants/{code}/drafts/{version}",
    "PUT /plan-variants/{code}/drafts/{version}",
    "GET /plan-variants/{code}/trail",
    "DELETE /plan-variants/{code}/versions/{version}/publication",
    "POST /plan-variants/{code}/versions/{version}/publication",
    "POST /plan-variants/{code}/versions/{version}/trial",
    "POST /registration-codes",
    "POST /registration-images",
    "GET /registration-images/{upload}",
    "POST /registrations",
    "POST /registrations/correction",
    "POST /registrations/on-behalf",
    "POST /registrations/status",
    "GET /registrations/{registration}",
    "PUT /registrations/{registration}",
    "GET /registrations/{registration}/contact",
    "GET /registrations/{registration}/images",
    "POST /registrations/{registration}/reviews",
    "GET /registrations/{registration}/trail",
    "GET /renewals",
    "GET /restricted-people",
    "POST /restricted-people",
    "POST /restricted-people/search",
    "POST /restricted-people/{restriction}/lift",
    "GET /self-check-rules",
    "POST /self-check-rules/drafts",
    "DELETE /self-check-rules/drafts/{version}",
    "PUT /self-check-rules/drafts/{version}",
    "GET /self-check-rules/trail",
    "DELETE /self-check-rules/versions/{version}/publication",
    "POST /self-check-rules/versions/{version}/publication",
    "POST /self-check-rules/versions/{version}/trial",
    "POST /unit-searches",
    "GET /units",
    "GET /units/{unit}",
    "PUT /units/{unit}",
    "PUT /units/{unit}/address",
    "POST /units/{unit}/contacts",
    "GET /units/{unit}/contacts/{account}",
    "PUT /units/{unit}/contacts/{account}",
    "PUT /units/{unit}/contacts/{account}/active",
    "PUT /units/{unit}/handler",
    "GET /units/{unit}/images",
    "PUT /units/{unit}/images",
    "GET /units/{unit}/messages",
    "PUT /units/{unit}/standing",
    "GET /units/{unit}/trail",
];
