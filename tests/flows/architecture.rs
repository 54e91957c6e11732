//! ARCHITECTURE.md shows the walk over every state, command and role as it is.

#[test]
fn the_table_of_states_is_the_generated_one() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let snapshots = root.join("shared/domain/src/enrolment/snapshots");
    let snapshot = std::fs::read_to_string(snapshots.join("domain__enrolment__tests__walk.snap")).unwrap();
    let generated = snapshot.splitn(3, "---\n").nth(2).unwrap().trim();
    let shown = page.split("<!-- walk -->").nth(1).unwrap().split("<!-- /walk -->").next().unwrap().trim();
    assert!(shown == generated, "copy the snapshot into ARCHITECTURE.md");
}
