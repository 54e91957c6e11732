//! Exports of lists that are no list of enrolments: each holds what its list shows under the same filters, to whoever may
//! see the list, within the same subtree.

use calamine::{Data, Range};
use domain::account::Account;
use domain::cover::CoverPeriod;
use domain::enrolment::{Enrolment, State};
use domain::ids::{AccountId, EnrolmentId, RegistrationId, TaskId};
use domain::ledger::{LedgerAccount, LedgerEntry, LedgerEvent, Posting};
use domain::money::Fen;
use domain::organisation::{NodePath, Unit};
use domain::payment::PaymentRecord;
use domain::receipt::{Channel, FundSource};
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};
use testing::sample;
use workflow::commit::Commit;
use workflow::ports::{Clock, Commits, Exports, Ids, PageRequest};

use super::workbooks::{column, exported, paid, sum, texts};
use super::{Bureau, refused, told};

const COUNTY: &str = "/hq/2602/baoji/qishan/";
const OTHER_OFFICE: &str = "/hq/1600/";

/// The same work at another place.
fn at(node: &str, like: &Account) -> Account {
    let id = AccountId::parse(&format!("{}-elsewhere", like.id)).unwrap();
    Account { id, node: NodePath::try_from(node.to_owned()).unwrap(), ..like.clone() }
}

/// What a list shows under a filter.
async fn listed(b: &Bureau, by: &Account, list: &str, filter: &Value) -> Vec<Value> {
    let conditions =
        filter.as_object().unwrap().iter().map(|(name, value)| format!("&{name}={}", value.as_str().unwrap()));
    let request = format!("GET {list}?limit=100{}", conditions.collect::<String>());
    let reply = b.ask(by, &request, None, json!({})).await;
    assert_eq!(reply.status.as_u16(), 200, "{request}: {}", told(&reply));
    let page: Value = reply.json().unwrap();
    page.get("tasks").unwrap_or(&page)["items"].as_array().unwrap().clone()
}

