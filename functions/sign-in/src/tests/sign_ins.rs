//! The sign-in log.

use super::*;
use crate::LOCK_OUT;

async fn outcomes(stage: &Stage, path: &str, token: &Value) -> Vec<String> {
    let mut told = Vec::new();
    let mut cursor = String::new();
    loop {
        let reply = stage.bearing(&format!("GET {path}?limit=3{cursor}"), token).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        let page: Value = reply.json().unwrap();
        let items = page["items"].as_array().unwrap();
        told.extend(items.iter().map(|item| item["outcome"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break told };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn an_account_reads_what_became_of_every_attempt() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    let tick = || stage.clock.advance(jiff::SignedDuration::from_secs(1));
    let session = stage.session().await;
    tick();
    stage.bearing("DELETE /sessions/current", &session["access_token"]).await;
    for _ in 0..LOCK_OUT.times + 3 {
        tick();
        stage.sign_in(&name, "wrong").await;
    }
    let told = outcomes(&stage, "/me/sign-ins", &session["access_token"]).await;
    // Newest first; attempts on a locked name are not tried, and not told.
    assert_eq!(told, ["locked", "failed", "failed", "failed", "failed", "signed-out", "signed-in"]);
}

#[tokio::test]
async fn an_auditor_reads_the_log_of_accounts_in_scope_only() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let organisation = Organisation::default();
    let auditor_of = |node| Account { node, ..organisation.auditor.clone() };
    let path = format!("/accounts/{}/sign-ins", stage.account.id);
    let handler = stage.bearing(&format!("GET {path}"), &session["access_token"]).await;
    assert_eq!(code(&handler), problem(403, "NOT_PERMITTED"), "not even one's own by this way");

    for (node, found) in [(organisation.nodes[0].path.clone(), true), (organisation.nodes[5].path.clone(), false)] {
        let auditor = auditor_of(node);
        stage.store.with_account(auditor.clone(), &HASH);
        let session: Value = stage.sign_in(&auditor.user_name, PASSWORD).await.json().unwrap();
        let token = &session["access_token"];
        if found {
            assert_eq!(outcomes(&stage, &path, token).await, ["signed-in"]);
        } else {
            assert_eq!(code(&stage.bearing(&format!("GET {path}"), token).await), problem(404, "NOT_FOUND"));
        }
        let nobody = stage.bearing("GET /accounts/nobody/sign-ins", token).await;
        assert_eq!(code(&nobody), problem(404, "NOT_FOUND"));
    }
}
