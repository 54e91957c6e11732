//! Sample data: a small organisation with its accounts, the catalogue's plans, and people who do not exist.

mod organisation;
mod people;
mod work;

use domain::ids::RestrictionId;
use domain::plan::{Catalogue, PlanVariant};
use domain::restriction::RestrictionSpan;
use jiff::Timestamp;
use jiff::civil::Date;

pub use self::organisation::{Organisation, PASSWORD_HASH, office_settings};
pub use self::people::{born_on, member, mobile, person_name, resident_id};
pub use self::work::{choice, draft, upload, upload_for};

/// The instant sample data is about: Tuesday 2026-03-10, 09:00 in Shanghai, before the settlement day.
pub fn now() -> Timestamp {
    Timestamp::from_second(1_773_104_400).expect("an instant in range")
}

/// The sample catalogue.
pub fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../domain/catalogue/plans.json")).expect("the sample catalogue is valid")
}

/// A plan of the sample catalogue, such as `hospital-a`.
pub fn plan(code: &str) -> PlanVariant {
    let plan = catalogue().plans.into_iter().find(|plan| plan.code == code);
    plan.unwrap_or_else(|| panic!("no plan {code} in the sample catalogue"))
}

/// An entry of headquarters' restricted list, long in force and for good.
pub fn restriction() -> RestrictionSpan {
    let id = RestrictionId::parse("hq-01J8Z7Q0C2N5T4R8K6W3Y1XABC").expect("an identifier");
    RestrictionSpan { id, from: Date::constant(2020, 1, 1), until: None }
}
