//! Phrases for opinions.

use domain::account::Role;
use domain::phrases::Phrases;
use workflow::ports::Store;

use super::fixture::Fixture;

pub(super) async fn phrases_are_replaced_from_the_version_seen<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let account = f.account("李敏", Role::EnrolmentFirstReviewer, &place.county).id;
    assert_eq!(store.phrases(&account).await.unwrap(), Phrases::default());
    let first = Phrases { version: 1, phrases: vec!["同意".into(), "名单与附件不符".into()] };
    assert!(store.put_phrases(&account, &first).await.unwrap());
    let late = Phrases { version: 1, phrases: vec!["晚了".into()] };
    assert!(!store.put_phrases(&account, &late).await.unwrap(), "written from version 0, which is gone");
    assert_eq!(store.phrases(&account).await.unwrap(), first);
    let none = Phrases { version: 2, phrases: Vec::new() };
    assert!(store.put_phrases(&account, &none).await.unwrap());
    assert!(!store.put_phrases(&account, &Phrases { version: 9, ..first }).await.unwrap(), "a version nobody has seen");
    assert_eq!(store.phrases(&account).await.unwrap(), none);
    let other = f.account("周洋", Role::EnrolmentFirstReviewer, &place.county).id;
    assert_eq!(store.phrases(&other).await.unwrap(), Phrases::default(), "each account has its own");
}
