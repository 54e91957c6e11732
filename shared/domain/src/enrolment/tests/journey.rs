//! Journeys that bring an enrolment to each state, and the commands they are made of.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::date;

use super::super::*;
use crate::account::{Actor, Role};
use crate::number::OfficeCode;
use crate::organisation::{CollectionAccount, NodePath, OfficeSettings, Unit};
use crate::plan::Catalogue;
use crate::receipt::{Channel, FundSource, MadeOut, ReceiptItem, ReceiptRequest, Relief, SharesHeld, TaxNumberType};
use crate::refusal::Refusal;
use crate::self_check::{Flagged, SelfCheckResult};
use crate::task::{Task, TaskChange, TaskState};
const CATALOGUE: &str = include_str!("../../../catalogue/plans.json");

pub(super) fn path(text: &str) -> NodePath {
    NodePath::try_from(text.to_owned()).unwrap()
}

pub(super) fn office() -> OfficeSettings {
    let collection_account = CollectionAccount {
        name: "陕西省办事处".into(),
        bank: "示例银行".into(),
        account_number: "6228480018123456784".into(),
        branch_code: "000000000000".into(),
    };
    OfficeSettings::new(collection_account, "029-00000000".into(), "示例路1号".into())
}

/// An account of a role, distinct from every other role's.
pub(super) fn actor(role: Role) -> Actor {
    let name = serde_json::to_value(role).unwrap().as_str().unwrap().to_owned();
    Actor { account: AccountId::parse(&name).unwrap(), name, roles: vec![role], node: path("/hq/2602/"), unit: None }
}

pub(super) fn plan(code: &str) -> PlanVariant {
    Catalogue::parse(CATALOGUE).unwrap().plans.into_iter().find(|plan| plan.code == code).unwrap()
}

/// An enrolment with its tasks, driven by commands of the right people.
pub(super) struct Journey {
    pub(super) e: Enrolment,
    pub(super) tasks: BTreeMap<TaskId, Task>,
    pub(super) now: Timestamp,
    pub(super) effects: Vec<Decision>,
}

impl Journey {
    pub(super) fn begin() -> Self {
        let now: Timestamp = "2026-11-20T02:00:00Z".parse().unwrap();
        let unit = Unit {
            id: UnitId::parse("u1").unwrap(),
            name: "岐山县第一机械厂".into(),
            code: "12370200MB12345671".into(),
            union_name: "岐山县第一机械厂工会".into(),
            address: "岐山县人民路1号".into(),
            path: path("/hq/2602/baoji/qishan/u1/"),
            office_code: OfficeCode::parse("2602").unwrap(),
            handler: AccountId::parse("unit-handler").unwrap(),
            active: true,
            restricted: false,
            version: 1,
            classified: false,
            merged_into: None,
            moving: false,
            record: crate::unit::UnitRecord::default(),
        };
        let new = NewEnrolment {
            id: EnrolmentId::parse("E1").unwrap(),
            application_number: "A26022026112010000001".into(),
            unit: &unit,
            office: NodeId::parse("2602").unwrap(),
            now,
        };
        let e = create(new, &actor(Role::UnitHandler)).unwrap();
        Self { e, tasks: BTreeMap::new(), now, effects: Vec::new() }
    }

    pub(super) fn attempt(&self, by: Option<&Actor>, command: Command) -> Result<Decision, Refusal> {
        let office = office();
        let task = self.e.task.as_ref().and_then(|id| self.tasks.get(id));
        let context = Context { actor: by, now: self.now, today: date(2026, 11, 20), office: &office, task };
        decide(&self.e, command, &context)
    }

    pub(super) fn act(&mut self, by: Option<&Actor>, command: Command) -> &mut Self {
        let name = command.name();
        let decision = self.attempt(by, command).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        for change in &decision.tasks {
            match change {
                TaskChange::Open(task) => drop(self.tasks.insert(task.id.clone(), task.clone())),
                TaskChange::Hand { task, .. } => self.tasks.get_mut(&task.id).unwrap().state = task.state.clone(),
                TaskChange::Close { id, .. } | TaskChange::Cancel { id } => {
                    self.tasks.get_mut(id).unwrap().state = TaskState::Done;
                }
            }
        }
        self.e = decision.enrolment.clone();
        self.effects.push(decision);
        self
    }

    pub(super) fn by(&mut self, role: Role, command: Command) -> &mut Self {
        self.act(Some(&actor(role)), command)
    }

