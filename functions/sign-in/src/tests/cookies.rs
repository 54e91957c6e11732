//! Sessions whose tokens a browser keeps in cookies.

use std::collections::BTreeMap;

use super::*;

/// A browser with its cookies.
struct Browser<'a> {
    stage: &'a Stage,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(stage: &'a Stage) -> Self {
        Self { stage, cookies: BTreeMap::new() }
    }

    /// Sends a request with the headers given and the cookies, and keeps what the answer sets.
    async fn send(&mut self, request: &str, headers: &[(&str, &str)], body: Option<Value>) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let reply = call(&self.stage.app, request.body(body).unwrap()).await;
        for set in reply.headers.get_all("set-cookie") {
            let (cookie, attributes) = set.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            let life = attributes.strip_prefix("Path=/; Max-Age=").unwrap();
            let (life_s, flags) = life.split_once("; ").unwrap();
            assert_eq!(flags, "HttpOnly; Secure; SameSite=Strict");
            self.cookies.remove(name);
            if life_s != "0" {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    /// As the portal's scripts send it.
    async fn portal(&mut self, request: &str, body: Option<Value>) -> Reply {
        self.send(request, &PORTAL, body).await
    }

    async fn sign_in(&mut self) -> Reply {
        let captcha = self.stage.captcha().await;
        let body = json!({"user_name": self.stage.account.user_name, "password": PASSWORD, "captcha": captcha});
        self.portal("POST /sessions", Some(body)).await
    }

    fn keeps(&self) -> Vec<&str> {
        self.cookies.keys().map(String::as_str).collect()
    }
}

const PORTAL: [(&str, &str); 2] = [("x-session-mode", "cookie"), ("x-requested-by", "portal")];
const BOTH: [&str; 2] = ["__Host-access", "__Host-refresh"];

#[tokio::test]
async fn tokens_come_as_cookies_and_not_in_the_body() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    let reply = browser.sign_in().await;
    assert_eq!((reply.status, browser.keeps()), (StatusCode::CREATED, BOTH.to_vec()));
    let sets: Vec<_> = reply.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
    assert!(sets[0].contains("Max-Age=900;") && sets[1].contains("Max-Age=43200;"), "{sets:?}");

    let session: Value = reply.json().unwrap();
    let fields: Vec<_> = session.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["account", "expires_in_s"]);
    let text = String::from_utf8_lossy(&reply.body);
    assert!(browser.cookies.values().all(|token| !text.contains(token)));

    let me = browser.send("GET /me", &[], None).await;
    assert_eq!(me.json::<Value>().unwrap(), session["account"], "reading needs no header");
}

#[tokio::test]
async fn a_session_in_cookies_goes_on_and_ends_when_one_in_the_body_would() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    browser.sign_in().await;
    let first = browser.cookies.clone();
    stage.clock.advance(jiff::SignedDuration::from_hours(1));
    assert_eq!(
        code(&browser.portal("GET /me", None).await),
        problem(401, "NOT_SIGNED_IN"),
        "after a quarter of an hour"
    );
    let reply = browser.portal("POST /sessions/refresh", None).await;
    assert_eq!(reply.status, StatusCode::OK);
    let set = reply.headers.get_all("set-cookie").iter().nth(1).unwrap().to_str().unwrap();
    assert!(set.contains("Max-Age=39600;"), "the session's life does not begin anew: {set}");
    assert!(BOTH.iter().all(|name| browser.cookies[*name] != first[*name]));
    assert_eq!(browser.portal("GET /me", None).await.status, StatusCode::OK);

    let mut thief = Browser { stage: &stage, cookies: first };
    assert_eq!(code(&thief.portal("POST /sessions/refresh", None).await), problem(401, "SESSION_ENDED"));
    assert!(thief.keeps().is_empty(), "what is over is not kept");
    assert_eq!(code(&browser.portal("POST /sessions/refresh", None).await), problem(401, "SESSION_ENDED"));
    assert!(browser.keeps().is_empty());
    assert_eq!(code(&browser.portal("POST /sessions/refresh", None).await), problem(401, "SESSION_ENDED"), "none");
}

