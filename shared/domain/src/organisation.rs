//! The organisation tree (总会 → 办事处 → 代办处 → 单位) and the data scope that hangs on it.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::account::first_version;
use crate::ids::{AccountId, NodeId, UnitId};
use crate::money::Fen;
use crate::number::OfficeCode;
use crate::task::Level;
use crate::unit::UnitRecord;

/// Deepest tree: headquarters, office, city agency, county agency, unit.
pub const TREE_DEPTH_MAX: usize = 5;

/// Where a node stands: its ancestors' ids from the root, itself last, `/hq/2602/baoji/`.
///
/// Starts and ends with a slash, so that a prefix of the text is an ancestor and never half a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NodePath(String);

/// The text is not the path of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a node path")]
pub struct NotAPath;

impl NodePath {
    /// The root.
    pub fn root() -> Self {
        Self("/hq/".to_owned())
    }

    /// The path of `child` under this node.
    pub fn child(&self, child: &NodeId) -> Self {
        Self(format!("{}{child}/", self.0))
    }

    /// The path of a unit under this agency.
    pub fn unit(&self, unit: &UnitId) -> Self {
        Self(format!("{}{unit}/", self.0))
    }

    /// Whether `other` is this node or lies below it.
    pub fn covers(&self, other: &NodePath) -> bool {
        other.0.starts_with(&self.0)
    }

    /// This node and every node above it, the root first: at most [`TREE_DEPTH_MAX`].
    pub fn lineage(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').skip(1).map(|(end, _)| &self.0[..=end])
    }

    /// The node above; none of the root.
    pub fn parent(&self) -> Option<Self> {
        let end = self.0.trim_end_matches('/').rfind('/').filter(|end| *end > 0)?;
        Some(Self(self.0[..=end].to_owned()))
    }

    /// The identifier of the node or unit that stands here.
    pub fn last(&self) -> &str {
        self.0.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NodePath {
    type Error = NotAPath;
    fn try_from(text: String) -> Result<Self, NotAPath> {
        let inner = text.strip_prefix('/').and_then(|t| t.strip_suffix('/')).ok_or(NotAPath)?;
        let depth = inner.split('/').try_fold(0, |n, part| NodeId::parse(part).map(|_| n + 1));
        match depth {
            Ok(1..=TREE_DEPTH_MAX) => Ok(Self(text)),
            _ => Err(NotAPath),
        }
    }
}

impl From<NodePath> for String {
    fn from(path: NodePath) -> Self {
        path.0
    }
}

/// What a node of the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// 总会
    Headquarters,
    /// 办事处
    Office,
    /// 代办处, of a city or a county
    Agency,
}

/// A node above the units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Identifier, unique in the tree.
    pub id: NodeId,
    /// What it is.
    pub kind: NodeKind,
    /// Chinese name.
    pub name: String,
    /// Where it stands.
    pub path: NodePath,
    /// Four-digit code of the office this node is or belongs to; headquarters has none.
    pub office_code: Option<OfficeCode>,
    /// Settings, on an office.
    pub settings: Option<OfficeSettings>,
    /// How often it was written; 1 for a new one.
    #[serde(default = "first_version")]
    pub version: u64,
}

/// Whether an enrolment goes on to final review after the second (workflows: organisation tree).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinalReview {
    /// Every one does.
    Always,
    /// None does.
    Never,
    /// The second reviewer says.
    #[default]
    ReviewerDecides,
}

/// How a part of an amount becomes whole fen at the last step (rules: benefits): of a claim's benefit, and of a subsidy that
/// is a percentage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Halves up.
    #[default]
    HalfUp,
    /// Halves to the even neighbour.
    HalfEven,
    /// Down.
    Down,
}

