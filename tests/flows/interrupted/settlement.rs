//! The settlement day: money that is confirmed late in the month is covered at once and gets its receipts on the 1st of
//! the next, from the timetable's run.

use jiff::civil::{Date, date};
use serde_json::Value;
use testing::world::World;

use super::job::{Seat, begin, pay};
use super::platform::{Platform, Travel};

async fn receipt(seat: &mut Seat<'_>) -> Value {
    let finance = seat.sample.finance.clone();
    let all = seat.look(&finance, "/receipts").await;
    assert_eq!(all["receipts"].as_array().map(Vec::len), Some(1), "{all}");
    let mut one = all["receipts"][0].clone();
    one["receipts_on"] = all["receipts_on"].clone();
    one
}

/// The timetable's run on the morning of a day, and what the queues make of it.
async fn morning_of(seat: &mut Seat<'_>, day: Date) {
    seat.platform.world.clock.set_day(day);
    seat.platform.run_timetable().await;
    seat.platform.settle().await;
}

fn mails(seat: &Seat<'_>) -> usize {
    seat.platform.world.mails.inner().sent().len()
}

#[tokio::test]
async fn money_after_the_settlement_day_is_covered_at_once_and_receipted_on_the_first() {
    for travel in [Travel::Calmly, Travel::Twice] {
        let mut platform = Platform::open(World::default(), travel).await;
        let mut seat = begin(&mut platform).await;
        seat.platform.world.clock.set_day(date(2026, 4, 26));
        pay(&mut seat).await;
        let waiting = receipt(&mut seat).await;
        assert_eq!((&waiting["receipts_on"], &waiting["receipt_number"]), (&Value::from("2026-05-01"), &Value::Null));
        assert_eq!(mails(&seat), 0);
        let handler = seat.handler.clone();
        let view = seat.view(&handler).await;
        assert_eq!((&view["plans"][0]["period"][0], &view["plans"][0]["covered"]), (&"2026-04-27".into(), &2.into()));

        for day in [date(2026, 4, 27), date(2026, 4, 30)] {
            morning_of(&mut seat, day).await;
            assert_eq!(mails(&seat), 0, "{day}");
        }
        morning_of(&mut seat, date(2026, 5, 1)).await;
        let issued = receipt(&mut seat).await;
        assert_eq!((&issued["issued"]["on"], issued["mailed_at"].is_string()), (&"2026-05-01".into(), true));
        morning_of(&mut seat, date(2026, 5, 1)).await;
        morning_of(&mut seat, date(2026, 6, 1)).await;
        assert_eq!(mails(&seat), 1, "once");
    }
}

#[tokio::test]
async fn a_first_on_which_nothing_ran_is_made_up_for() {
    let mut platform = Platform::open(World::default(), Travel::Calmly).await;
    let mut seat = begin(&mut platform).await;
    seat.platform.world.clock.set_day(date(2026, 12, 31));
    pay(&mut seat).await;
    morning_of(&mut seat, date(2027, 1, 4)).await;
    let issued = receipt(&mut seat).await;
    assert_eq!(issued["issued"]["on"], "2027-01-04", "a receipt bears the day it is issued on");
}

#[tokio::test]
async fn money_on_the_settlement_day_is_receipted_at_once() {
    let mut platform = Platform::open(World::default(), Travel::Calmly).await;
    let mut seat = begin(&mut platform).await;
    seat.platform.world.clock.set_day(date(2026, 4, 25));
    pay(&mut seat).await;
    let issued = receipt(&mut seat).await;
    assert_eq!((&issued["receipts_on"], &issued["issued"]["on"]), (&"2026-04-25".into(), &"2026-04-25".into()));
    assert_eq!(mails(&seat), 1);
}
