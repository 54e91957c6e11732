//! The merger of two units (单位合并): one survives, the other stays readable and does nothing any more. And the handing over of
//! a unit to another agency (归属变更), after which what it holds has to follow as well.

use serde::{Deserialize, Serialize};

use super::{CONTACTS_MAX, Contact};
use crate::ids::{AccountId, EnrolmentId, MessageId, UnitId};
use crate::message::{Message, Outgoing};
use crate::organisation::{NodePath, Unit};
use crate::refusal::{Problem, Refusal};

/// Two units as a merger leaves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The one that stays readable: closed, its contacts disabled, pointing to the survivor.
    pub merged: Unit,
    /// The survivor, with the contacts that come along.
    pub survivor: Unit,
}

/// Everything that stands in the way of merging `merged` into `survivor`; `open` says how many open enrolments each has.
///
/// The specification names the open enrolments. Two offices' books and collection accounts are their own, so that nothing
/// moves from one office to another; and a unit takes part in one merger at a time.
#[must_use]
pub fn merger_obstacles(merged: &Unit, survivor: &Unit, open: (u32, u32)) -> Vec<Refusal> {
    let mut found = Vec::new();
    if merged.id == survivor.id {
        return vec![Refusal::conflict("UNIT_SAME", "不能将单位合并到其自身")];
    }
    for unit in [merged, survivor] {
        if unit.merged_into.is_some() {
            found.push(Refusal::conflict("UNIT_MERGED", format!("“{}”已合并到其他单位", unit.name)));
        } else if unit.moving {
            found.push(still_moving(unit));
        }
    }
    if merged.office() != survivor.office() {
        found.push(Refusal::conflict("UNITS_OF_TWO_OFFICES", "两个单位不属于同一办事处，不能合并"));
    }
    if !survivor.active && survivor.merged_into.is_none() {
        found.push(Refusal::conflict("UNIT_INACTIVE", format!("存续单位“{}”已停用，不能合并", survivor.name)));
    }
    for (unit, open) in [(merged, open.0), (survivor, open.1)] {
        found.extend(has_open(unit, open));
    }
    found
}

fn still_moving(unit: &Unit) -> Refusal {
    Refusal::conflict("UNIT_MOVING", format!("“{}”的参保单尚在移交，请稍后再试", unit.name))
}

fn has_open(unit: &Unit, open: u32) -> Option<Refusal> {
    let text = || format!("“{}”有{open}张未完毕的参保单，请先办结或撤销", unit.name);
    (open > 0).then(|| Refusal::conflict("UNIT_HAS_OPEN_ENROLMENT", text()))
}

/// Hands a unit over to the agency at a path; `open` says how many open enrolments the unit has.
///
/// # Errors
/// It is there already, the agency belongs to another office, an enrolment is open, or what the unit held is still on its
/// way from its last place.
pub fn hand_over(unit: &Unit, agency: &NodePath, open: u32) -> Result<Unit, Refusal> {
    if unit.moving {
        return Err(still_moving(unit));
    }
    if let Some(refusal) = has_open(unit, open) {
        return Err(refusal);
    }
    if unit.agency() == agency.as_str() {
        return Err(Refusal::conflict("AGENCY_SAME", "该单位已属于该代办处"));
    }
    if agency.lineage().nth(1) != Some(unit.office()) {
        return Err(Refusal::conflict("AGENCY_OF_ANOTHER_OFFICE", "该代办处属于其他办事处，不能变更归属"));
    }
    let version = unit.version.saturating_add(1);
    Ok(Unit { path: agency.unit(&unit.id), moving: true, version, ..unit.clone() })
}

/// Merges `merged` into `survivor`, whose contacts those of `kept` become; the others are disabled. What warns of a unit goes
/// on to warn of the survivor: 涉密单位, and the restriction for enrolment.
///
/// # Errors
/// A contact that is none, that the survivor has no room for, or whose number a contact of the survivor has.
pub fn merge(merged: &Unit, survivor: &Unit, kept: &[AccountId]) -> Result<Merged, Refusal> {
    let mut after = survivor.clone();
    let mut problems = Vec::new();
    for (i, account) in kept.iter().enumerate() {
        let at = format!("/contacts/{i}");
        let valid = |contact: &&Contact| contact.account == *account && contact.active;
        let Some(contact) = merged.record.contacts.iter().find(valid) else {
            problems.push(Problem::new(at, "CONTACT_UNKNOWN", "不是被合并单位的有效联系人"));
            continue;
        };
        let number = &contact.contact.mobile_index;
        if after.record.contacts.iter().any(|other| other.active && other.contact.mobile_index == *number) {
            problems.push(Problem::new(at, "CONTACT_EXISTS", "该联系人的手机号码已是存续单位一位联系人的号码"));
        } else if after.record.contacts.len() >= CONTACTS_MAX {
            problems.push(Problem::new(at, "TOO_MANY_CONTACTS", format!("一个单位最多{CONTACTS_MAX}位联系人")));
        } else {
            after.record.contacts.push(contact.clone());
        }
    }
    Refusal::unless_none(problems)?;
    after.classified |= merged.classified;
    after.restricted |= merged.restricted;
    after.moving = true;
    after.version = survivor.version.saturating_add(1);
    let mut before = merged.clone();
    for contact in &mut before.record.contacts {
        contact.active = false;
    }
    before.active = false;
    before.merged_into = Some(survivor.id.clone());
    before.moving = true;
    before.version = merged.version.saturating_add(1);
    Ok(Merged { merged: before, survivor: after })
}