impl Rounding {
    /// `numerator ÷ denominator` as a whole number, exact until this last step. None if the denominator is not above 0, or
    /// beyond the range of 64 bits.
    #[must_use]
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<i64> {
        if denominator <= 0 {
            return None;
        }
        let (whole, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
        // What is missing to the next whole number.
        let missing = denominator - rest;
        let up = match self {
            Self::HalfUp => rest >= missing,
            Self::HalfEven => rest > missing || (rest == missing && whole.rem_euclid(2) == 1),
            Self::Down => false,
        };
        i64::try_from(whole.checked_add(i128::from(up))?).ok()
    }
}

/// What an office decides for itself (workflows: organisation tree).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeSettings {
    /// Last day of the month on which confirmed money gets its receipt at once.
    pub settlement_day: i8,
    /// Days after the old end within which a renewal keeps continuous cover.
    pub renewal_grace_days: u32,
    /// Where units send their contributions.
    pub collection_account: CollectionAccount,
    /// Contact telephone printed on notices and in messages.
    pub telephone: String,
    /// Postal address.
    pub address: String,
    /// Working days within which a task should be done, where its level has no target of its own.
    pub review_target_working_days: u8,
    /// Working days of levels that have a target of their own (工作池: targets are settings).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub level_targets: BTreeMap<Level, u8>,
    /// Whether an enrolment goes on to final review.
    #[serde(default)]
    pub final_enrolment_review: FinalReview,
    /// From this benefit on, itself included, a claim goes to final review. Read by the second review of claims, when there
    /// are any: nothing of an enrolment follows from it.
    #[serde(default = "final_claim_review_threshold")]
    pub final_claim_review_threshold: Fen,
    /// A unit with fewer staff than this takes part as a whole; none leaves it to the plan. Read by the self-check.
    #[serde(default)]
    pub min_staff_for_ratio: Option<u32>,
    /// How a part of an amount is rounded. Read when subsidies are reckoned.
    #[serde(default)]
    pub rounding: Rounding,
    /// Whether the member list of a certificate shows ID numbers masked.
    #[serde(default = "yes")]
    pub mask_certificate_ids: bool,
    /// Whether a roster must give every member's mobile number. Read when rows are imported or corrected.
    #[serde(default)]
    pub phone_required: bool,
}

/// 2,000.00 yuan.
fn final_claim_review_threshold() -> Fen {
    Fen::new(200_000)
}

fn yes() -> bool {
    true
}

/// The bank account contributions are paid into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionAccount {
    /// 户名
    pub name: String,
    /// 开户行
    pub bank: String,
    /// 账号
    pub account_number: String,
    /// 联行号
    pub branch_code: String,
}

impl OfficeSettings {
    /// The settings of an office that has decided nothing yet.
    pub fn new(collection_account: CollectionAccount, telephone: String, address: String) -> Self {
        Self {
            settlement_day: 25,
            renewal_grace_days: 15,
            collection_account,
            telephone,
            address,
            review_target_working_days: 2,
            level_targets: BTreeMap::new(),
            final_enrolment_review: FinalReview::default(),
            final_claim_review_threshold: final_claim_review_threshold(),
            min_staff_for_ratio: None,
            rounding: Rounding::default(),
            mask_certificate_ids: true,
            phone_required: false,
        }
    }

    /// The day on which receipts of money confirmed on `confirmed` are issued: the same day up to and including the
    /// settlement day, otherwise the 1st of the next month (rules: settlement day).
    pub fn receipts_issued_on(&self, confirmed: Date) -> Date {
        if confirmed.day() <= self.settlement_day {
            return confirmed;
        }
        confirmed.last_of_month().tomorrow().unwrap_or(confirmed)
    }

    /// Working days within which a task of a level should be done.
    pub fn target_working_days(&self, level: Level) -> u8 {
        self.level_targets.get(&level).copied().unwrap_or(self.review_target_working_days)
    }