fn of(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

async fn export(b: &Bureau, by: &Account, kind: &str, filter: &Value) -> Range<Data> {
    exported(b, by, json!({"kind": kind, "filter": filter})).await
}

/// Status of the answer to who asks for an export.
async fn status(b: &Bureau, by: &Account, kind: &str, filter: Value) -> u16 {
    refused(&b.ask(by, "POST /exports", None, json!({"kind": kind, "filter": filter})).await).0
}

/// A payment as it would stand.
async fn received(b: &Bureau, unit: &Unit, arrived_on: Date, channel: Channel) -> PaymentRecord {
    let w = &b.world;
    let draft = sample::draft(w.ids.ulid(), unit, &w.sample.handler, w.clock.now());
    let payment = PaymentRecord {
        enrolment: draft.id,
        version: 12,
        application_number: draft.application_number,
        certificate_number: "G26022026031010000001".to_owned(),
        unit: unit.id.clone(),
        unit_name: unit.name.clone().into(),
        path: unit.path.clone(),
        amount: Fen::new(123_450),
        funds: vec![(FundSource::UnionFunds, Fen::new(100_000)), (FundSource::SelfPaid, Fen::new(23_450))],
        channel,
        arrived_on,
        bank_reference: "BANK-0001".to_owned(),
        remark: String::new(),
        confirmed_at: w.clock.now(),
        by: w.sample.finance.id.clone(),
        by_name: "黄涛".to_owned(),
    };
    let commit = Commit { payment: Some(payment.clone()), ..Commit::default() };
    w.store.inner().commit(commit).await.unwrap();
    payment
}

#[tokio::test]
async fn payments_are_those_of_the_list_by_every_filter() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let mut all = Vec::new();
    for (unit, day, channel) in [
        (&s.unit, date(2026, 3, 9), Channel::Transfer),
        (&s.unit, date(2026, 3, 10), Channel::Cheque),
        (&s.neighbour, date(2026, 3, 10), Channel::Transfer),
        (&s.unit, date(2026, 2, 27), Channel::Transfer),
        (&s.stranger, date(2026, 3, 10), Channel::Transfer),
    ] {
        all.push(received(&b, unit, day, channel).await);
    }
    let filters = [
        (json!({}), 3),
        (json!({"from": "2026-02-01"}), 4),
        (json!({"from": "2026-03-10", "to": "2026-03-10"}), 2),
        (json!({"channel": "cheque"}), 1),
        (json!({"unit": s.unit.id}), 2),
        (json!({"node": COUNTY, "channel": "transfer"}), 1),
        (json!({"application_number": all[3].application_number}), 1),
        (json!({"application_number": all[4].application_number}), 0),
    ];
    for (filter, count) in &filters {
        let shown = of(&listed(&b, &s.finance, "/payments", filter).await, "application_number");
        let sheet = export(&b, &s.finance, "payments", filter).await;
        assert_eq!((shown.len(), texts(&sheet, "申请书号")), (*count, shown), "{filter}");
    }
    let sheet = export(&b, &s.finance, "payments", &json!({"unit": s.unit.id})).await;
    assert_eq!((sum(&sheet, "到账金额"), sum(&sheet, "工会经费"), sum(&sheet, "会员自付")), (246_900, 200_000, 46_900));
    assert_eq!(
        (texts(&sheet, "缴费渠道"), texts(&sheet, "确认人")),
        (vec!["支票".into(), "转账".into()], vec!["黄涛".into(); 2])
    );
    assert_eq!(
        texts(&export(&b, &at(COUNTY, &s.finance), "payments", &json!({})).await, "单位名称"),
        ["岐山机械厂"; 2]
    );
    let stranger = at(OTHER_OFFICE, &s.finance);
    assert_eq!(texts(&export(&b, &stranger, "payments", &json!({})).await, "单位名称"), ["红旗纺织厂"]);
    assert_eq!(status(&b, &stranger, "payments", json!({"node": COUNTY})).await, 404);
    assert_eq!(status(&b, &stranger, "payments", json!({"unit": s.unit.id})).await, 404);
    for without in [&s.handler, &s.first_reviewer, &s.supervisor] {
        assert_eq!(status(&b, without, "payments", json!({})).await, 403, "{}", without.name);
    }
    let backwards = json!({"kind": "payments", "filter": {"from": "2026-03-02", "to": "2026-03-01"}});
    let problem: Value = b.ask(&s.finance, "POST /exports", None, backwards).await.json().unwrap();
    assert_eq!((&problem["status"], &problem["errors"][0]["pointer"]), (&json!(400), &json!("/filter/to")));
}

/// An entry as it would stand, with two plans on one side.
async fn posted(b: &Bureau, unit: &Unit, day: Date, event: LedgerEvent) {
    let line = |plan: &str, fen| Posting::credit(LedgerAccount::ContributionsReceivable, Fen::new(fen)).of_plan(plan);
    let debit = Posting::debit(LedgerAccount::Bank, Fen::new(30_05)).from_fund(FundSource::UnionFunds);
    let entry = LedgerEntry {
        subject: EnrolmentId::from_ulid(b.world.ids.ulid()).to_string(),
        version: 7,
        n: 0,
        event,
        at: b.world.clock.now(),
        day,
        path: unit.path.clone(),
        application_number: format!("A-{}", unit.id),
        unit_name: unit.name.clone().into(),
        postings: vec![debit, line("hospital-a", 10_00), line("no-plan", 20_05)],
    };
    b.world.store.inner().commit(Commit { ledger: vec![entry], ..Commit::default() }).await.unwrap();
}

