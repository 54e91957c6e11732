//! The organisation tree as its administrators change it: agencies, names, and what an office decides for itself.

use crate::account::{Actor, Permission};
use crate::administration::Change;
use crate::ids::NodeId;
use crate::organisation::{FinalReview, Node, NodeKind, OfficeSettings, Rounding, TREE_DEPTH_MAX};
use crate::reason::Reason;
use crate::refusal::{Problem, Refusal};

/// Longest name of a node, in characters.
pub const NAME_CHARACTERS_MAX: u32 = 50;
/// Longest text of a setting, in characters.
pub const TEXT_CHARACTERS_MAX: u32 = 100;
/// Longest grace a renewal may be given, in days.
const GRACE_DAYS_MAX: u32 = 365;
/// Longest target of a review, in working days.
const TARGET_DAYS_MAX: u8 = 60;
/// Largest unit that an office may ask to take part as a whole.
const MIN_STAFF_MAX: u32 = 10_000;

/// The actor may change the tree within its data scope.
///
/// # Errors
/// `NOT_PERMITTED`.
pub fn may_organise(admin: &Actor) -> Result<(), Refusal> {
    if admin.may(Permission::ManageOrganisation) { Ok(()) } else { Err(Refusal::not_permitted()) }
}

/// A new agency under an office or a city's agency.
///
/// # Errors
/// Where none can stand, or what is wrong with its name.
pub fn agency(parent: &Node, id: NodeId, name: &str) -> Result<Node, Refusal> {
    // Below it there must be room for its units.
    let depth = parent.path.lineage().count() + 1;
    if parent.kind == NodeKind::Headquarters || depth >= TREE_DEPTH_MAX {
        let text = "代办处只能设在办事处或市级代办处之下";
        return Err(Refusal::invalid(vec![Problem::new("/parent", "PARENT_UNFIT", text)]));
    }
    let (name, path) = (named(name)?, parent.path.child(&id));
    Ok(Node { id, kind: NodeKind::Agency, name, path, office_code: parent.office_code, settings: None, version: 1 })
}

/// A node under another name, with the change.
///
/// # Errors
/// What is wrong with the name.
pub fn renamed(node: &Node, name: &str) -> Result<(Node, Vec<Change>), Refusal> {
    let name = named(name)?;
    let change = Change::of("名称", node.name.as_str(), name.as_str());
    Ok((Node { name, version: node.version + 1, ..node.clone() }, change.into_iter().collect()))
}

fn named(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let problems = text("/name", name, NAME_CHARACTERS_MAX);
    Refusal::unless_none(problems.into_iter().collect())?;
    Ok(name.to_owned())
}

/// An office with other settings, with what changed.
///
/// # Errors
/// A node that is no office has none; what is wrong with them, all at once.
pub fn with_settings(node: &Node, settings: OfficeSettings) -> Result<(Node, Vec<Change>), Refusal> {
    let Some(before) = &node.settings else {
        return Err(Refusal::conflict("NOT_AN_OFFICE", "只有办事处有设置"));
    };
    Refusal::unless_none(check(&settings))?;
    let changes = changes(before, &settings);
    Ok((Node { settings: Some(settings), version: node.version + 1, ..node.clone() }, changes))
}

/// What is wrong with settings, with its place.
pub fn check(s: &OfficeSettings) -> Vec<Problem> {
    let account = &s.collection_account;
    let texts = [
        ("/collection_account/name", &account.name),
        ("/collection_account/bank", &account.bank),
        ("/telephone", &s.telephone),
        ("/address", &s.address),
    ];
    let mut problems: Vec<Problem> =
        texts.into_iter().filter_map(|(at, given)| text(at, given, TEXT_CHARACTERS_MAX)).collect();
    let digits = |given: &str| !given.is_empty() && given.bytes().all(|b| b.is_ascii_digit());
    let mut unless = |holds: bool, at: &str, code: &str, text: &str| {
        if !holds {
            problems.push(Problem::new(at, code, text));
        }
    };
    let number = &account.account_number;
    unless(
        digits(number) && (8..=32).contains(&number.len()),
        "/collection_account/account_number",
        "BANK_ACCOUNT_FORMAT",
        "银行账号应为8至32位数字",
    );
    let branch = &account.branch_code;
    unless(
        digits(branch) && branch.len() == 12,
        "/collection_account/branch_code",
        "BRANCH_CODE_FORMAT",
        "联行号应为12位数字",
    );
    unless((1..=31).contains(&s.settlement_day), "/settlement_day", "DAY_RANGE", "结算日应为1至31");
    unless(s.renewal_grace_days <= GRACE_DAYS_MAX, "/renewal_grace_days", "DAYS_RANGE", "续保宽限期应为0至365天");
    let days = s.review_target_working_days;
    unless(
        (1..=TARGET_DAYS_MAX).contains(&days),
        "/review_target_working_days",
        "DAYS_RANGE",
        "审核时限应为1至60个工作日",
    );
    for (level, days) in &s.level_targets {
        let at = format!("/level_targets/{}", level.as_str());
        unless((1..=TARGET_DAYS_MAX).contains(days), &at, "DAYS_RANGE", "办理时限应为1至60个工作日");
    }
    let threshold = s.final_claim_review_threshold.fen();
    unless(threshold >= 0, "/final_claim_review_threshold_fen", "AMOUNT_RANGE", "金额不能小于0");
    let staff = s.min_staff_for_ratio;
    unless(
        staff.is_none_or(|staff| staff <= MIN_STAFF_MAX),
        "/min_staff_for_ratio",
        "NUMBER_RANGE",
        "人数应为0至10000",
    );
    problems
}

