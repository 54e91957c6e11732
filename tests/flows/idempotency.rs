//! A request that is sent again counts once.

use reqwest::Method;
use serde_json::json;
use tests::clerk::Clerk;

use crate::signed_in;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gets_the_same_bytes_and_another_request_is_refused() {
    let handler = signed_in("sunliu").await;
    let clerk = Clerk::open(&handler).await.unwrap();
    let (key, path) = (handler.key(), clerk.path("/details"));
    let body = json!({"staff": 10, "female_staff": 5});
    let send = |body, version| {
        let (handler, key, path) = (handler.clone(), key.clone(), path.clone());
        async move { handler.send(Method::PUT, &path, Some(&key), Some(version), Some(&body)).await.unwrap() }
    };
    let first = send(body.clone(), 1).await;
    let again = send(body.clone(), 1).await;
    assert_eq!((first.status, again.status, again.replayed), (200, 200, true));
    assert_eq!((&first.text, &first.etag), (&again.text, &again.etag));
    let other = send(json!({"staff": 11, "female_staff": 5}), 2).await;
    assert_eq!(other.refused(422).unwrap(), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(clerk.view().await.unwrap()["version"], 2, "it counted once");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_submits_at_once_one_counts() {
    let handler = signed_in("sunliu").await;
    let (key, body) = (handler.key(), json!({}));
    let sends = (0..8).map(|_| handler.send(Method::POST, "/enrolments", Some(&key), None, Some(&body)));
    let replies = futures::future::try_join_all(sends).await.unwrap();
    for reply in &replies {
        assert_eq!((reply.status, &reply.text), (201, &replies[0].text));
    }
    assert_eq!(replies.iter().filter(|reply| !reply.replayed).count(), 1, "one was carried out");
}

#[tokio::test(flavor = "multi_thread")]
async fn different_keys_meet_the_version() {
    let handler = signed_in("sunliu").await;
    let clerk = Clerk::open(&handler).await.unwrap();
    let (path, body) = (clerk.path("/details"), json!({"staff": 10, "female_staff": 5}));
    let keys: Vec<String> = (0..8).map(|_| handler.key()).collect();
    let sends = keys.iter().map(|key| handler.send(Method::PUT, &path, Some(key), Some(1), Some(&body)));
    let replies = futures::future::try_join_all(sends).await.unwrap();
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    for reply in replies.into_iter().filter(|reply| reply.status != 200) {
        assert_eq!(reply.etag.as_deref(), Some("\"2\""), "{}", reply.text);
        assert_eq!(reply.refused(412).unwrap(), "VERSION_CHANGED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_without_key_or_version_is_refused() {
    let handler = signed_in("sunliu").await;
    let clerk = Clerk::open(&handler).await.unwrap();
    let (path, body) = (clerk.path("/details"), json!({"staff": 10, "female_staff": 5}));
    let keyless = handler.send(Method::PUT, &path, None, Some(1), Some(&body)).await.unwrap();
    assert_eq!(keyless.json()["errors"][0]["code"], "IDEMPOTENCY_KEY_MISSING");
    let blind = handler.send(Method::PUT, &path, Some(&handler.key()), None, Some(&body)).await.unwrap();
    assert_eq!(blind.refused(428).unwrap(), "IF_MATCH_MISSING");
}
