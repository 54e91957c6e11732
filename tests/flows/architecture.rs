//! ARCHITECTURE.md shows the walks over every state, command and role as they are.

fn shows(mark: &str, snapshot: &str) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let snapshot = std::fs::read_to_string(root.join("shared/domain/src").join(snapshot)).unwrap();
    let generated = snapshot.splitn(3, "---\n").nth(2).unwrap().trim();
    let (begin, end) = (format!("<!-- {mark} -->"), format!("<!-- /{mark} -->"));
    let shown = page.split(&begin).nth(1).unwrap().split(&end).next().unwrap().trim();
    assert!(shown == generated, "copy the snapshot into ARCHITECTURE.md");
}

#[test]
fn the_table_of_states_is_the_generated_one() {
    shows("walk", "enrolment/snapshots/domain__enrolment__tests__walk.snap");
}

#[test]
fn the_table_of_a_registrations_states_is_the_generated_one() {
    shows("registration-walk", "registration/snapshots/domain__registration__tests__walk.snap");
}
