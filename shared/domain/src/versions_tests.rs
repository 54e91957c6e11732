#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note(String, u32);

impl Versioned for Note {
    fn version(&self) -> &str {
        &self.0
    }
}

const TODAY: Date = date(2026, 3, 10);

fn note(version: &str) -> Note {
    Note(version.to_owned(), 0)
}

/// 2025 in effect since the first of that year, and the draft 2026.
fn versions() -> Versions<Note> {
    let mut versions = Versions::default();
    versions.install(note("2025"), date(2025, 1, 1)).unwrap();
    versions.begin(note("2026")).unwrap();
    versions
}

fn standings(versions: &Versions<Note>, day: Date) -> Vec<Standing> {
    versions.iter().map(|edition| edition.standing(day)).collect()
}

#[test]
fn a_draft_takes_the_place_of_what_is_in_effect() {
    use Standing::*;
    let mut versions = versions();
    assert_eq!(standings(&versions, TODAY), [InEffect, Draft]);
    let from = date(2026, 4, 1);
    versions.publish("2026", from, TODAY).unwrap();
    assert_eq!(standings(&versions, TODAY), [InEffect, Scheduled]);
    assert_eq!(standings(&versions, from), [Superseded, InEffect]);
    assert_eq!(versions.on(from.yesterday().unwrap()), Some(&note("2025")));
    assert_eq!(versions.on(from), Some(&note("2026")));
    assert_eq!(versions.on(date(2024, 12, 31)), None);
    let json = serde_json::to_string(&versions).unwrap();
    assert_eq!(serde_json::from_str::<Versions<Note>>(&json).unwrap(), versions);
}

#[test]
fn a_version_takes_the_place_of_the_one_published_before_it() {
    let mut versions = versions();
    assert_eq!(versions.before("2026"), Some(&note("2025")), "of a draft, the last one");
    versions.begin(note("2027")).unwrap();
    versions.publish("2027", date(2026, 4, 1), TODAY).unwrap();
    assert_eq!(versions.before("2026"), Some(&note("2027")), "what is published but not in effect yet comes before it");
    assert_eq!(versions.before("2027"), Some(&note("2025")));
    assert_eq!((versions.before("2025"), versions.before("none")), (None, None));
}

#[test]
fn what_is_scheduled_can_be_recalled() {
    let mut versions = versions();
    let before = versions.clone();
    versions.publish("2026", date(2026, 4, 1), TODAY).unwrap();
    assert_eq!(versions.recall("2026", date(2026, 4, 1)).unwrap_err().code, "NOT_SCHEDULED");
    versions.recall("2026", TODAY).unwrap();
    assert_eq!(versions, before);
    assert_eq!(versions.recall("2026", TODAY).unwrap_err().code, "NOT_SCHEDULED");
    versions.publish("2026", TODAY, TODAY).unwrap();
    assert_eq!(versions.recall("2026", TODAY).unwrap_err().code, "NOT_SCHEDULED");
}

#[test]
fn only_drafts_are_edited_and_discarded() {
    let mut versions = versions();
    assert_eq!(versions.edit("2025", note("2025")).unwrap_err().code, "NOT_A_DRAFT");
    assert_eq!(versions.discard("2025").unwrap_err().code, "NOT_A_DRAFT");
    assert_eq!(versions.discard("2027").unwrap_err().code, "NO_SUCH_VERSION");
    assert_eq!(versions.edit("2026", note("2027")).unwrap_err().problems[0].code, "VERSION_FIXED");
    assert_eq!(versions.edit("2026", Note("2026".into(), 7)).unwrap(), note("2026"));
    assert_eq!(versions.discard("2026").unwrap(), Note("2026".into(), 7));
    assert_eq!(versions.begin(note("2025")).unwrap_err().problems[0].code, "VERSION_TAKEN");
    for n in 1..VERSIONS_MAX {
        versions.begin(note(&format!("d{n}"))).unwrap();
    }
    assert_eq!(versions.begin(note("one-more")).unwrap_err().code, "TOO_MANY_VERSIONS");
}

#[test]
fn a_version_begins_today_or_later_and_after_those_before_it() {
    let mut versions = versions();
    let refused = |versions: &mut Versions<Note>, from| {
        versions.publish("2026", from, TODAY).unwrap_err().problems[0].code.clone()
    };
    assert_eq!(refused(&mut versions, TODAY.yesterday().unwrap()), "EFFECTIVE_DATE_PAST");
    versions.begin(note("2027")).unwrap();
    versions.publish("2027", date(2026, 5, 1), TODAY).unwrap();
    assert_eq!(refused(&mut versions, date(2026, 5, 1)), "VERSIONS_OVERLAP");
    assert_eq!(refused(&mut versions, date(2026, 4, 1)), "VERSIONS_OVERLAP");
    assert_eq!(versions.recall("2025", date(2024, 1, 1)).unwrap_err().code, "NOT_SCHEDULED", "another follows");
}

proptest! {
    /// Whatever is published, recalled and discarded in whatever order: one version at most is in effect on any day, and
    /// from the first day on there is always one.
    #[test]
    fn versions_never_overlap_nor_leave_a_gap(acts in prop::collection::vec((0..4_u8, 0..6_u8, 0..400_i32), 1..40)) {
        let mut versions: Versions<Note> = Versions::default();
        for (act, name, days) in acts {
            let (name, day) = (format!("v{name}"), TODAY + days.days());
            let _ = match act {
                0 => versions.begin(note(&name)),
                1 => versions.publish(&name, day, TODAY),
                2 => versions.recall(&name, TODAY + (days % 3).days()),
                _ => versions.discard(&name).map(drop),
            };
        }
        let first = versions.first_day();
        for day in (0..420).map(|n| TODAY + n.days()) {
            let in_effect = versions.iter().filter(|edition| edition.standing(day) == Standing::InEffect).count();
            prop_assert_eq!(in_effect, usize::from(first.is_some_and(|first| first <= day)), "{}", day);
        }
    }
}
