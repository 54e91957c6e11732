//! The payment notice: counted, rendered by the queue, linked once it is there.

use domain::enrolment::State;
use lambda::batch::Outcome;
use serde_json::{Value, json};
use testing::faults::When;
use workflow::ports::Bucket;

use super::{Bureau, refused, told};

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n";

#[tokio::test]
async fn every_print_is_counted_and_rendered_once() {
    let b = Bureau::open().await;
    let draft = b.import(&b.draft().await, ROSTER).await;
    let (handler, finance) = (&b.world.sample.handler, &b.world.sample.finance);
    let view = format!("GET /enrolments/{}/notice", draft.id);
    let print = format!("POST /enrolments/{}/notice/prints", draft.id);
    let early = b.ask(handler, &print, Some(draft.version), json!({})).await;
    assert_eq!(refused(&early), (409, "WRONG_STATE".to_owned()));

    let e = b.place(&draft, State::Invoicing).await;
    assert_eq!(refused(&b.ask(handler, &view, None, json!({})).await).0, 404, "nothing printed yet");
    let first = b.ask_as("one-print", handler, &print, Some(e.version), json!({})).await;
    let again = b.ask_as("one-print", handler, &print, Some(e.version), json!({})).await;
    assert_eq!((first.status.as_u16(), told(&first)), (200, told(&again)));
    assert_eq!(refused(&b.ask(handler, &view, None, json!({})).await), (409, "NOTICE_NOT_RENDERED".to_owned()));

    let version = b.now(&e.id).version;
    assert_eq!(b.render().await, [Outcome::Done]);
    assert_eq!(b.render().await, [Outcome::Duplicate], "delivered twice");
    assert_eq!(b.now(&e.id).version, version, "rendering does not get in the way of receipt entry");
    let shown: Value = b.ask(finance, &view, None, json!({})).await.json().unwrap();
    assert_eq!((&shown["prints"], shown["url"].is_string()), (&json!(1), true));
    let printed = b.world.objects.inner().keys(Bucket::Documents);
    assert!(printed.contains(&format!("notices/{}/1.pdf", e.id)), "{printed:?}");

    let second = b.ask(finance, &print, Some(version), json!({})).await;
    assert_eq!(second.status.as_u16(), 200, "{}", told(&second));
    assert_eq!(refused(&b.ask(finance, &view, None, json!({})).await), (409, "NOTICE_NOT_RENDERED".to_owned()));
    assert_eq!(b.render().await, [Outcome::Duplicate, Outcome::Done], "the first print is not wanted any more");
    let shown: Value = b.ask(handler, &view, None, json!({})).await.json().unwrap();
    assert_eq!(shown["prints"], 2);
    let trail = b.world.store.inner().trail_of(e.id.as_str());
    let prints: Vec<_> = trail.iter().filter(|t| t.action == "print-notice").map(|t| t.note.as_str()).collect();
    assert_eq!(prints, ["第1次打印", "第2次打印"]);
}

#[tokio::test]
async fn a_preview_says_what_a_print_would_and_counts_nothing() {
    let b = Bureau::open().await;
    let draft = b.import(&b.draft().await, ROSTER).await;
    let (handler, finance) = (&b.world.sample.handler, &b.world.sample.finance);
    let preview = format!("GET /enrolments/{}/notice/preview", draft.id);
    assert_eq!(refused(&b.ask(handler, &preview, None, json!({})).await), (409, "WRONG_STATE".to_owned()));

    let e = b.place(&draft, State::Invoicing).await;
    let shown: Value = b.ask(handler, &preview, None, json!({})).await.json().unwrap();
    let due = e.amount_due().unwrap();
    assert_eq!(
        (&shown["application_number"], &shown["amount_due_fen"]),
        (&json!(e.application_number), &json!(due.fen()))
    );
    assert_eq!(shown["amount_due_words"], domain::money::amount_in_words(due));
    let plan = &shown["plans"][0];
    assert_eq!((&plan["members"], &plan["shares"], &plan["amount_fen"]), (&json!(1), &json!(1), &json!(due.fen())));
    assert_eq!((&shown["pay_by"], &shown["reliefs"]), (&json!("2026-03-25"), &json!([])), "the settlement day");
    let account = b.world.sample.office().settings.clone().unwrap().collection_account;
    assert_eq!(shown["account_number"], account.account_number);
    assert_eq!(b.now(&e.id).notice, None);
    assert_eq!(b.now(&e.id).version, e.version);
    assert!(b.ask(finance, &preview, None, json!({})).await.status.is_success());
    let reviewer = b.ask(&b.world.sample.first_reviewer, &preview, None, json!({})).await;
    assert_eq!(refused(&reviewer).0, 403);
}

#[tokio::test]
async fn of_two_who_print_at_once_one_counts() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let e = b.place(&e, State::AwaitingPayment).await;
    let (handler, registrar) = (&b.world.sample.handler, &b.world.sample.registrar);
    let print = format!("POST /enrolments/{}/notice/prints", e.id);
    b.one_of_two((handler, registrar), &print, &e, json!({})).await;
    assert_eq!(b.now(&e.id).notice.unwrap().prints, 1);
    let reviewer = b.ask(&b.world.sample.first_reviewer, &print, Some(1), json!({})).await;
    assert_eq!(refused(&reviewer), (412, "VERSION_CHANGED".to_owned()), "the version comes first");
    let now = b.now(&e.id).version;
    let reviewer = b.ask(&b.world.sample.first_reviewer, &print, Some(now), json!({})).await;
    assert_eq!(refused(&reviewer), (403, "NOT_PERMITTED".to_owned()));
}

#[tokio::test]
async fn rendering_survives_a_crash_at_every_call() {
    let mut fired = 0;
    for when in [When::Before, When::AfterWritten] {
        for n in 1..=7 {
            let b = Bureau::open().await;
            let e = b.place(&b.import(&b.draft().await, ROSTER).await, State::Invoicing).await;
            let print = format!("POST /enrolments/{}/notice/prints", e.id);
            b.ask(&b.world.sample.handler, &print, Some(e.version), json!({})).await;
            let before = b.world.faults.fired();
            b.world.faults.fail_nth(n, when);
            b.render_at_last().await;
            b.world.faults.heal();
            fired += b.world.faults.fired() - before;
            let view =
                b.ask(&b.world.sample.handler, &format!("GET /enrolments/{}/notice", e.id), None, json!({})).await;
            assert_eq!(view.status.as_u16(), 200, "call {n} failed {when:?}: {}", told(&view));
        }
    }
    assert!(fired >= 12, "the worker makes too few calls to fail: {fired}");
}

#[tokio::test]
async fn a_character_no_font_can_draw_is_told_to_the_handler() {
    let b = Bureau::open().await;
    let e = b.import(&b.draft().await, ROSTER).await;
    let e = b.place(&e, State::Invoicing).await;
    let mut unit = b.world.sample.unit.clone();
    unit.name.push('\u{10fffd}');
    b.world.store.inner().with_unit(unit);
    let handler = &b.world.sample.handler;
    let print = format!("POST /enrolments/{}/notice/prints", e.id);
    assert_eq!(b.ask(handler, &print, Some(e.version), json!({})).await.status.as_u16(), 200);
    assert_eq!(b.render().await, [Outcome::Done], "the problem is recorded");
    let view = b.ask(handler, &format!("GET /enrolments/{}/notice", e.id), None, json!({})).await;
    assert_eq!(refused(&view), (409, "NOTICE_NOT_RENDERABLE".to_owned()));
    assert!(b.world.objects.inner().keys(Bucket::Documents).iter().all(|key| !key.starts_with("notices/")));
}
