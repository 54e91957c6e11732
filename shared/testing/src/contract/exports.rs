//! Export jobs.

use domain::account::Role;
use domain::export::{Export, ExportKind, ExportState, Part, Place};
use domain::ids::{AccountId, EnrolmentId, ExportId};
use domain::organisation::NodePath;
use workflow::commit::{Commit, CommitError};
use workflow::ports::Store;

use super::fixture::{Fixture, first, pages};

fn job(f: &Fixture, account: &AccountId) -> Export {
    let waiting = vec![EnrolmentId::from_ulid(f.ids.ulid())];
    let place = Place { after: Some("2026#e-1".to_owned()), waiting, rows_of_next: 7, at_end: true };
    Export {
        id: ExportId::from_ulid(f.ids.ulid()),
        account: account.clone(),
        actor_name: "刘明".to_owned(),
        node: NodePath::root(),
        kind: ExportKind::Receipts,
        conditions: "{\"a\":1}".to_owned(),
        in_full: true,
        version: 1,
        requested_at: f.now,
        moved_at: f.now,
        state: ExportState::Writing { place },
        parts: vec![Part { rows: 3, packed: u64::MAX, unpacked: 9, crc32: u32::MAX }],
        records: 5,
    }
}

fn writing(export: &Export, expected: u64) -> Commit {
    Commit { export: Some((export.clone(), expected)), messages: vec![export.next_step()], ..Commit::default() }
}

pub(super) async fn moves_a_job_once<S: Store>(store: &S, f: &Fixture) {
    let account = f.account("刘明", Role::Auditor, &NodePath::root());
    let queued = job(f, &account.id);
    store.commit(writing(&queued, 0)).await.unwrap();
    assert!(matches!(store.commit(writing(&queued, 0)).await, Err(CommitError::Version)), "a second job of its name");
    assert_eq!(store.export(&account.id, &queued.id).await.unwrap().as_ref(), Some(&queued));
    let moved = queued.moved(ExportState::Assembling, f.after(5));
    store.commit(writing(&moved, 1)).await.unwrap();
    assert!(matches!(store.commit(writing(&moved, 1)).await, Err(CommitError::Version)), "the same step again");
    assert_eq!(store.export(&account.id, &queued.id).await.unwrap(), Some(moved));
    let other = f.account("李敏", Role::Auditor, &NodePath::root());
    assert_eq!(store.export(&other.id, &queued.id).await.unwrap(), None);
}

pub(super) async fn lists_the_jobs_of_an_account<S: Store>(store: &S, f: &Fixture) {
    let account = f.account("刘明", Role::Auditor, &NodePath::root());
    let mut jobs: Vec<Export> = (0..5).map(|_| job(f, &account.id)).collect();
    for job in &jobs {
        store.commit(writing(job, 0)).await.unwrap();
    }
    jobs.sort_by(|one, other| other.id.cmp(&one.id));
    for limit in [1, 2, 5, 100] {
        let listed: Vec<Export> = pages!(limit, |request| store.exports(&account.id, &request));
        assert_eq!(listed, jobs, "{limit}");
    }
    let other = f.account("李敏", Role::Auditor, &NodePath::root());
    assert_eq!(store.exports(&other.id, &first(10)).await.unwrap().items, Vec::new());
}
