#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly, and a handler here must")]

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::routing::{get, post};
use domain::account::Actor;
use domain::ids::AccountId;
use domain::refusal::{Problem as Broken, Refusal};
use lambda_http::RequestExt;
use serde::Deserialize;
use serde_json::{Value, json};
use testing::memory::MemoryStore;
use testing::sample::Organisation;
use testing::world::{FixedClock, PlainCipher};
use workflow::commit::Commit;
use workflow::ports::{Clock, Commits, Outage, Page};

use super::*;
use crate::auth::{Claims, LocalKey, Verifier, issue};

struct Stage {
    app: Router,
    key: LocalKey,
    clock: FixedClock,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    shares: u32,
    #[serde(default)]
    items: Vec<Order>,
}

impl Stage {
    async fn new() -> Self {
        let (key, clock) = (LocalKey::generate().unwrap(), FixedClock::default());
        let gate = Gate::new(Verifier::load(&key).await.unwrap(), Arc::new(clock.clone()));
        let routes = Router::new()
            .route("/orders", post(place).get(list))
            .route("/orders/{order}", get(one).put(replace))
            .route("/fail/{how}", get(fail))
            .with_state(MemoryStore::default());
        Self { app: app(routes, gate.with_cursors(Arc::new(PlainCipher))), key, clock }
    }

    async fn token(&self, actor: Actor) -> String {
        issue(&self.key, &Claims::new(actor, "F1", self.clock.now())).await.unwrap()
    }

    /// Sends a request as the handler of the sample unit.
    async fn send(&self, request: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let token = self.token(Organisation::default().handler.actor()).await;
        self.send_with(&token, request, headers, body).await
    }

