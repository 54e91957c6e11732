//! A unit's registration from outside, as the demo walks it; and two clerks at once.

use aws::world::SystemIds;
use tests::cast::Story;
use tests::registering::registration;
use workflow::ports::Ids;

use crate::cloud;

#[tokio::test(flavor = "multi_thread")]
async fn from_a_form_to_a_unit_that_maintains_itself() {
    let out = std::env::temp_dir().join(format!("registration-{}", std::process::id()));
    let mut story = Story::begin(&out).unwrap();
    let seed = u32::try_from(SystemIds.ulid().random() % 100_000_000).unwrap();
    registration(&cloud(), &mut story, seed).await.unwrap();
    let texts = std::fs::read_to_string(out.join("registration-messages.txt")).unwrap();
    assert_eq!(texts.lines().count(), 4, "code, link, rejected, password link: {texts}");
    std::fs::remove_dir_all(out).unwrap();
}