#[tokio::test]
async fn the_ledger_is_exported_line_by_line_by_every_filter() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let (received, voided) = (LedgerEvent::ContributionReceived, LedgerEvent::ReceiptVoided);
    posted(&b, &s.unit, date(2026, 3, 9), received).await;
    posted(&b, &s.neighbour, date(2026, 3, 10), voided).await;
    posted(&b, &s.unit, date(2026, 2, 27), received).await;
    posted(&b, &s.stranger, date(2026, 3, 10), received).await;
    let filters = [
        (json!({}), 2),
        (json!({"from": "2026-02-01"}), 3),
        (json!({"from": "2026-03-10", "to": "2026-03-10"}), 1),
        (json!({"event": "receipt-voided"}), 1),
        (json!({"plan": "hospital-a"}), 2),
        (json!({"plan": "women-25"}), 0),
        (json!({"node": COUNTY, "from": "2026-02-01"}), 2),
        (json!({"unit": s.neighbour.id}), 1),
    ];
    for (filter, count) in &filters {
        let entries = listed(&b, &s.finance, "/ledger", filter).await;
        let lines = |entry: &Value| entry["lines"].as_array().unwrap().len();
        let shown: Vec<String> = entries
            .iter()
            .flat_map(|entry| vec![entry["application_number"].as_str().unwrap().to_owned(); lines(entry)])
            .collect();
        let sheet = export(&b, &s.finance, "ledger", filter).await;
        assert_eq!((entries.len(), texts(&sheet, "申请书号")), (*count, shown), "{filter}");
        assert_eq!(sum(&sheet, "借方"), sum(&sheet, "贷方"), "{filter}");
    }
    let sheet = export(&b, &s.finance, "ledger", &json!({"node": COUNTY})).await;
    let plan = sample::plan("hospital-a").variant;
    assert_eq!(
        texts(&sheet, "保障活动"),
        [String::new(), plan, "no-plan".into()],
        "a plan nobody knows any more has its code"
    );
    assert_eq!(texts(&sheet, "科目"), ["银行存款", "应收会费", "应收会费"]);
    assert_eq!(texts(&sheet, "会费来源"), ["工会经费", "", ""]);
    assert_eq!(texts(&sheet, "贷方"), ["", "10", "20.05"]);
    let Data::DateTime(day) = &column(&sheet, "记账日期")[0] else { panic!("a day is a day") };
    assert_eq!(day.to_ymd_hms_milli(), (2026, 3, 9, 0, 0, 0, 0));
    let stranger = at(OTHER_OFFICE, &s.finance);
    assert_eq!(texts(&export(&b, &stranger, "ledger", &json!({})).await, "单位名称"), ["红旗纺织厂"; 3]);
    assert_eq!(status(&b, &stranger, "ledger", json!({"node": COUNTY})).await, 404);
    for without in [&s.handler, &s.first_reviewer, &s.supervisor] {
        assert_eq!(status(&b, without, "ledger", json!({})).await, 403, "{}", without.name);
    }
    let headquarters = export(&b, &s.auditor, "ledger", &json!({"from": "2026-01-01"})).await;
    assert_eq!(headquarters.height(), 1 + 4 * 3);
}