/// How far what a unit held has been brought over, to the unit it was merged into or to its new place: what the next message
/// does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitMove {
    /// The unit that was merged or handed over.
    pub unit: UnitId,
    /// Its version after that, which names all messages of it.
    pub version: u64,
    /// Where it stood.
    pub left: NodePath,
    /// Messages before this one.
    pub step: usize,
    /// Whether this is the second look, the day after: an index that was behind has caught up by then.
    pub again: bool,
    /// The enrolment to bring over; none before the first.
    pub enrolment: Option<EnrolmentId>,
    /// First of its members whose cover is still to be brought over, counted from 0 over all plans.
    pub from: usize,
    /// Enrolments brought over by the messages before this one.
    pub moved: u32,
}

impl UnitMove {
    /// The first message, for a unit as it is now; it stood at `left`.
    #[must_use]
    pub fn begin(unit: &Unit, left: NodePath) -> Self {
        let (unit, version) = (unit.id.clone(), unit.version);
        Self { unit, version, left, step: 0, again: false, enrolment: None, from: 0, moved: 0 }
    }

    /// Goes on with members of the same enrolment.
    #[must_use]
    pub fn members(&self, from: usize) -> Self {
        Self { from, step: self.step + 1, ..self.clone() }
    }

    /// Goes on with the next enrolment.
    #[must_use]
    pub fn next(&self, enrolment: EnrolmentId) -> Self {
        Self { enrolment: Some(enrolment), from: 0, step: self.step + 1, moved: self.done(), ..self.clone() }
    }

    /// Looks again.
    #[must_use]
    pub fn look_again(&self) -> Self {
        Self { again: true, enrolment: None, from: 0, step: self.step + 1, moved: 0, ..self.clone() }
    }

    /// Enrolments brought over once this message's one is.
    #[must_use]
    pub fn done(&self) -> u32 {
        self.moved.saturating_add(u32::from(self.enrolment.is_some()))
    }