    /// Lets the cover of every plan end on a day.
    pub(super) fn ends_on(&mut self, end: jiff::civil::Date) -> &mut Self {
        for (_, period) in &mut self.e.periods {
            *period = CoverPeriod::new(end - 364.days(), end).unwrap();
        }
        self
    }

    pub(super) fn acquire(&mut self, role: Role) -> &mut Self {
        let by = actor(role);
        let task = self.tasks.get_mut(self.e.task.as_ref().unwrap()).unwrap();
        task.state = TaskState::InProgress { owner: by.account, owner_name: by.name, since: self.now, handed_by: None };
        self
    }

    pub(super) fn drafted(&mut self) -> &mut Self {
        self.by(Role::UnitHandler, set_plans())
            .by(Role::UnitHandler, details())
            .act(None, begin_import())
            .act(None, finish_import())
    }

    /// Brings a new enrolment to a state by the shortest way.
    pub(super) fn to(state: State) -> Self {
        use State::*;
        let mut j = Self::begin();
        let steps: &[fn(&mut Self)] = &[
            |j| {
                j.drafted();
            },
            |j| {
                j.by(Role::UnitHandler, complete());
            },
            |j| {
                j.acquire(Role::EnrolmentFirstReviewer).by(Role::EnrolmentFirstReviewer, approve(false));
            },
            |j| {
                j.acquire(Role::EnrolmentSecondReviewer).by(Role::EnrolmentSecondReviewer, approve(true));
            },
            |j| {
                j.acquire(Role::EnrolmentFinalReviewer).by(Role::EnrolmentFinalReviewer, approve(false));
            },
            |j| {
                j.by(Role::UnitHandler, add_receipt()).by(Role::UnitHandler, Command::SubmitReceipts);
            },
            |j| {
                j.acquire(Role::Finance).by(Role::Finance, confirm());
            },
            |j| {
                j.act(None, record_certificate()).by(Role::UnitHandler, print());
            },
            |j| {
                j.by(Role::UnitHandler, scan()).acquire(Role::Archivist).by(Role::Archivist, archive());
            },
        ];
        let stop = match state {
            Drafting => 1,
            FirstReview => 2,
            SecondReview => 3,
            FinalReview => 4,
            Invoicing => 5,
            AwaitingPayment => 6,
            AwaitingPrint => 7,
            AwaitingArchive => 8,
            Completed => 9,
            Withdrawn => 1,
        };
        for step in &steps[..stop] {
            step(&mut j);
        }
        if state == Withdrawn {
            j.by(Role::UnitHandler, withdraw());
        }
        assert_eq!(j.e.state, state);
        j
    }
}

