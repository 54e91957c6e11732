//! A receipt voided and issued again: with every call failing once, and with everything travelling twice.

use domain::texts::{Channel, TemplateId};
use testing::faults::When;
use testing::world::World;

use super::job::{amend, begin, pay};
use super::platform::{Platform, Travel};
use super::{difference, outcome};

/// A paid enrolment whose receipt is issued again, and how many calls that took.
async fn reissued(travel: Travel, fault: Option<(u64, When)>) -> (World, u64) {
    let mut platform = Platform::open(World::default(), travel).await;
    let mut seat = begin(&mut platform).await;
    pay(&mut seat).await;
    let before = seat.platform.world.faults.total();
    if let Some((n, when)) = fault {
        seat.platform.world.faults.fail_nth(n, when);
    }
    amend(&mut seat).await;
    let calls = seat.platform.world.faults.total() - before;
    (platform.world, calls)
}

#[tokio::test]
async fn a_reissue_survives_a_crash_before_and_after_every_call() {
    let (calm, calls) = reissued(Travel::Calmly, None).await;
    let calm = outcome(&calm);
    assert!(calls > 20, "{calls}");
    for n in 1..=calls {
        for when in [When::Before, When::AfterWritten] {
            let (world, _) = reissued(Travel::Calmly, Some((n, when))).await;
            assert_eq!(world.faults.fired(), 1, "call {n}");
            assert_eq!(difference(&outcome(&world), &calm, ""), None, "call {n} failed {when:?}");
        }
    }
}

#[tokio::test]
async fn a_reissue_that_travels_twice_is_mailed_once() {
    let (calm, _) = reissued(Travel::Calmly, None).await;
    let (twice, _) = reissued(Travel::Twice, None).await;
    assert_eq!(difference(&outcome(&twice), &outcome(&calm), ""), None);
    assert_eq!(twice.mails.inner().sent().len(), 2, "the wrong one and the right one");
    for world in [&calm, &twice] {
        let records = world.store.inner().records();
        let mails = records.iter().map(|record| record.template).filter(|id| id.template().channel == Channel::Mail);
        let mut mails: Vec<TemplateId> = mails.collect();
        mails.sort_unstable();
        assert_eq!(mails, [TemplateId::Receipt, TemplateId::ReceiptReissued], "each is recorded by its own words");
    }
}