    /// The message; the same step always has the same identity.
    #[must_use]
    pub fn outgoing(self) -> Outgoing {
        Outgoing { id: MessageId::of(self.unit.as_str(), self.version, self.step), message: Message::MoveUnit(self) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::number::OfficeCode;
    use crate::unit::{SealedContact, UnitRecord};

    fn contact(account: &str, mobile: &str) -> Contact {
        let text = |text: &str| text.to_owned();
        let contact = SealedContact {
            name: text("李四"),
            position: String::new(),
            masked_mobile: text("138****5678"),
            name_index: text("n"),
            mobile_index: text(mobile),
            sealed: String::new(),
        };
        Contact { account: AccountId::parse(account).unwrap(), contact, active: true }
    }

    fn unit(id: &str, path: &str, contacts: Vec<Contact>) -> Unit {
        Unit {
            id: UnitId::parse(id).unwrap(),
            name: format!("单位{id}"),
            code: id.to_owned(),
            union_name: String::new(),
            address: String::new(),
            path: NodePath::try_from(format!("{path}{id}/")).unwrap(),
            office_code: OfficeCode::parse("2602").unwrap(),
            handler: AccountId::parse("handler").unwrap(),
            active: true,
            restricted: false,
            version: 4,
            classified: false,
            merged_into: None,
            moving: false,
            record: UnitRecord { contacts, ..UnitRecord::default() },
        }
    }

    fn codes(merged: &Unit, survivor: &Unit, open: (u32, u32)) -> Vec<&'static str> {
        merger_obstacles(merged, survivor, open).into_iter().map(|refusal| refusal.code).collect()
    }

    #[test]
    fn everything_in_the_way_is_told() {
        let (a, b) = (unit("a", "/hq/2602/baoji/", vec![]), unit("b", "/hq/2602/xian/", vec![]));
        assert!(codes(&a, &b, (0, 0)).is_empty(), "another agency of the same office");
        assert_eq!(codes(&a, &a, (1, 1)), ["UNIT_SAME"]);
        assert_eq!(codes(&a, &b, (1, 0)), ["UNIT_HAS_OPEN_ENROLMENT"]);
        assert_eq!(codes(&a, &b, (1, 2)), ["UNIT_HAS_OPEN_ENROLMENT"; 2]);
        let merged = Unit { merged_into: Some(b.id.clone()), active: false, ..a.clone() };
        assert_eq!(codes(&merged, &b, (0, 0)), ["UNIT_MERGED"]);
        assert_eq!(codes(&b, &merged, (0, 0)), ["UNIT_MERGED"]);
        assert_eq!(codes(&Unit { moving: true, ..a.clone() }, &b, (0, 0)), ["UNIT_MOVING"]);
        let closed = |unit: &Unit| Unit { active: false, ..unit.clone() };
        assert_eq!(codes(&a, &closed(&b), (0, 0)), ["UNIT_INACTIVE"]);
        assert!(codes(&closed(&a), &b, (0, 0)).is_empty(), "a closed unit may be merged");
        let elsewhere = unit("c", "/hq/1600/xian/", vec![]);
        assert_eq!(codes(&a, &elsewhere, (0, 0)), ["UNITS_OF_TWO_OFFICES"]);
    }

    #[test]
    fn one_goes_on_and_the_other_points_to_it() {
        let path = "/hq/2602/baoji/";
        let merged = unit("a", path, vec![contact("a1", "1"), contact("a2", "2")]);
        let merged = Unit { classified: true, restricted: true, ..merged };
        let survivor = unit("b", path, vec![contact("b1", "3")]);
        let kept = [AccountId::parse("a2").unwrap()];
        let after = merge(&merged, &survivor, &kept).unwrap();
        let accounts: Vec<_> = after.survivor.record.contacts.iter().map(|c| c.account.as_str()).collect();
        assert_eq!(accounts, ["b1", "a2"]);
        assert!(after.survivor.record.contacts.iter().all(|contact| contact.active));
        assert!(after.survivor.classified && after.survivor.restricted && after.survivor.active);
        assert!(!after.merged.active && after.merged.record.contacts.iter().all(|contact| !contact.active));
        assert_eq!(after.merged.merged_into.as_ref(), Some(&survivor.id));
        assert_eq!((after.merged.version, after.survivor.version), (5, 5));
        assert!(after.merged.moving && after.survivor.moving);
    }

    #[test]
    fn contacts_come_along_where_they_fit() {
        let path = "/hq/2602/baoji/";
        let full: Vec<_> = (1..CONTACTS_MAX).map(|i| contact(&format!("b{i}"), &format!("b{i}"))).collect();
        let survivor = unit("b", path, full);
        let merged = unit("a", path, vec![contact("a1", "b1"), contact("a2", "2"), contact("a3", "3")]);
        let kept = ["a1", "a9", "a2", "a3"].map(|id| AccountId::parse(id).unwrap());
        let problems = merge(&merged, &survivor, &kept).unwrap_err().problems;
        let told: Vec<_> = problems.iter().map(|p| (p.at.as_str(), p.code.as_str())).collect();
        let expected = [
            ("/contacts/0", "CONTACT_EXISTS"),
            ("/contacts/1", "CONTACT_UNKNOWN"),
            ("/contacts/3", "TOO_MANY_CONTACTS"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_unit_is_handed_over_within_its_office() {
        let unit = unit("a", "/hq/2602/baoji/qishan/", vec![]);
        let agency = |text: &str| NodePath::try_from(text.to_owned()).unwrap();
        let after = hand_over(&unit, &agency("/hq/2602/baoji/"), 0).unwrap();
        assert_eq!((after.path.as_str(), after.moving, after.version), ("/hq/2602/baoji/a/", true, 5));
        let refused = |unit: &Unit, to: &str, open| hand_over(unit, &agency(to), open).unwrap_err().code;
        assert_eq!(refused(&unit, "/hq/2602/baoji/qishan/", 0), "AGENCY_SAME");
        assert_eq!(refused(&unit, "/hq/1600/xinxiang/", 0), "AGENCY_OF_ANOTHER_OFFICE");
        assert_eq!(refused(&unit, "/hq/2602/baoji/", 1), "UNIT_HAS_OPEN_ENROLMENT");
        assert_eq!(refused(&after, "/hq/2602/baoji/qishan/", 0), "UNIT_MOVING");
    }

    #[test]
    fn every_step_of_a_move_has_a_name_of_its_own() {
        let enrolment = |id: &str| EnrolmentId::parse(id).unwrap();
        let unit = unit("a", "/hq/2602/", vec![]);
        let first = UnitMove::begin(&unit, unit.path.clone());
        let second = first.next(enrolment("E1"));
        let third = second.members(2000);
        let fourth = third.next(enrolment("E2"));
        let again = fourth.look_again();
        assert_eq!((first.done(), second.moved, third.moved, fourth.moved, fourth.done()), (0, 0, 0, 1, 2));
        assert_eq!((third.from, fourth.from, again.enrolment.clone()), (2000, 0, None));
        let ids: Vec<_> = [first, second, third, fourth, again].map(|m| m.outgoing().id.to_string()).into();
        assert_eq!(ids, ["a-v4-0", "a-v4-1", "a-v4-2", "a-v4-3", "a-v4-4"]);
    }
}