    /// When a task that enters its level's pool on `day` becomes overdue: with the end, in Asia/Shanghai, of its last working day.
    /// Saturdays and Sundays are no working days; public holidays are not known here.
    pub fn review_due(&self, level: Level, day: Date) -> Timestamp {
        let works = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let days = day.series(1.day()).skip(1).filter(works);
        let last = days.take(usize::from(self.target_working_days(level))).last().unwrap_or(day);
        let end = last.tomorrow().unwrap_or(last).to_zoned(TimeZone::fixed(tz::offset(8)));
        end.map_or(Timestamp::MAX, |end| end.timestamp())
    }

    /// The settlement day that follows `day`, itself included; in a shorter month its last day.
    pub fn next_settlement_day(&self, day: Date) -> Date {
        let in_month_of = |day: Date| {
            let last = day.last_of_month();
            last.with().day(self.settlement_day.clamp(1, last.day())).build().unwrap_or(last)
        };
        let next_month = || day.last_of_month().tomorrow().map_or(day, in_month_of);
        Some(in_month_of(day)).filter(|settlement| *settlement >= day).unwrap_or_else(next_month)
    }
}

/// A member unit (参保单位) as far as enrolments need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Identifier.
    pub id: UnitId,
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码
    pub code: String,
    /// 工会名称
    pub union_name: String,
    /// 地址
    pub address: String,
    /// Where the unit stands.
    pub path: NodePath,
    /// Four-digit code of its office.
    pub office_code: OfficeCode,
    /// Account of the contact (经办人).
    pub handler: AccountId,
    /// Whether it may open enrolments.
    pub active: bool,
    /// On the restricted list for enrolment.
    pub restricted: bool,
    /// Goes up by one with every change.
    #[serde(default)]
    pub version: u64,
    /// 涉密单位: lists outside its agency show its name masked.
    #[serde(default)]
    pub classified: bool,
    /// The unit that goes on with what was this one's; this one stays readable and does nothing any more.
    #[serde(default)]
    pub merged_into: Option<UnitId>,
    /// While enrolments are brought over from it, or to it: it takes part in no other merger meanwhile.
    #[serde(default)]
    pub moving: bool,
    /// What else is on record.
    #[serde(default)]
    pub record: UnitRecord,
}

impl Unit {
    /// The path of the agency it belongs to.
    pub fn agency(&self) -> &str {
        owning_agency(&self.path)
    }

    /// The path of the office it belongs to.
    pub fn office(&self) -> &str {
        self.path.lineage().nth(1).unwrap_or("/")
    }

    /// Whether lists mask its name for somebody who sits at `reader`: a classified unit's, outside its agency.
    pub fn is_masked_for(&self, reader: &NodePath) -> bool {
        self.classified && !reader.as_str().starts_with(self.agency())
    }

    /// The name as a list shows it to somebody who sits at `reader`.
    pub fn name_for(&self, reader: &NodePath) -> String {
        if self.is_masked_for(reader) { Self::masked_name(&self.name) } else { self.name.clone() }
    }

    /// The name as strangers see it: first two and last two characters.
    pub fn masked_name(name: &str) -> String {
        let characters: Vec<char> = name.chars().collect();
        let shown = if characters.len() > 5 { 2 } else { 1 };
        let hidden = characters.len().saturating_sub(2 * shown);
        let place = |(i, c): (usize, &char)| if i < shown || i >= shown + hidden { *c } else { '*' };
        characters.iter().enumerate().map(place).collect()
    }
}