/// Units stand in the order of their names.
#[tokio::test]
async fn units_are_those_of_the_list_by_every_filter() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let filters = [
        (json!({}), 2),
        (json!({"name": "机械"}), 1),
        (json!({"code": s.neighbour.code.to_lowercase()}), 1),
        (json!({"code": s.stranger.code}), 0),
        (json!({"node": COUNTY}), 1),
        (json!({"name": "林场", "node": COUNTY}), 0),
    ];
    for (filter, count) in &filters {
        let shown = of(&listed(&b, &s.supervisor, "/units", filter).await, "name");
        let sheet = export(&b, &s.supervisor, "units", filter).await;
        assert_eq!((shown.len(), texts(&sheet, "单位名称")), (*count, shown), "{filter}");
    }
    let all = export(&b, &s.auditor, "units", &json!({})).await;
    assert_eq!(all.height(), 4);
    let headings: Vec<String> = all.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let shown = ["单位名称", "统一社会信用代码", "归属代办处", "经办人", "状态", "限制", "涉密", "已合并", "移交中"];
    assert_eq!(headings, shown, "no more of a contact than the list shows");

    assert_eq!(texts(&export(&b, &s.registrar, "units", &json!({})).await, "单位名称"), ["岐山机械厂"]);
    let stranger = at(OTHER_OFFICE, &s.supervisor);
    assert_eq!(texts(&export(&b, &stranger, "units", &json!({})).await, "单位名称"), ["红旗纺织厂"]);
    assert_eq!(status(&b, &stranger, "units", json!({"node": COUNTY})).await, 404);
    for without in [&s.handler, &s.first_reviewer, &s.finance] {
        assert_eq!(status(&b, without, "units", json!({})).await, 403, "{}", without.name);
    }
    let short = json!({"kind": "units", "filter": {"name": "厂"}});
    let problem: Value = b.ask(&s.supervisor, "POST /exports", None, short).await.json().unwrap();
    assert_eq!(problem["errors"][0]["pointer"], "/filter/name");
}

#[tokio::test]
async fn units_say_where_they_belong_and_a_classified_one_hides_outside_its_agency() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    b.world.store.inner().with_unit(Unit { classified: true, restricted: true, ..s.unit.clone() });
    let row = async |by: &Account| {
        let sheet = export(&b, by, "units", &json!({"node": COUNTY})).await;
        let cell = |title: &str| texts(&sheet, title).remove(0);
        [cell("单位名称"), cell("统一社会信用代码"), cell("归属代办处"), cell("限制"), cell("涉密"), cell("移交中")]
    };
    let [office, city, county] = ["/hq/2602/", "/hq/2602/baoji/", COUNTY]
        .map(|path| s.nodes.iter().find(|node| node.path.as_str() == path).unwrap().name.clone());
    let place = format!("{office} / {city} / {county}");
    assert_eq!(row(&s.supervisor).await, ["岐***厂", "", &place, "是", "是", ""]);
    assert_eq!(row(&s.registrar).await, ["岐山机械厂", &s.unit.code, &county, "是", "是", ""]);
}

/// A contact is looked for by the whole name or number, which is in no part of the job.
#[tokio::test]
async fn units_of_a_contact_are_exported_as_they_are_found() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let unknown = json!({"kind": "units", "contact": "赵钱孙"});
    assert_eq!(exported(&b, &s.supervisor, unknown.clone()).await.height(), 1);
    let job = b.world.store.inner().exports(&s.supervisor.id, &PageRequest { limit: 1, after: None }).await.unwrap();
    assert!(!job.items[0].conditions.contains("赵钱孙"), "{}", job.items[0].conditions);
    assert_eq!(refused(&b.ask(&s.handler, "POST /exports", None, unknown).await).0, 403);
    let odd = json!({"kind": "units", "contact": "12"});
    let problem: Value = b.ask(&s.supervisor, "POST /exports", None, odd).await.json().unwrap();
    assert_eq!(problem["errors"][0]["pointer"], "/contact");
}

/// Puts a task of a unit into a pool.
async fn queued(b: &Bureau, unit: &Unit, level: Level) -> Task {
    b.world.clock.advance(SignedDuration::from_hours(24));
    let now = b.world.clock.now();
    let draft = sample::draft(b.world.ids.ulid(), unit, &b.world.sample.handler, now);
    let task = Task {
        id: TaskId::of(draft.id.as_str(), level.as_str(), 1),
        subject: Subject::Enrolment(draft.id),
        level,
        state: TaskState::Pending,
        path: unit.path.clone(),
        application_number: draft.application_number,
        unit_name: unit.name.clone().into(),
        queued_at: now,
        due_at: now + SignedDuration::from_hours(36),
    };
    let commit = Commit { tasks: vec![TaskChange::Open(task.clone())], ..Commit::default() };
    b.world.store.inner().commit(commit).await.unwrap();
    task
}

