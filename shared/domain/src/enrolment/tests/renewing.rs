//! Renewals: when, of what, and when cover begins.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::journey::*;
use super::*;
use crate::organisation::{NodePath, Unit};
use crate::unit::UnitRecord;

fn unit() -> Unit {
    Unit {
        id: UnitId::parse("u1").unwrap(),
        name: "岐山县第一机械厂".into(),
        code: "12370200MB12345671".into(),
        union_name: "岐山县第一机械厂工会".into(),
        address: "岐山县人民路1号".into(),
        path: NodePath::try_from("/hq/2602/baoji/qishan/u1/".to_owned()).unwrap(),
        office_code: OfficeCode::parse("2602").unwrap(),
        handler: AccountId::parse("unit-handler").unwrap(),
        active: true,
        restricted: false,
        version: 1,
        classified: false,
        merged_into: None,
        moving: false,
        record: UnitRecord::default(),
    }
}

/// A paid enrolment whose cover ends on 2027-03-31.
fn old() -> Journey {
    let mut j = Journey::to(State::Completed);
    j.ends_on(date(2027, 3, 31));
    j
}

fn renewal(old: &Enrolment, published: &[PlanVariant], today: Date) -> Result<Enrolment, Refusal> {
    let unit = unit();
    let new = NewEnrolment {
        id: EnrolmentId::parse("E2").unwrap(),
        application_number: "A26022027020110000002".into(),
        unit: &unit,
        office: NodeId::parse("2602").unwrap(),
        now: "2027-02-01T02:00:00Z".parse().unwrap(),
    };
    renew(new, old, published, (today, 15), &actor(Role::UnitHandler))
}

#[test]
fn plans_shares_and_headcounts_are_copied_and_rosters_are_on_their_way() {
    let mut j = old();
    j.e.lines[0].unnamed_ordinary = 3;
    let newer = PlanVariant { version: "2027".into(), max_shares: 1, ..plan("women-25") };
    let new = renewal(&j.e, &[plan("women-25"), newer, plan("hospital-a")], date(2027, 2, 1)).unwrap();
    let line = &new.lines[0];
    assert_eq!(
        (new.lines.len(), line.plan.version.as_str(), line.shares),
        (1, "2027", 1),
        "no more than is allowed now"
    );
    assert_eq!((line.unnamed_ordinary, line.roster.as_ref(), new.staff), (3, None, Some(20)));
    assert_eq!(new.batches[0].upload.as_str(), "E2-r0");
    assert_eq!(
        (new.batches[0].plans.as_slice(), new.batches[0].outcome.as_ref()),
        (&["women-25".to_owned()][..], None)
    );
    let renews = new.renews.as_ref().unwrap();
    assert_eq!((&renews.of, &renews.application_number), (&j.e.id, &j.e.application_number));
    assert_eq!(new.old_end("women-25"), Some(date(2027, 3, 31)));
    assert_eq!(new.payment, None, "nothing of the old course");
}

#[test]
fn it_opens_sixty_days_before_the_end_and_once() {
    let mut j = old();
    let published = [plan("women-25")];
    let code = |e: &Enrolment, today| renewal(e, &published, today).map(drop).map_err(|refusal| refusal.code);
    assert_eq!(code(&j.e, date(2027, 1, 29)), Err("RENEWAL_TOO_EARLY"));
    assert_eq!(code(&j.e, date(2027, 1, 30)), Ok(()));
    assert_eq!(code(&j.e, date(2028, 1, 30)), Ok(()), "late: the waiting period begins anew");
    assert_eq!(code(&Journey::to(State::AwaitingPayment).e, date(2027, 2, 1)), Err("RENEWAL_NOT_PAID"));
    assert_eq!(renewal(&j.e, &[plan("hospital-a")], date(2027, 2, 1)).unwrap_err().code, "PLANS_WITHDRAWN");

    j.ends_on(date(2026, 12, 31)).by(Role::UnitHandler, renew_by("E2"));
    assert_eq!(code(&j.e, date(2026, 12, 1)), Err("RENEWED"));
    assert_eq!(j.attempt(Some(&actor(Role::Registrar)), renew_by("E3")).unwrap_err().code, "RENEWED");
    let other = Command::FreeRenewed { by: EnrolmentId::parse("E3").unwrap() };
    assert_eq!(j.attempt(None, other).unwrap_err().code, "ALREADY_RECORDED");
    j.act(None, Command::FreeRenewed { by: EnrolmentId::parse("E2").unwrap() });
    assert!(j.e.awaits_renewal());
}

#[test]
fn withdrawing_a_renewal_frees_what_it_renews() {
    let mut j = Journey::to(State::Drafting);
    let renews = renewal(&old().e, &[plan("women-25")], date(2027, 2, 1)).unwrap().renews;
    j.e.renews = renews;
    j.by(Role::UnitHandler, withdraw());
    let of = EnrolmentId::parse("E1").unwrap();
    let freed = Message::FreeRenewed { enrolment: of, by: j.e.id.clone() };
    assert_eq!(j.effects.last().unwrap().messages[0].message, freed);
}

/// Pays a renewal of cover that ended on a day; answers the first day of the new cover.
fn paid_on(old_end: Date, today: Date, designated: Option<Date>) -> Date {
    let mut j = Journey::to(State::AwaitingPayment);
    j.e.renews = Some(Renewal {
        of: EnrolmentId::parse("E0").unwrap(),
        application_number: String::new(),
        ends: vec![("women-25".into(), old_end)],
        grace_days: 15,
    });
    j.e.designated_start = designated;
    j.acquire(Role::Finance);
    let (office, by) = (office(), actor(Role::Finance));
    let task = j.e.task.as_ref().and_then(|id| j.tasks.get(id));
    let context = Context { actor: Some(&by), now: j.now, today, office: &office, task };
    let paid = decide(&j.e, confirm(), &context).unwrap().enrolment;
    assert_eq!(paid.periods[0].1.start(), j.e.first_day("women-25", today), "as was expected");
    paid.periods[0].1.start()
}

#[test]
fn cover_continues_within_the_grace_period_and_begins_anew_after_it() {
    let end = date(2027, 3, 31);
    assert_eq!(paid_on(end, date(2027, 3, 1), None), date(2027, 4, 1), "paid before the end");
    assert_eq!(paid_on(end, date(2027, 4, 15), None), date(2027, 4, 1), "the fifteenth day");
    assert_eq!(paid_on(end, date(2027, 4, 16), None), date(2027, 4, 17), "the day after payment");
    assert_eq!(paid_on(end, date(2027, 3, 1), Some(date(2027, 4, 5))), date(2027, 4, 5), "designated");
}

proptest! {
    /// No day is covered twice, and a renewal paid in time leaves no gap.
    #[test]
    fn the_new_period_follows_the_old(paid in -60..400_i64) {
        let end = date(2027, 3, 31);
        let today = end.checked_add(jiff::Span::new().days(paid)).unwrap();
        let start = paid_on(end, today, None);
        prop_assert!(start > end);
        prop_assert_eq!(start == end.tomorrow().unwrap(), paid <= 15);
    }
}