pub(super) fn set_plans() -> Command {
    let choices = vec![LineChoice { plan: plan("women-25"), shares: 2 }];
    Command::SetPlans { choices, new_employment_form: false }
}
pub(super) fn details() -> Command {
    Command::SetDetails { staff: 20, female_staff: 10, remark: String::new() }
}
pub(super) fn upload(name: &str) -> UploadId {
    UploadId::parse(name).unwrap()
}
pub(super) fn begin_import() -> Command {
    Command::BeginImport { upload: upload("U1"), plans: vec!["women-25".into()], file_name: "名单.xlsx".into() }
}
pub(super) fn roster() -> RosterPointer {
    RosterPointer {
        key: "rosters/E1/women-25/U1".into(),
        workbook: "workbooks/U1/women-25.xlsx".into(),
        shares_most: 2,
        ordinary: 8,
        high_risk: 0,
        shares_ordinary: 16,
        shares_high_risk: 0,
        held: vec![SharesHeld { occupation: Occupation::Ordinary, shares: 2, members: 8 }],
        over_age: Flagged::default(),
        unexpired: Flagged::default(),
        distribution: RosterSummary::default(),
    }
}
pub(super) fn failed_rows() -> FailedRowFiles {
    FailedRowFiles { workbook: "workbooks/U1/failed-rows.xlsx".into(), sealed: "failed-rows/E1/U1".into() }
}
pub(super) fn correct_rows(accepted: u32) -> Command {
    let failed_rows = (accepted < 2).then(failed_rows);
    Command::CorrectRows { upload: upload("U1"), accepted, failed_rows, rosters: vec![("women-25".into(), roster())] }
}
pub(super) fn finish_import() -> Command {
    Command::FinishImport {
        upload: upload("U1"),
        outcome: ImportOutcome::Done { total: 10, succeeded: 8, failed: 2, failed_rows: Some(failed_rows()) },
        rosters: vec![("women-25".into(), roster())],
    }
}
pub(super) fn complete() -> Command {
    complete_with(Vec::new())
}
pub(super) fn complete_with(granted: Vec<Relief>) -> Command {
    let self_check = SelfCheckResult { version: "2025-1".into(), findings: Vec::new() };
    Command::Complete { self_check, granted }
}
pub(super) fn approve(final_review: bool) -> Command {
    Command::Approve { opinion: "同意".into(), start: None, final_review: Some(final_review) }
}
pub(super) fn send_back(to: ReturnTo) -> Command {
    Command::Return { to, reason: "名单与附件不符".into() }
}
pub(super) fn request(price: i64) -> ReceiptRequest {
    ReceiptRequest {
        fund_source: FundSource::UnionFunds,
        payer_title: "岐山县第一机械厂工会".into(),
        tax_number_type: TaxNumberType::None,
        tax_number: String::new(),
        channel: Channel::Transfer,
        payer_email: "finance@example.com".into(),
        other_information: String::new(),
        items: vec![ReceiptItem {
            plan_code: "women-25".into(),
            occupation: Occupation::Ordinary,
            persons: 8,
            price: Fen::new(price),
            note: String::new(),
        }],
    }
}
pub(super) fn add_receipt() -> Command {
    let id = ReceiptId::parse("R1").unwrap();
    Command::AddReceipt { id, batch_number: "S202611201000000001".into(), request: request(5000) }
}
pub(super) fn confirm() -> Command {
    Command::ConfirmPayment {
        arrived_on: date(2026, 11, 19),
        amount: Fen::new(40_000),
        channel: Channel::Transfer,
        bank_reference: "20261119-0001".into(),
        remark: String::new(),
        certificate_number: "G26022026112010000001".into(),
    }
}
pub(super) fn record_certificate() -> Command {
    Command::RecordCertificate(RenderedCertificate {
        printed_for: None,
        revision: 1,
        key: "certificates/E1/1.pdf".into(),
        sha256: "0".repeat(64),
        at: "2026-11-20T02:00:00Z".parse().unwrap(),
        unit_facts: "facts-1".into(),
    })
}
pub(super) fn record_receipt(id: &str) -> Command {
    Command::RecordReceipt {
        id: ReceiptId::parse(id).unwrap(),
        issued: IssuedReceipt {
            code: "样例".into(),
            number: id.into(),
            check_code: "1".into(),
            on: date(2026, 11, 20),
            sample: true,
        },
    }
}
pub(super) fn void(id: &str) -> Command {
    Command::VoidReceipt { id: ReceiptId::parse(id).unwrap(), reason: "抬头有误".into() }
}
pub(super) fn reissue(of: &str, id: &str) -> Command {
    let made_out = MadeOut {
        payer_title: "岐山县第一机械厂工会委员会".into(),
        tax_number_type: TaxNumberType::CreditCode,
        tax_number: "81370200MC7654321U".into(),
        payer_email: "union@example.com".into(),
    };
    let receipt = |text| ReceiptId::parse(text).unwrap();
    let batch_number = format!("S2026112010000000{id}");
    Command::ReissueReceipt { of: receipt(of), id: receipt(id), batch_number, made_out }
}
pub(super) fn renew_by(id: &str) -> Command {
    Command::Renew { by: EnrolmentId::parse(id).unwrap(), application_number: "A26022026112010000002".into() }
}
pub(super) fn print() -> Command {
    Command::Print { roster_confirmed: true }
}
pub(super) fn attachment(name: &str) -> Attachment {
    Attachment {
        upload: upload(name),
        kind: AttachmentKind::General,
        file_name: "扫描件.pdf".into(),
        key: format!("attachments/{name}"),
        content_type: "application/pdf".into(),
        thumbnail: None,
        pages: 1,
    }
}
pub(super) fn scan() -> Command {
    Command::AttachScan(attachment("S1"))
}
pub(super) fn archive() -> Command {
    Command::Archive { note: "盖章齐全".into() }
}
pub(super) fn withdraw() -> Command {
    Command::Withdraw { reason: "重复录入".into() }
}

/// The enrolment's unit was merged into another of the same office.
pub(super) fn move_to(unit: &str) -> Command {
    let unit = UnitRef {
        id: UnitId::parse(unit).unwrap(),
        name: "宝鸡市第二机械厂".into(),
        path: path(&format!("/hq/2602/baoji/{unit}/")),
        office_code: OfficeCode::parse("2602").unwrap(),
        office: NodeId::parse("2602").unwrap(),
    };
    Command::Move { unit, handler: AccountId::parse("other-handler").unwrap() }
}