#[tokio::test]
async fn a_pool_is_exported_as_its_page_shows_it() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let mut all = Vec::new();
    for unit in [&s.unit, &s.neighbour, &s.unit, &s.stranger] {
        all.push(queued(&b, unit, Level::SecondReview).await);
    }
    queued(&b, &s.unit, Level::Payment).await;
    let level = |filter: Value| {
        let mut filter = filter;
        filter["level"] = json!("second-review");
        filter
    };
    let mine = format!("POST /tasks/{}/acquisition", all[0].id);
    assert_eq!(b.ask(&s.second_reviewer, &mine, None, json!({})).await.status.as_u16(), 200);
    let filters = [
        (json!({}), 2),
        (json!({"order": "newest"}), 2),
        (json!({"tab": "mine"}), 1),
        (json!({"from": "2026-03-12", "to": "2026-03-12"}), 1),
        (json!({"node": COUNTY}), 1),
        (json!({"unit": s.neighbour.id}), 1),
        (json!({"application_number": all[2].application_number}), 1),
    ];
    for (filter, count) in filters {
        let filter = level(filter);
        let shown = of(&listed(&b, &s.second_reviewer, "/tasks", &filter).await, "application_number");
        let sheet = export(&b, &s.second_reviewer, "tasks", &filter).await;
        assert_eq!((shown.len(), texts(&sheet, "申请书号")), (count, shown), "{filter}");
    }
    let sheet = export(&b, &s.second_reviewer, "tasks", &level(json!({}))).await;
    assert_eq!(
        (texts(&sheet, "环节"), texts(&sheet, "超时")),
        (vec!["复审".into(); 2], vec!["是".into(), "是".into()])
    );
    let Data::DateTime(since) = &column(&sheet, "进入时间")[0] else { panic!("an instant is an instant") };
    assert_eq!(since.to_ymd_hms_milli(), (2026, 3, 12, 9, 0, 0, 0), "as a clock in Beijing shows it");
    let sheet = export(&b, &s.second_reviewer, "tasks", &level(json!({"tab": "mine"}))).await;
    let [state, owner, dispatched] = ["状态", "处理人", "调度"].map(|title| texts(&sheet, title).remove(0));
    assert_eq!([state, owner, dispatched], ["处理中", "张强", ""]);

    assert_eq!(
        texts(&export(&b, &s.supervisor, "tasks", &level(json!({}))).await, "申请书号").len(),
        2,
        "who dispatches"
    );
    let stranger = at(OTHER_OFFICE, &s.second_reviewer);
    let sheet = export(&b, &stranger, "tasks", &level(json!({}))).await;
    assert_eq!(texts(&sheet, "申请书号"), [all[3].application_number.as_str()]);
    assert_eq!(status(&b, &stranger, "tasks", level(json!({"node": COUNTY}))).await, 404);
    for without in [&s.handler, &s.first_reviewer, &s.finance, &s.auditor] {
        assert_eq!(status(&b, without, "tasks", level(json!({}))).await, 403, "{}", without.name);
    }
    assert_eq!(status(&b, &s.supervisor, "tasks", json!({})).await, 400, "a pool is asked for by its level");
    for (by, exports) in [(&s.supervisor, 1), (&at("/hq/2602/", &s.finance), 0)] {
        assert_eq!(listed(&b, by, "/exports", &json!({})).await.len(), exports);
    }
}

/// Applications are in a pool of their own, by the code of the unit they are about.
#[tokio::test]
async fn a_pool_of_registrations_has_codes() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    let enrolments = queued(&b, &s.unit, Level::Registration).await;
    let registration = RegistrationId::from_ulid(b.world.ids.ulid());
    let task = Task {
        id: TaskId::of(registration.as_str(), "registration", 1),
        subject: Subject::Registration(registration),
        application_number: s.unit.code.clone(),
        queued_at: b.world.clock.now() + SignedDuration::from_secs(1),
        ..enrolments
    };
    let commit = Commit { tasks: vec![TaskChange::Open(task)], ..Commit::default() };
    b.world.store.inner().commit(commit).await.unwrap();
    let sheet = export(&b, &s.registrar, "tasks", &json!({"level": "registration"})).await;
    assert_eq!(texts(&sheet, "统一社会信用代码"), ["", s.unit.code.as_str()]);
    assert_eq!(texts(&sheet, "申请书号")[1], "");
}

