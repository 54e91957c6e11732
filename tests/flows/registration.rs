//! A unit's registration from outside, as the demo walks it; and many at once for one unit.

use aws::world::SystemIds;
use tests::cast::Story;
use tests::registering::{at_once, registration};
use workflow::ports::Ids;

use crate::cloud;

fn seed() -> u32 {
    u32::try_from(SystemIds.ulid().random() % 100_000_000).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_desks_at_once_one_registers_the_unit() {
    let statuses = at_once(&cloud(), seed(), 10).await.unwrap();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_form_to_a_unit_that_maintains_itself() {
    let out = std::env::temp_dir().join(format!("registration-{}", std::process::id()));
    let mut story = Story::begin(&out).unwrap();
    registration(&cloud(), &mut story, seed()).await.unwrap();
    let texts = std::fs::read_to_string(out.join("registration-messages.txt")).unwrap();
    assert_eq!(texts.lines().count(), 4, "code, link, rejected, password link: {texts}");
    std::fs::remove_dir_all(out).unwrap();
}
