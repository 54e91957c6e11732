//! People who do not exist: valid numbers and names, made from a seed.

use domain::identity::{Mobile, PersonName, ResidentId};
use domain::plan::Occupation;
use domain::roster::Member;
use jiff::ToSpan;
use jiff::civil::{Date, date};

const SURNAMES: [char; 10] = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'];
const GIVEN: [char; 20] = [
    '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '涛', '明', '超', '霞', '平', '刚',
    '英',
];
/// Birth dates: from 1966-03-10 on, 40 years of them, so that everybody is 20 to 60 years old in early 2026.
const BORN_FROM: Date = date(1966, 3, 10);
const BORN_DAYS: u32 = 14_600;
/// Region of the numbers: Qishan county, Baoji.
const REGION: u32 = 610_323;

/// A valid number of a resident born between 1966 and 2006: different seeds below ten million give different numbers;
/// an even seed is a woman's.
pub fn resident_id(seed: u32) -> ResidentId {
    born_on(BORN_FROM + i64::from(seed / 1000 % BORN_DAYS).days(), seed % 1000)
}

/// A valid number of a resident of a day of birth; `order` (below 1000) tells people of one day apart.
pub fn born_on(day: Date, order: u32) -> ResidentId {
    let body = format!("{REGION}{}{:03}", day.strftime("%Y%m%d"), order % 1000);
    "0123456789X"
        .chars()
        .find_map(|check| ResidentId::parse(&format!("{body}{check}"), Date::MAX).ok())
        .expect("one of the eleven check characters fits")
}

/// A name made from a seed; seeds repeat names, as people do.
pub fn person_name(seed: u32) -> PersonName {
    let pick = |from: &[char], at: u32| from[at as usize % from.len()];
    let letters = [pick(&SURNAMES, seed), pick(&GIVEN, seed / 10), pick(&GIVEN, seed / 200)];
    PersonName::parse(&String::from_iter(letters)).expect("three Han characters are a name")
}

/// A mobile number made from a seed; different seeds below a hundred million give different numbers.
pub fn mobile(seed: u32) -> Mobile {
    Mobile::parse(&format!("199{:08}", seed % 100_000_000)).expect("199 and eight digits are a mobile number")
}

/// A member of ordinary occupation with one share, on row `seed + 2` of a file.
pub fn member(seed: u32) -> Member {
    Member {
        upload: None,
        row: seed.saturating_add(2),
        name: person_name(seed),
        id: resident_id(seed),
        mobile: Some(mobile(seed)),
        occupation: Occupation::Ordinary,
        shares: 1,
        over_age: false,
        unexpired: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::identity::Sex;

    use super::*;

    #[test]
    fn people_are_distinct_and_of_working_age() {
        let today = date(2026, 3, 10);
        let people: Vec<ResidentId> = (0..20_000).step_by(7).map(resident_id).collect();
        let distinct: HashSet<_> = people.iter().map(ResidentId::key).collect();
        assert_eq!(distinct.len(), people.len());
        assert!(people.iter().all(|id| (20..=60).contains(&id.age_on(today))));
        assert_eq!((resident_id(2).sex(), resident_id(3).sex()), (Sex::Female, Sex::Male));
        assert_ne!(resident_id(14_599_999).key(), resident_id(14_598_999).key());
    }
}