#[tokio::test]
async fn what_changes_something_must_show_that_the_portal_sent_it() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    browser.sign_in().await;
    let missing = problem(403, "CSRF_HEADER_MISSING");
    for headers in [vec![], vec![("x-requested-by", "XMLHttpRequest")], vec![("x-requested-by", "")]] {
        for request in ["DELETE /sessions/current", "POST /me/totp", "PUT /me/totp"] {
            let reply = browser.send(request, &headers, Some(json!({"code": "000000"}))).await;
            assert_eq!(code(&reply), missing, "{request} {headers:?}");
        }
        let headers = [vec![PORTAL[0]], headers].concat();
        assert_eq!(code(&browser.send("POST /sessions/refresh", &headers, None).await), missing);
    }
    assert_eq!(browser.keeps(), BOTH, "nothing was taken away");
    browser.cookies.remove("__Host-access");
    assert_eq!(
        code(&browser.send("DELETE /sessions/current", &[], None).await),
        missing,
        "by the refresh token's cookie"
    );
    assert_eq!(browser.portal("POST /sessions/refresh", None).await.status, StatusCode::OK, "nor used up");
}

#[tokio::test]
async fn signing_out_clears_both_cookies_and_ends_the_session() {
    let stage = Stage::new().await;
    for left in [&BOTH[..], &BOTH[1..]] {
        let mut browser = Browser::new(&stage);
        browser.sign_in().await;
        browser.cookies.retain(|name, _| left.contains(&name.as_str()));
        let mut kept = Browser { stage: &stage, cookies: browser.cookies.clone() };
        let reply = browser.portal("DELETE /sessions/current", None).await;
        assert_eq!((reply.status, browser.keeps()), (StatusCode::NO_CONTENT, vec![]), "{left:?}");
        assert_eq!(code(&kept.portal("POST /sessions/refresh", None).await), problem(401, "SESSION_ENDED"), "{left:?}");
    }
    let mut nobody = Browser::new(&stage);
    nobody.cookies.insert("__Host-refresh".to_owned(), "01J8Z7Q0C2N5T4R8K6W3Y1XABC.x".to_owned());
    assert_eq!(code(&nobody.portal("DELETE /sessions/current", None).await), problem(401, "NOT_SIGNED_IN"));
    assert!(nobody.keeps().is_empty());
}

/// An attacker who can make the browser send a header of its own is in the portal already; an `Authorization` header that
/// is wrong is not mended by the cookie beside it.
#[tokio::test]
async fn a_bearer_comes_before_the_cookie_and_needs_no_header() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    browser.sign_in().await;
    let wrong = browser.send("GET /me", &[("authorization", "Bearer wrong")], None).await;
    assert_eq!(code(&wrong), problem(401, "NOT_SIGNED_IN"));
    let bearer = format!("Bearer {}", browser.cookies["__Host-access"]);
    let out = browser.send("DELETE /sessions/current", &[("authorization", &bearer)], None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn modes_are_not_mixed() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    browser.sign_in().await;
    let refresh = browser.cookies["__Host-refresh"].clone();
    let body = stage.post("/sessions/refresh", json!({})).await;
    assert_eq!(code(&body), problem(400, "MALFORMED_REQUEST"), "the body must tell the token");
    let cookie = browser.send("POST /sessions/refresh", &[PORTAL[1]], None).await;
    assert_eq!(code(&cookie), problem(400, "MALFORMED_REQUEST"), "the cookie is not looked at without the mode");
    let other = browser.send("POST /sessions/refresh", &[("x-session-mode", "body")], None).await;
    assert_eq!(code(&other), problem(400, "MALFORMED_REQUEST"));
    let mut empty = Browser::new(&stage);
    let told = empty.portal("POST /sessions/refresh", Some(json!({"refresh_token": refresh}))).await;
    assert_eq!(code(&told), problem(401, "SESSION_ENDED"), "nor the body with it");
    assert_eq!(browser.portal("POST /sessions/refresh", None).await.status, StatusCode::OK, "nothing was used up");
}