    async fn send_with(&self, token: &str, request: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let (method, uri) = request.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(uri).header("authorization", format!("Bearer {token}"));
        if !body.is_empty() {
            request = request.header("content-type", "application/json; charset=utf-8");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        call(&self.app, request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

async fn place(State(store): State<MemoryStore>, command: Command<Order>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        if body.shares == 0 {
            let problems = vec![Broken::new("/shares", "A", "甲"), Broken::new("/items", "B", "乙")];
            return Err(Refusal::invalid(problems).into());
        }
        let shares = body.items.iter().map(|item| item.shares).sum::<u32>() + body.shares;
        let answer = Answer::json(StatusCode::CREATED, &json!({"shares": shares, "by": actor.account})).version(7);
        store.commit(Commit { idempotency: Some(once.record(&answer)), ..Commit::default() }).await?;
        Ok(answer)
    };
    once.run(&store, work).await
}

async fn list(paging: Paging) -> Json<Listing<String>> {
    let from: u32 = paging.request().after.as_deref().map_or(0, |after| after.parse().unwrap());
    let to = from + paging.request().limit;
    let page = Page { items: (from..to).collect(), next: Some(to.to_string()) };
    Json(paging.listing(page, |n| format!("N{n}")))
}

async fn one(Path(id): Path<AccountId>, signed: Signed) -> Json<Value> {
    Json(json!({"id": id, "by": signed.actor.account, "family": signed.family}))
}

async fn replace(IfMatch(seen): IfMatch, _body: Json<Empty>) -> Result<Answer, Problem> {
    if seen == 7 { Ok(Answer::empty().version(8)) } else { Err(Problem::version_changed(7)) }
}

async fn fail(Path(how): Path<String>) -> Result<StatusCode, Problem> {
    match how.as_str() {
        "outage" => Err(Outage::new("put-item", "no answer from 10.0.0.1").into()),
        "refusal" => Err(Refusal::not_permitted().into()),
        "slow" => std::future::pending().await,
        _ => panic!("张三"),
    }
}

/// Status, code and the faults' places and codes.
fn shown(reply: &Reply) -> (u16, String, Vec<(String, String)>) {
    let problem: Problem = reply.json().unwrap();
    assert_eq!(reply.header("content-type"), PROBLEM_JSON);
    assert_eq!(problem.status, reply.status.as_u16());
    assert_eq!(problem.instance.as_deref(), Some("urn:request:local"));
    let faults = problem.errors.iter().map(|fault| (fault.pointer.clone(), fault.code.to_string())).collect();
    (problem.status, problem.code.to_string(), faults)
}

fn malformed(pointer: &str, code: &str) -> (u16, String, Vec<(String, String)>) {
    (400, "MALFORMED_REQUEST".into(), vec![(pointer.into(), code.into())])
}

fn plain(status: u16, code: &str) -> (u16, String, Vec<(String, String)>) {
    (status, code.into(), Vec::new())
}

const KEY: (&str, &str) = ("idempotency-key", "form-0001");

#[tokio::test]
async fn a_repeated_command_is_answered_with_the_same_bytes() {
    let stage = Stage::new().await;
    let first = stage.send("POST /orders", &[KEY], r#"{"shares":2,"items":[{"shares":1}]}"#).await;
    assert_eq!((first.status, first.header("etag")), (StatusCode::CREATED, "\"7\""));
    assert_eq!(first.json::<Value>().unwrap()["shares"], 3);
    assert_eq!((first.header("idempotency-replayed"), first.header("content-type")), ("", "application/json"));

    let again = stage.send("POST /orders", &[KEY], r#"{"shares":2,"items":[{"shares":1}]}"#).await;
    assert_eq!((again.status, &again.body, again.header("etag")), (first.status, &first.body, "\"7\""));
    assert_eq!(again.header("idempotency-replayed"), "true");

    let other = stage.send("POST /orders", &[KEY], r#"{"shares":9}"#).await;
    assert_eq!(shown(&other), plain(422, "IDEMPOTENCY_KEY_REUSED"));

    let token = stage.token(Organisation::default().neighbour_handler.actor()).await;
    let neighbour = stage.send_with(&token, "POST /orders", &[KEY], r#"{"shares":9}"#).await;
    assert_eq!(neighbour.status, StatusCode::CREATED, "keys are the account's own");
}

#[tokio::test]
async fn of_two_at_once_one_is_carried_out_and_both_get_its_answer() {
    let stage = Stage::new().await;
    let send = || stage.send("POST /orders", &[KEY], r#"{"shares":2}"#);
    let replies = futures::future::join_all((0..8).map(|_| send())).await;
    assert!(replies.iter().all(|reply| reply.status == StatusCode::CREATED && reply.body == replies[0].body));
    assert_eq!(replies.iter().filter(|reply| reply.header("idempotency-replayed").is_empty()).count(), 1);
}

/// The store finds nothing and then refuses the commit: the answer is the winner's, unless it is of another request.
#[tokio::test]
async fn the_loser_of_a_race_answers_with_the_winners_record() {
    let key = |body: &'static str| {
        let id = AccountId::parse("A1").unwrap();
        let parts = Request::builder().header(KEY.0, KEY.1).body(()).unwrap().into_parts().0;
        async move {
            let mut parts = parts;
            let key = IdempotencyKey::from_request_parts(&mut parts, &()).await.unwrap();
            Once::new(&id, &key, &http::Method::POST, "/orders", &Bytes::from_static(body.as_bytes()))
        }
    };
    use axum::extract::FromRequestParts;
    let (winner, rival) = (key("{}").await, key("[]").await);
    let record = Box::new(winner.record(&Answer::json(StatusCode::OK, &"won")));
    let (store, lost) = (MemoryStore::default(), || Err(Failure::Answered(record.clone())));
    let answer = winner.run(&store, async { lost() }).await.unwrap().into_response();
    assert_eq!(answer.headers()["idempotency-replayed"], "true");
    assert_eq!(rival.run(&store, async { lost() }).await.unwrap_err().code, "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn a_refused_command_is_decided_anew() {
    let stage = Stage::new().await;
    let refused = stage.send("POST /orders", &[KEY], r#"{"shares":0}"#).await;
    let faults = vec![("/shares".into(), "A".into()), ("/items".into(), "B".into())];
    assert_eq!(shown(&refused), (422, "INVALID".into(), faults));
    assert_eq!(stage.send("POST /orders", &[KEY], r#"{"shares":1}"#).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn malformed_requests_are_told_where_and_what_and_hear_nothing_of_their_values() {
    let stage = Stage::new().await;
    let check = async |request: &str, headers: &[(&str, &str)], body: &str, expected: (u16, String, Vec<_>)| {
        let reply = stage.send(request, headers, body).await;
        assert_eq!(shown(&reply), expected, "{request} {body}");
        assert!(!String::from_utf8_lossy(&reply.body).contains("secret"), "{request} {body}");
    };
    let post = "POST /orders";
    check(post, &[], "{}", malformed("header:Idempotency-Key", "IDEMPOTENCY_KEY_MISSING")).await;
    for key in ["short", "with space", &"x".repeat(65)] {
        let expected = malformed("header:Idempotency-Key", "IDEMPOTENCY_KEY_FORMAT");
        check(post, &[("idempotency-key", key)], "{}", expected).await;
    }
    check(post, &[KEY], "", malformed("/shares", "FIELD_MISSING")).await;
    check(post, &[KEY], r#"{"shares":"secret"}"#, malformed("/shares", "FIELD_FORMAT")).await;
    check(post, &[KEY], r#"{"shares":-1}"#, malformed("/shares", "FIELD_FORMAT")).await;
    let nested = r#"{"shares":1,"items":[{"shares":1},{}]}"#;
    check(post, &[KEY], nested, malformed("/items/1/shares", "FIELD_MISSING")).await;
    for text in ["{", "{} {}", "secret", "{\"shares\":1}x"] {
        let problem = stage.send(post, &[KEY], text).await;
        assert_eq!(problem.status, StatusCode::BAD_REQUEST, "{text}");
    }
    check(post, &[KEY], "{\"shares\":1}x", malformed("", "JSON_SYNTAX")).await;
    check("GET /orders?limit=secret", &[], "", malformed("query:limit", "QUERY_FORMAT")).await;
    check("GET /orders?limit=0", &[], "", malformed("query:limit", "LIMIT_RANGE")).await;
    check("GET /orders?limit=101", &[], "", malformed("query:limit", "LIMIT_RANGE")).await;
    check("GET /orders?cursor=secret", &[], "", malformed("query:cursor", "CURSOR_INVALID")).await;
    check("GET /orders/secret%20id", &[], "", malformed("path:", "PATH_FORMAT")).await;
    let body = format!("\"{}\"", "x".repeat(BODY_SIZE_MAX));
    check(post, &[KEY], &body, plain(413, "BODY_TOO_LARGE")).await;
    check("GET /nowhere", &[], "", plain(404, "NOT_FOUND")).await;
    check("DELETE /orders", &[], "", plain(405, "METHOD_NOT_ALLOWED")).await;
}

#[tokio::test]
async fn unknown_fields_and_other_content_types_are_refused() {
    let stage = Stage::new().await;
    let reply = stage.send("POST /orders", &[KEY], r#"{"shares":1,"secret":1}"#).await;
    let (status, code, faults) = shown(&reply);
    assert_eq!((status, code.as_str(), faults[0].1.as_str()), (400, "MALFORMED_REQUEST", "FIELD_UNKNOWN"));

    let token = stage.token(Organisation::default().handler.actor()).await;
    for kind in ["text/plain", "application/jsonp", ""] {
        let request = Request::post("/orders").header("authorization", format!("bearer {token}")).header(KEY.0, KEY.1);
        let request = request.header("content-type", kind).body(Body::from("{\"shares\":1}")).unwrap();
        assert_eq!(shown(&call(&stage.app, request).await), plain(415, "NOT_JSON"), "{kind}");
    }
}

#[tokio::test]
async fn a_change_must_name_the_version_it_was_made_from() {
    let stage = Stage::new().await;
    let put = "PUT /orders/O1";
    assert_eq!(shown(&stage.send(put, &[], "").await), plain(428, "IF_MATCH_MISSING"));
    for bad in ["7", "*", "W/\"7\"", "\"07\"", "\"+7\"", "\"7\", \"8\"", "\"\"", "\"18446744073709551616\""] {
        let reply = stage.send(put, &[("if-match", bad)], "").await;
        assert_eq!(shown(&reply), malformed("header:If-Match", "IF_MATCH_FORMAT"), "{bad}");
    }
    let stale = stage.send(put, &[("if-match", "\"6\"")], "{}").await;
    assert_eq!((shown(&stale), stale.header("etag")), (plain(412, "VERSION_CHANGED"), "\"7\""));
    let done = stage.send(put, &[("if-match", "\"7\"")], "").await;
    assert_eq!((done.status, done.header("etag"), done.body.len()), (StatusCode::NO_CONTENT, "\"8\"", 0));
}

#[tokio::test]
async fn a_cursor_goes_on_in_its_own_list_for_its_own_reader_only() {
    let stage = Stage::new().await;
    let first: Listing<String> = stage.send("GET /orders?limit=2&b=2&a=1", &[], "").await.json().unwrap();
    assert_eq!(first.items, ["N0", "N1"]);
    let cursor = first.next.unwrap();
    let second = stage.send(&format!("GET /orders?a=1&b=2&cursor={cursor}"), &[], "").await;
    assert_eq!(second.json::<Listing<String>>().unwrap().items[0], "N2", "filters in any order, another limit");

    let refused = async |request: String, token: &str| {
        let reply = stage.send_with(token, &request, &[], "").await;
        assert_eq!(shown(&reply), malformed("query:cursor", "CURSOR_INVALID"), "{request}");
    };
    let organisation = Organisation::default();
    let own = stage.token(organisation.handler.actor()).await;
    refused(format!("GET /orders?a=2&b=2&cursor={cursor}"), &own).await;
    refused(format!("GET /orders?cursor={cursor}"), &own).await;
    let neighbour = stage.token(organisation.neighbour_handler.actor()).await;
    refused(format!("GET /orders?a=1&b=2&cursor={cursor}"), &neighbour).await;
    for at in 0..cursor.len() {
        let mut forged = cursor.clone().into_bytes();
        forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
        refused(format!("GET /orders?a=1&b=2&cursor={}", String::from_utf8(forged).unwrap()), &own).await;
    }
    refused(format!("GET /orders?a=1&b=2&cursor={cursor}{}", "A".repeat(2000)), &own).await;
}

#[tokio::test]
async fn failures_show_a_code_and_never_their_cause() {
    let stage = Stage::new().await;
    let outage = stage.send("GET /fail/outage", &[], "").await;
    assert_eq!((shown(&outage), outage.header("retry-after")), (plain(503, "UNAVAILABLE"), "2"));
    let panicked = stage.send("GET /fail/panic", &[], "").await;
    assert_eq!(shown(&panicked), plain(500, "INTERNAL"));
    for reply in [&outage, &panicked] {
        let text = String::from_utf8_lossy(&reply.body);
        assert!(!["10.0.0.1", "put-item", "张三"].iter().any(|cause| text.contains(cause)), "{text}");
    }
    assert_eq!(shown(&stage.send("GET /fail/refusal", &[], "").await), plain(403, "NOT_PERMITTED"));
}

#[tokio::test]
async fn a_handler_that_hangs_is_answered_before_the_function_ends() {
    let stage = Stage::new().await;
    let mut context = lambda_runtime::Context::default();
    context.request_id = "R1".into();
    context.deadline = 0;
    let request = Request::get("/fail/slow").body(Body::empty()).unwrap().with_lambda_context(context);
    let reply = call(&stage.app, request).await;
    let problem: Problem = reply.json().unwrap();
    assert_eq!((reply.status.as_u16(), &*problem.code), (503, "TIMED_OUT"));
    assert_eq!((problem.instance.as_deref(), reply.header("x-request-id")), (Some("urn:request:R1"), "R1"));
}

#[tokio::test]
async fn every_answer_has_its_id_and_the_security_headers() {
    let stage = Stage::new().await;
    for request in ["GET /orders/O1", "GET /nowhere", "GET /fail/panic"] {
        let reply = stage.send(request, &[], "").await;
        let headers = ["x-request-id", "cache-control", "x-content-type-options", "content-security-policy"];
        let expected = ["local", "no-store", "nosniff", "default-src 'none'; frame-ancestors 'none'"];
        assert_eq!(headers.map(|name| reply.header(name)), expected, "{request}");
    }
}

#[tokio::test]
async fn only_valid_tokens_of_ours_are_taken() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let stage = Stage::new().await;
    let actor = Organisation::default().handler.actor();
    let token = stage.token(actor.clone()).await;
    let seen: Value = stage.send_with(&token, "GET /orders/O1", &[], "").await.json().unwrap();
    assert_eq!(seen, json!({"id": "O1", "by": actor.account, "family": "F1"}));

    let [header, body, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let changed = |from: &str, to: &str| {
        let text = String::from_utf8(BASE64.decode(body).unwrap()).unwrap();
        assert!(text.contains(from), "{text}");
        BASE64.encode(text.replace(from, to))
    };
    let signed = async |header: &str, body: String| {
        use workflow::ports::TokenSigner;
        let text = format!("{}.{body}", BASE64.encode(header));
        let signature = stage.key.sign(text.as_bytes()).await.unwrap();
        format!("{text}.{}", BASE64.encode(signature))
    };
    let es256 = r#"{"alg":"ES256","typ":"JWT"}"#;
    let stranger = LocalKey::generate().unwrap();
    let bad = [
        String::new(),
        "x".repeat(5000),
        format!("{header}.{body}."),
        format!("{}.{body}.", BASE64.encode(r#"{"alg":"none"}"#)),
        format!("{header}.{}.{signature}", changed("unit-handler", "finance")),
        signed(r#"{"alg":"HS256","typ":"JWT"}"#, body.to_owned()).await,
        signed(r#"{"alg":"ES384","typ":"JWT"}"#, body.to_owned()).await,
        signed(es256, changed("\"iss\":\"sign-in\"", "\"iss\":\"other\"")).await,
        signed(es256, changed("\"aud\":\"platform\"", "\"aud\":\"other\"")).await,
        signed(es256, changed("\"aud\":\"platform\",", "")).await,
        signed(es256, changed("unit-handler", "emperor")).await,
        issue(&stranger, &Claims::new(actor.clone(), "F1", stage.clock.now())).await.unwrap(),
    ];
    assert_eq!(
        stage.send_with(&signed(es256, body.to_owned()).await, "GET /orders/O1", &[], "").await.status,
        StatusCode::OK,
        "what the test signs itself is taken, so the tokens above fail for what is wrong with them"
    );
    for token in bad {
        let reply = stage.send_with(&token, "GET /orders/O1", &[], "").await;
        assert_eq!(shown(&reply), plain(401, "NOT_SIGNED_IN"), "{token}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        let cookie = Request::get("/orders/O1").header("cookie", format!("{ACCESS_COOKIE}={token}"));
        assert_eq!(shown(&call(&stage.app, cookie.body(Body::empty()).unwrap()).await), plain(401, "NOT_SIGNED_IN"));
    }
    let cookie = Request::get("/orders/O1").header("cookie", format!("theme=dark; {ACCESS_COOKIE}={token}"));
    assert_eq!(call(&stage.app, cookie.body(Body::empty()).unwrap()).await.json::<Value>().unwrap(), seen);
    let unsigned = Request::get("/orders/O1").body(Body::empty()).unwrap();
    assert_eq!(shown(&call(&stage.app, unsigned).await), plain(401, "NOT_SIGNED_IN"));
}

/// Any page can make a browser send its cookies, but not this header.
#[tokio::test]
async fn a_change_by_cookie_needs_the_header_that_only_the_portal_sends() {
    let stage = Stage::new().await;
    let token = stage.token(Organisation::default().handler.actor()).await;
    let send = async |method: &str, header: Option<&str>, token: &str| {
        let request = Request::builder().method(method).uri("/orders").header(KEY.0, KEY.1);
        let mut request = request.header("cookie", format!("{ACCESS_COOKIE}={token}"));
        if let Some(value) = header {
            request = request.header(REQUESTED_BY, value);
        }
        let body = if method == "POST" { Body::from("{\"shares\":1}") } else { Body::empty() };
        call(&stage.app, request.header("content-type", "application/json").body(body).unwrap()).await
    };
    for forged in [None, Some(""), Some("Portal"), Some("portal, portal")] {
        assert_eq!(shown(&send("POST", forged, &token).await), plain(403, "CSRF_HEADER_MISSING"), "{forged:?}");
    }
    assert_eq!(shown(&send("POST", None, "wrong").await), plain(403, "CSRF_HEADER_MISSING"));
    assert_eq!(send("GET", None, &token).await.status, StatusCode::OK);
    assert_eq!(send("POST", Some(PORTAL), &token).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn tokens_end_after_a_quarter_of_an_hour_give_or_take_the_leeway() {
    let stage = Stage::new().await;
    let token = stage.token(Organisation::default().handler.actor()).await;
    let issued = stage.clock.now();
    for (after_s, status) in [(-31, 401), (-30, 200), (0, 200), (929, 200), (930, 401), (i64::from(i32::MAX), 401)] {
        stage.clock.set(issued + jiff::SignedDuration::from_secs(after_s));
        let reply = stage.send_with(&token, "GET /orders/O1", &[], "").await;
        assert_eq!(reply.status.as_u16(), status, "{after_s} s after it was issued");
    }
}
