//! Uploads: received once, settled once.

use domain::ids::UploadId;
use domain::upload::{Upload, UploadState};
use futures::future::join_all;
use workflow::commit::{Commit, CommitError};
use workflow::ports::{RowsSoFar, Store};
use workflow::scope::Scope;

use super::fixture::{Fixture, elsewhere};
use crate::sample;

const CONTENDERS: usize = 6;

async fn issue<S: Store>(store: &S, f: &Fixture) -> Upload {
    let place = f.place().await;
    let upload = sample::upload_for(f.ids.ulid(), &f.draft(&place), &place.handler, b"a,b\n", f.now);
    store.issue(&upload).await.unwrap();
    upload
}

async fn stored<S: Store>(store: &S, id: &UploadId) -> Upload {
    store.upload(id, &Scope::Platform).await.unwrap().unwrap()
}

fn rejected(upload: &Upload, text: &str) -> Upload {
    let state = UploadState::Rejected { code: "ROSTER_EMPTY".to_owned(), text: text.to_owned() };
    Upload { state, ..upload.clone() }
}

pub(super) async fn receives_an_upload_once<S: Store>(store: &S, f: &Fixture) {
    let upload = issue(store, f).await;
    let received = Upload { state: UploadState::Received, sequencer: Some("0A".to_owned()), ..upload };
    for delivery in 0..3 {
        let answer = store.receive(&received.id, "0A").await.unwrap();
        assert_eq!(answer.as_ref(), Some(&received), "{delivery}");
    }
    let accepted = Upload {
        state: UploadState::Accepted {
            key: "roster/1".to_owned(),
            content_type: "text/csv".to_owned(),
            size: 4,
            thumbnail: None,
            pages: 0,
        },
        ..received
    };
    assert!(store.settle(&accepted).await.unwrap());
    assert_eq!(store.receive(&accepted.id, "0A").await.unwrap(), Some(accepted.clone()), "as it then stands");
    assert_eq!(stored(store, &accepted.id).await, accepted);
    assert_eq!(store.receive(&UploadId::from_ulid(f.ids.ulid()), "0A").await.unwrap(), None);
}

pub(super) async fn ignores_a_later_object<S: Store>(store: &S, f: &Fixture) {
    let upload = issue(store, f).await;
    let received = store.receive(&upload.id, "0A").await.unwrap().unwrap();
    let later = store.receive(&upload.id, "0B").await.unwrap();
    assert_eq!(later.as_ref(), Some(&received));
    assert!(store.settle(&rejected(&received, "没有人员")).await.unwrap());
    let later = store.receive(&upload.id, "0C").await.unwrap().unwrap();
    assert_eq!(later, rejected(&received, "没有人员"));

    let raced = issue(store, f).await;
    let sequencers: Vec<String> = (0..CONTENDERS).map(|n| format!("0{n}")).collect();
    let answers = join_all(sequencers.iter().map(|sequencer| store.receive(&raced.id, sequencer))).await;
    let settled = stored(store, &raced.id).await;
    assert!(sequencers.iter().any(|sequencer| settled.sequencer.as_ref() == Some(sequencer)));
    assert!(answers.into_iter().all(|answer| answer.unwrap().as_ref() == Some(&settled)));
}

pub(super) async fn settles_an_upload_once<S: Store>(store: &S, f: &Fixture) {
    let upload = issue(store, f).await;
    assert!(!store.settle(&rejected(&upload, "过早")).await.unwrap(), "nothing was received");
    assert_eq!(stored(store, &upload.id).await, upload);

    let received = store.receive(&upload.id, "0A").await.unwrap().unwrap();
    let outcomes: Vec<Upload> = (0..CONTENDERS).map(|n| rejected(&received, &n.to_string())).collect();
    let answers = join_all(outcomes.iter().map(|outcome| store.settle(outcome))).await;
    let won: Vec<&Upload> =
        outcomes.iter().zip(answers).filter_map(|(outcome, won)| won.unwrap().then_some(outcome)).collect();
    assert_eq!(won, [&stored(store, &upload.id).await]);

    let commit = Commit { upload: Some(rejected(&received, "太晚")), ..Commit::default() };
    let answer = store.commit(commit).await;
    assert!(matches!(answer, Err(CommitError::Upload)), "{answer:?}");
    let unknown = Upload { id: UploadId::from_ulid(f.ids.ulid()), ..received };
    assert!(!store.settle(&unknown).await.unwrap());
    assert_eq!(store.upload(&unknown.id, &Scope::Platform).await.unwrap(), None);
}

pub(super) async fn shows_an_upload_within_scope_only<S: Store>(store: &S, f: &Fixture) {
    let upload = issue(store, f).await;
    for scope in [Scope::Platform, Scope::Subtree(upload.path.clone())] {
        assert_eq!(store.upload(&upload.id, &scope).await.unwrap().as_ref(), Some(&upload));
    }
    assert_eq!(store.upload(&upload.id, &elsewhere(f)).await.unwrap(), None);
}

pub(super) async fn tells_how_far_an_import_is<S: Store>(store: &S, f: &Fixture) {
    let id = domain::ids::UploadId::from_ulid(f.ids.ulid());
    assert_eq!(store.rows_so_far(&id).await.unwrap(), None);
    for rows in [RowsSoFar { read: 1_000, checked: 0 }, RowsSoFar { read: 200_000, checked: 5_000 }] {
        store.report(&id, rows).await.unwrap();
        assert_eq!(store.rows_so_far(&id).await.unwrap(), Some(rows));
    }
}
