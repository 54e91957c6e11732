//! Two people at one task: exactly one gets it, and the other is told who has it.

use reqwest::Method;
use serde_json::json;
use tests::clerk::Clerk;

use crate::signed_in;

const RACES: usize = 100;

/// An enrolment in first review, without a roster: unnamed members are enough to complete it.
async fn completed(handler: &tests::client::Client) -> Clerk {
    let clerk = Clerk::open(handler).await.unwrap();
    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    clerk.act(Method::PUT, "/plans", plans).await.unwrap();
    clerk.act(Method::PUT, "/details", json!({"staff": 10, "female_staff": 5})).await.unwrap();
    let unnamed = json!({"plan": "hospital-a", "ordinary": 10});
    clerk.act(Method::PUT, "/unnamed-members", unnamed).await.unwrap();
    assert_eq!(clerk.act(Method::POST, "/completion", json!({})).await.unwrap(), "first-review");
    clerk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_races_have_one_winner_each() {
    let (handler, one, other) = tokio::join!(signed_in("sunliu"), signed_in("wangchushen"), signed_in("machushen"));
    let clerk = completed(&handler).await;
    let (one, other) = (clerk.seen_by(&one), clerk.seen_by(&other));
    let task = clerk.view().await.unwrap()["task"].as_str().unwrap().to_owned();
    for race in 0..RACES {
        let (a, b) = futures::future::try_join(one.acquire(), other.acquire()).await.unwrap();
        let (winner, loser, reply) = if a.status == 200 { (&one, &other, b) } else { (&other, &one, a) };
        assert_eq!(reply.status, 409, "race {race}: {}", reply.text);
        assert!(reply.text.contains(&winner.client.name), "race {race} names the winner: {}", reply.text);
        let stolen = loser.command(Method::POST, "/reviews", json!({"conclusion": "approve"})).await.unwrap();
        assert_eq!(stolen.refused(409).unwrap(), "TASK_HELD_BY_ANOTHER");
        let released = winner.client.post(&format!("/tasks/{task}/release"), &json!({})).await.unwrap();
        assert_eq!(released.status, 204, "{}", released.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acquiring_many_reports_each() {
    let (handler, reviewer) = tokio::join!(signed_in("sunliu"), signed_in("wangchushen"));
    let clerk = completed(&handler).await;
    let task = clerk.view().await.unwrap()["task"].as_str().unwrap().to_owned();
    let body = json!({"tasks": [task, "no-such-task"]});
    let outcome = reviewer.post("/tasks/acquisitions", &body).await.unwrap().ok().unwrap();
    assert_eq!((&outcome[0]["acquired"], &outcome[1]["acquired"]), (&json!(true), &json!(false)));
    assert_eq!(outcome[1]["code"], "NOT_FOUND");
}