fn text(at: &str, given: &str, limit: u32) -> Option<Problem> {
    if given.trim().is_empty() {
        return Some(Problem::new(at, "FIELD_MISSING", "缺少必填的内容"));
    }
    if given.chars().any(char::is_control) {
        return Some(Problem::new(at, "TEXT_CHARACTER", "文字中有不能使用的字符"));
    }
    (given.chars().count() > limit as usize).then(|| Problem::of(at, &Reason::TextTooLong { limit }))
}

fn changes(before: &OfficeSettings, after: &OfficeSettings) -> Vec<Change> {
    let of = |what: &'static str, show: &dyn Fn(&OfficeSettings) -> String| Change::of(what, show(before), show(after));
    let yes = |yes: bool| if yes { "是" } else { "否" }.to_owned();
    [
        of("结算日", &|s| s.settlement_day.to_string()),
        of("续保宽限天数", &|s| s.renewal_grace_days.to_string()),
        of("收款户名", &|s| s.collection_account.name.clone()),
        of("开户行", &|s| s.collection_account.bank.clone()),
        of("收款账号", &|s| s.collection_account.account_number.clone()),
        of("联行号", &|s| s.collection_account.branch_code.clone()),
        of("联系电话", &|s| s.telephone.clone()),
        of("通讯地址", &|s| s.address.clone()),
        of("审核时限（工作日）", &|s| s.review_target_working_days.to_string()),
        of("各环节时限（工作日）", &|s| {
            let own = s.level_targets.iter().map(|(level, days)| format!("{}{days}", level.chinese()));
            let own: Vec<_> = own.collect();
            if own.is_empty() { "同审核时限".to_owned() } else { own.join("、") }
        }),
        of("参保终审", &|s| s.final_enrolment_review.chinese().to_owned()),
        of("申领终审金额", &|s| s.final_claim_review_threshold.grouped()),
        of("全员参保的人数下限", &|s| {
            s.min_staff_for_ratio.map_or("按活动规定".to_owned(), |n| n.to_string())
        }),
        of("金额取整", &|s| s.rounding.chinese().to_owned()),
        of("确认书隐藏证件号码", &|s| yes(s.mask_certificate_ids)),
        of("名单必填手机号码", &|s| yes(s.phone_required)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl FinalReview {
    /// The setting as people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Always => "一律终审",
            Self::Never => "不终审",
            Self::ReviewerDecides => "由复审人决定",
        }
    }
}

impl Rounding {
    /// The setting as people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::HalfUp => "四舍五入",
            Self::HalfEven => "四舍六入五成双",
            Self::Down => "舍去",
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::administration::told;
    use crate::money::Fen;
    use crate::organisation::{CollectionAccount, NodePath};
    use crate::task::Level;

    fn office() -> Node {
        let collection_account = CollectionAccount {
            name: "陕西省办事处".into(),
            bank: "示例银行".into(),
            account_number: "6228480018123456784".into(),
            branch_code: "000000000000".into(),
        };
        Node {
            id: NodeId::parse("2602").unwrap(),
            kind: NodeKind::Office,
            name: "陕西省办事处".into(),
            path: NodePath::root().child(&NodeId::parse("2602").unwrap()),
            office_code: None,
            settings: Some(OfficeSettings::new(collection_account, "029-0".into(), "示例路1号".into())),
            version: 4,
        }
    }

    fn codes(refusal: Refusal) -> Vec<(String, String)> {
        refusal.problems.into_iter().map(|problem| (problem.at, problem.code)).collect()
    }

    #[test]
    fn agencies_stand_below_offices_and_cities() {
        let id = |text: &str| NodeId::parse(text).unwrap();
        let city = agency(&office(), id("city"), " 宝鸡代办处 ").unwrap();
        assert_eq!((city.name.as_str(), city.path.as_str(), city.version), ("宝鸡代办处", "/hq/2602/city/", 1));
        let county = agency(&city, id("county"), "岐山县总工会").unwrap();
        let headquarters = Node { kind: NodeKind::Headquarters, path: NodePath::root(), ..office() };
        for parent in [&county, &headquarters] {
            let refusal = agency(parent, id("x"), "凤县总工会").unwrap_err();
            assert_eq!(codes(refusal), [("/parent".into(), "PARENT_UNFIT".into())]);
        }
        for (name, code) in [
            ("", "FIELD_MISSING"),
            ("  ", "FIELD_MISSING"),
            ("a\u{7}", "TEXT_CHARACTER"),
            (&"长".repeat(51), "TEXT_TOO_LONG"),
        ] {
            assert_eq!(codes(agency(&office(), id("x"), name).unwrap_err()), [("/name".into(), code.into())]);
        }
    }

    #[test]
    fn what_changes_is_told_before_and_after() {
        let (node, changes) = renamed(&office(), "陕西办事处").unwrap();
        assert_eq!((node.version, told(&changes).as_str()), (5, "名称：陕西省办事处 → 陕西办事处"));
        assert!(renamed(&office(), "陕西省办事处").unwrap().1.is_empty());

        let mut settings = office().settings.unwrap();
        settings.settlement_day = 20;
        settings.final_enrolment_review = FinalReview::Always;
        settings.final_claim_review_threshold = Fen::new(123_456_700);
        settings.level_targets = [(Level::FirstReview, 3), (Level::Payment, 1)].into();
        settings.min_staff_for_ratio = Some(30);
        settings.rounding = Rounding::Down;
        settings.mask_certificate_ids = false;
        let (node, changes) = with_settings(&office(), settings.clone()).unwrap();
        assert_eq!((node.version, node.settings), (5, Some(settings.clone())));
        let expected = "结算日：25 → 20；各环节时限（工作日）：同审核时限 → 初审3、到账确认1；参保终审：由复审人决定 → 一律终审；申领终审金额：2,000.00 → 1,234,567.00；\
                        全员参保的人数下限：按活动规定 → 30；金额取整：四舍五入 → 舍去；确认书隐藏证件号码：是 → 否";
        assert_eq!(told(&changes), expected);
        let agency = Node { settings: None, ..office() };
        assert_eq!(with_settings(&agency, settings).unwrap_err().code, "NOT_AN_OFFICE");
    }

    #[test]
    fn everything_wrong_with_settings_is_named_at_once() {
        let mut settings = office().settings.unwrap();
        settings.collection_account.account_number = "12".into();
        settings.collection_account.branch_code = String::new();
        settings.collection_account.bank = " ".into();
        settings.address = "长".repeat(101);
        settings.settlement_day = 0;
        settings.renewal_grace_days = 366;
        settings.review_target_working_days = 0;
        settings.level_targets = [(Level::Payment, 61), (Level::Archive, 60)].into();
        settings.final_claim_review_threshold = Fen::new(-1);
        settings.min_staff_for_ratio = Some(10_001);
        let told: Vec<_> = codes(with_settings(&office(), settings).unwrap_err());
        let places: Vec<_> = told.iter().map(|(at, _)| at.as_str()).collect();
        let expected = [
            "/collection_account/bank",
            "/address",
            "/collection_account/account_number",
            "/collection_account/branch_code",
            "/settlement_day",
            "/renewal_grace_days",
            "/review_target_working_days",
            "/level_targets/payment",
            "/final_claim_review_threshold_fen",
            "/min_staff_for_ratio",
        ];
        assert_eq!(places, expected);
    }

    /// Records from before the settings were many.
    #[test]
    fn an_office_that_has_not_decided_has_the_defaults() {
        let stored = serde_json::json!({
            "settlement_day": 25, "renewal_grace_days": 15, "telephone": "029-0", "address": "示例路1号",
            "review_target_working_days": 2, "collection_account": office().settings.unwrap().collection_account,
        });
        assert_eq!(serde_json::from_value::<OfficeSettings>(stored).ok(), office().settings);
    }
}
