//! Counts of a roster: what reviewers see as its distribution, and what contributions are reckoned from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Member;
use crate::identity::Sex;
use crate::plan::Occupation;
use crate::receipt::SharesHeld;

/// First age of each band; the last one is open.
const BANDS: [u32; 6] = [0, 20, 30, 40, 50, 60];

/// Distribution of a roster by sex, occupation and age (参保人信息分布).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterSummary {
    /// All members.
    pub members: u32,
    /// Women.
    pub female: u32,
    /// Men.
    pub male: u32,
    /// Members of ordinary occupation.
    pub ordinary: u32,
    /// Members of high-risk occupation.
    pub high_risk: u32,
    /// Members over the plan's age limit.
    pub over_age: u32,
    /// Members still covered by the same plan.
    pub unexpired: u32,
    /// Members by age, youngest first; every band, even an empty one.
    pub age_bands: Vec<AgeBand>,
}

/// Members whose age in whole years lies in a band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeBand {
    /// Youngest age.
    pub from: u32,
    /// Oldest age; none for the last band.
    pub to: Option<u32>,
    /// How many.
    pub members: u32,
}

impl RosterSummary {
    /// Counts members; ages are those on `day`, the first day of cover.
    pub fn of<'a>(members: impl IntoIterator<Item = &'a Member>, day: Date) -> Self {
        let ends = BANDS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
        let age_bands = BANDS.iter().zip(ends).map(|(from, to)| AgeBand { from: *from, to, members: 0 }).collect();
        members.into_iter().fold(Self { age_bands, ..Self::default() }, |mut summary, member| {
            summary.count(member, day);
            summary
        })
    }

    fn count(&mut self, member: &Member, day: Date) {
        self.members += 1;
        match member.id.sex() {
            Sex::Female => self.female += 1,
            Sex::Male => self.male += 1,
        }
        match member.occupation {
            Occupation::Ordinary => self.ordinary += 1,
            Occupation::HighRisk => self.high_risk += 1,
        }
        self.over_age += u32::from(member.over_age);
        self.unexpired += u32::from(member.unexpired);
        let age = member.id.age_on(day);
        if let Some(band) = self.age_bands.iter_mut().rfind(|band| band.from <= age) {
            band.members += 1;
        }
    }
}

/// How many members of each occupation hold how many shares, for contributions and subsidies.
pub fn shares_held<'a>(members: impl IntoIterator<Item = &'a Member>) -> Vec<SharesHeld> {
    let mut groups = BTreeMap::new();
    for member in members {
        *groups.entry((member.occupation, member.shares)).or_insert(0) += 1;
    }
    let held = |((occupation, shares), members)| SharesHeld { occupation, shares, members };
    groups.into_iter().map(held).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;

    use super::*;
    use crate::identity::{PersonName, ResidentId};

    const DAY: Date = date(2025, 1, 1);

    fn member(id: &str, occupation: Occupation, shares: u32, flagged: bool) -> Member {
        Member {
            upload: None,
            row: 2,
            name: PersonName::parse("张三").unwrap(),
            id: ResidentId::parse(id, DAY).unwrap(),
            mobile: None,
            occupation,
            shares,
            over_age: flagged,
            unexpired: flagged,
        }
    }

    fn roster() -> [Member; 4] {
        use Occupation::*;
        [
            member("110101199003071233", Ordinary, 1, false),
            member("370202198511304561", HighRisk, 2, false),
            member("610103197001010025", Ordinary, 1, true),
            member("440306199912319995", Ordinary, 2, false),
        ]
    }

    #[test]
    fn counts_sex_occupation_flags_and_age() {
        let summary = RosterSummary::of(&roster(), DAY);
        assert_eq!((summary.members, summary.female, summary.male), (4, 2, 2));
        assert_eq!((summary.ordinary, summary.high_risk), (3, 1));
        assert_eq!((summary.over_age, summary.unexpired), (1, 1));
        let bands: Vec<_> = summary.age_bands.iter().map(|band| (band.from, band.to, band.members)).collect();
        let expect = [
            (0, Some(19), 0),
            (20, Some(29), 1),
            (30, Some(39), 2),
            (40, Some(49), 0),
            (50, Some(59), 1),
            (60, None, 0),
        ];
        assert_eq!(bands, expect);
    }

    #[test]
    fn groups_by_occupation_and_shares() {
        let held = |occupation, shares, members| SharesHeld { occupation, shares, members };
        let expect =
            [held(Occupation::Ordinary, 1, 2), held(Occupation::Ordinary, 2, 1), held(Occupation::HighRisk, 2, 1)];
        assert_eq!(shares_held(&roster()), expect);
    }
}