/// A paid enrolment whose cover ends on a day.
async fn ending(b: &Bureau, unit: &Unit, by: &Account, end: Date) -> Enrolment {
    let w = &b.world;
    w.clock.advance(SignedDuration::from_secs(1));
    let mut e = Enrolment { state: State::Completed, ..sample::draft(w.ids.ulid(), unit, by, w.clock.now()) };
    let start = end.checked_sub(1.year()).unwrap().tomorrow().unwrap();
    e.periods = vec![("hospital-a".to_owned(), CoverPeriod::new(start, end).unwrap())];
    let commit = Commit { enrolment: Some((e.clone(), 0)), ..Commit::default() };
    w.store.inner().commit(commit).await.unwrap();
    e
}

#[tokio::test]
async fn renewals_are_those_of_the_list_by_every_filter() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    ending(&b, &s.unit, &s.handler, date(2026, 4, 1)).await;
    ending(&b, &s.neighbour, &s.neighbour_handler, date(2026, 3, 1)).await;
    ending(&b, &s.unit, &s.handler, date(2026, 8, 1)).await;
    ending(&b, &s.stranger, &s.stranger_handler, date(2026, 4, 1)).await;
    let filters = [
        (json!({}), 2),
        (json!({"to": "2026-12-31"}), 3),
        (json!({"from": "2026-03-15"}), 1),
        (json!({"node": COUNTY}), 1),
        (json!({"unit": s.neighbour.id}), 1),
    ];
    for (filter, count) in &filters {
        let shown = of(&listed(&b, &s.supervisor, "/renewals", filter).await, "application_number");
        let sheet = export(&b, &s.supervisor, "renewals", filter).await;
        assert_eq!((shown.len(), texts(&sheet, "申请书号")), (*count, shown), "{filter}");
    }
    let sheet = export(&b, &s.supervisor, "renewals", &json!({})).await;
    assert_eq!(texts(&sheet, "剩余天数"), ["-9", "22"]);
    let Data::DateTime(end) = &column(&sheet, "到期日期")[0] else { panic!("a day is a day") };
    assert_eq!(end.to_ymd_hms_milli(), (2026, 3, 1, 0, 0, 0, 0));
    assert_eq!(export(&b, &s.handler, "renewals", &json!({})).await.height(), 2, "a unit's own");
    assert_eq!(status(&b, &s.handler, "renewals", json!({"unit": s.neighbour.id})).await, 404);
    let stranger = at(OTHER_OFFICE, &s.supervisor);
    assert_eq!(texts(&export(&b, &stranger, "renewals", &json!({})).await, "单位名称"), ["红旗纺织厂"]);
    assert_eq!(status(&b, &stranger, "renewals", json!({"node": COUNTY})).await, 404);
    assert_eq!(status(&b, &s.administrator, "renewals", json!({})).await, 403);
}

/// Who lost the right to the list loses the workbook.
#[tokio::test]
async fn an_export_of_the_books_is_for_who_still_reads_them() {
    let b = Bureau::open().await;
    let s = b.world.sample.clone();
    paid(&b, 3).await;
    let sheet = export(&b, &s.finance, "ledger", &json!({})).await;
    assert!(sheet.height() > 1);
    let archivist_now = Account { roles: s.archivist.roles.clone(), ..s.finance.clone() };
    for (by, exports) in [(&s.finance, 1), (&archivist_now, 0)] {
        assert_eq!(listed(&b, by, "/exports", &json!({})).await.len(), exports);
    }
}