/// The path of the agency above a unit's path.
fn owning_agency(unit: &NodePath) -> &str {
    let inner = unit.0.trim_end_matches('/');
    inner.rfind('/').map_or("/", |end| &inner[..=end])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;

    use super::*;

    fn path(text: &str) -> NodePath {
        NodePath::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_scope_covers_its_subtree_and_nothing_beside_it() {
        let baoji = path("/hq/2602/baoji/");
        assert!(baoji.covers(&baoji));
        assert!(baoji.covers(&path("/hq/2602/baoji/qishan/")));
        assert!(!baoji.covers(&path("/hq/2602/")), "a parent");
        assert!(!baoji.covers(&path("/hq/2602/baoji2/")), "a sibling with a longer name");
        assert!(!baoji.covers(&path("/hq/1600/baoji/")), "another office");
    }

    #[test]
    fn lineage_goes_from_the_root_to_the_node() {
        let all: Vec<_> = path("/hq/2602/baoji/").lineage().map(str::to_owned).collect();
        assert_eq!(all, ["/hq/", "/hq/2602/", "/hq/2602/baoji/"]);
    }

    #[test]
    fn a_path_tells_what_stands_there_and_what_is_above() {
        let baoji = path("/hq/2602/baoji/");
        assert_eq!((baoji.last(), baoji.parent()), ("baoji", Some(path("/hq/2602/"))));
        assert_eq!((path("/hq/").last(), path("/hq/").parent()), ("hq", None));
    }

    #[test]
    fn strangers_see_the_ends_of_a_name() {
        for (name, masked) in [("岐山县第一机械厂", "岐山****械厂"), ("一机厂", "一*厂"), ("厂", "厂"), ("", "")]
        {
            assert_eq!(Unit::masked_name(name), masked);
        }
    }

    #[test]
    fn only_slash_separated_ids_are_paths() {
        for bad in ["", "/", "//", "hq", "/hq", "/hq//x/", "/a/b/c/d/e/f/", "/h q/"] {
            assert_eq!(NodePath::try_from(bad.to_owned()), Err(NotAPath), "{bad:?}");
        }
    }

    /// Rules, benefits: 0.01 × 50 % is 0.005.
    #[test]
    fn a_half_goes_up_to_the_even_or_down() {
        let check = |numerator: i128, expected: [i64; 3]| {
            let found = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down].map(|mode| mode.divide(numerator, 10));
            assert_eq!(found, expected.map(Some), "{numerator}/10");
        };
        check(0, [0, 0, 0]);
        check(5, [1, 0, 0]);
        check(15, [2, 2, 1]);
        check(25, [3, 2, 2]);
        check(24, [2, 2, 2]);
        check(26, [3, 3, 2]);
        assert_eq!(Rounding::HalfUp.divide(1, 0), None);
        assert_eq!(Rounding::HalfUp.divide(i128::MAX, 1), None);
    }

    #[test]
    fn receipts_wait_for_the_first_after_the_settlement_day() {
        let account = CollectionAccount {
            name: String::new(),
            bank: String::new(),
            account_number: String::new(),
            branch_code: String::new(),
        };
        let settings = OfficeSettings::new(account, String::new(), String::new());
        let check = |confirmed, issued| assert_eq!(settings.receipts_issued_on(confirmed), issued);
        check(date(2026, 11, 25), date(2026, 11, 25));
        check(date(2026, 11, 26), date(2026, 12, 1));
        check(date(2026, 12, 31), date(2027, 1, 1));
        // A Friday: Monday and Tuesday are left.
        assert_eq!(settings.review_due(Level::Archive, date(2026, 11, 20)).to_string(), "2026-11-24T16:00:00Z");
        assert_eq!(settings.review_due(Level::Archive, date(2026, 11, 23)).to_string(), "2026-11-25T16:00:00Z");
        let settings = OfficeSettings { level_targets: [(Level::Payment, 1)].into(), ..settings };
        assert_eq!(settings.review_due(Level::Payment, date(2026, 11, 20)).to_string(), "2026-11-23T16:00:00Z");
        assert_eq!(settings.review_due(Level::Archive, date(2026, 11, 20)).to_string(), "2026-11-24T16:00:00Z");
        let check = |from, settled| assert_eq!(settings.next_settlement_day(from), settled);
        check(date(2026, 11, 25), date(2026, 11, 25));
        check(date(2026, 12, 26), date(2027, 1, 25));
        let at_the_end = OfficeSettings { settlement_day: 31, ..settings.clone() };
        assert_eq!(at_the_end.next_settlement_day(date(2027, 2, 10)), date(2027, 2, 28));
    }
}
