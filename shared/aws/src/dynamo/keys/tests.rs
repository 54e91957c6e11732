//! How keys are spelt.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::civil::date;

use super::*;

fn check(key: Key, pk: &str, sk: &str) {
    assert_eq!((key.pk.as_str(), key.sk.as_str()), (pk, sk));
}

/// Keys are stored: a change here orphans what is in the tables.
#[test]
fn keys_are_spelt_as_ever() {
    let id = AccountId::parse("a-1").unwrap();
    check(node(&NodeId::parse("baoji").unwrap()), "NODE#baoji", "NODE");
    check(unit(&UnitId::parse("u-1").unwrap()), "UNIT#u-1", "UNIT");
    check(unit_term(&UnitId::parse("u-1").unwrap(), 7), "UNIT#u-1", "TERM#007");
    check(mobile("0f"), "MOBILE#0f", "MOBILE");
    check(unit_code("91370211MA3ABCDE1K"), "CODE#91370211MA3ABCDE1K", "CODE");
    check(registration(&RegistrationId::parse("r-1").unwrap()), "REGISTRATION#r-1", "REGISTRATION");
    check(tree(&NodePath::root()), "TREE", "/hq/");
    check(account(&id), "ACCOUNT#a-1", "ACCOUNT");
    check(credentials(&id), "ACCOUNT#a-1", "CREDENTIALS");
    check(user_name("zhangsan"), "USER#zhangsan", "USER");
    check(phrases(&id), "PHRASES#a-1", "PHRASES");
    check(plan_book("hospital-a"), "PLAN-BOOKS", "hospital-a");
    check(rule_book(), "SELF-CHECK-RULES", "RULES");
    check(relief_book(&NodeId::parse("2602").unwrap()), "RELIEFS#2602", "RELIEFS");
    check(wrapped_key("fields", 1), "KEY#fields", "v1");
    check(enrolment(&EnrolmentId::parse("e-1").unwrap()), "E#e-1", "ENROLMENT");
    check(person(&PersonKey("00ff".into())), "P#00ff", "PERSON");
    assert_eq!(cover(&EnrolmentId::parse("e-1").unwrap(), "hospital-a"), "c#e-1#hospital-a");
    check(restriction(&RestrictionId::parse("2602-01J8").unwrap()).unwrap(), "RESTRICTED#2602", "01J8");
    assert_eq!(restricted(&NodeId::parse("2602").unwrap()), "r#2602");
    check(task(&TaskId::parse("e-1-payment-1").unwrap()), "T#e-1-payment-1", "TASK");
    check(trail("e-1", 12, 3), "S#e-1", "TRAIL#0000000012#003");
    check(ledger("e-1", 12, 3), "S#e-1", "LEDGER#0000000012#003");
    check(payment(&EnrolmentId::parse("e-1").unwrap(), 12), "S#e-1", "PAYMENT#0000000012");
    let at_noon = "2026-03-31T04:00:00Z".parse().unwrap();
    assert_eq!(listed_at(date(2026, 3, 31), at_noon), "2026-03-31#2026-03-31T04:00:00.000000000Z");
    let (first, last) = listed_between(date(2026, 3, 1), date(2026, 3, 31));
    assert!((first..=last).contains(&listed_at(date(2026, 3, 31), Timestamp::MAX)));
    let county = NodePath::try_from("/hq/2602/".to_owned()).unwrap();
    let in_lists: Vec<_> = lists(Listed::Ledger, &county).map(|(_, key)| key).collect();
    assert_eq!(in_lists, ["ledger#/hq/", "ledger#/hq/2602/"]);
    assert_eq!(list(Listed::Payment, &county), (1, "payment#/hq/2602/".to_owned()));
    let below = NodePath::try_from("/hq/2602/baoji/u-1/".to_owned()).unwrap();
    let of_trail: Vec<_> = trail_lists(&below).map(|(_, key)| key).collect();
    assert_eq!(of_trail, ["trail#/hq/", "trail#/hq/2602/"], "the country's and the office's");
    assert_eq!(trail_list(&below), (1, "trail#/hq/2602/".to_owned()), "an agency looks through its office's");
    assert_eq!(trail_list(&NodePath::root()), (0, "trail#/hq/".to_owned()));
    assert_eq!(trail_name("A26022026112810000001"), "trail#A26022026112810000001");
    let message_id = MessageId::parse("m-1").unwrap();
    check(message(&message_id), "M#m-1", "MESSAGE");
    check(record(&message_id), "M#m-1", "RECORD");
    check(upload(&UploadId::parse("up-1").unwrap()), "U#up-1", "UPLOAD");
    check(progress(&UploadId::parse("up-1").unwrap()), "U#up-1", "PROGRESS");
    check(idempotency("abc"), "IDEMPOTENCY#abc", "ANSWER");
    check(consumed("send-text", &message_id), "CONSUMED#send-text#m-1", "CONSUMED");
    check(session("f-1"), "SESSION#f-1", "SESSION");
    check(tally("sign-in#00ff"), "TALLY#sign-in#00ff", "TALLY");
    check(ticket("captcha#01J8"), "TICKET#captcha#01J8", "TICKET");
    let at = "2026-11-22T03:04:05Z".parse().unwrap();
    check(sign_in(&id, at, "01J8"), "S#a-1", "SIGNIN#2026-11-22T03:04:05.000000000Z#01J8");
    check(export(&id, &ExportId::parse("x-1").unwrap()), "EXPORTS#a-1", "X#x-1");
    check(sequence(Sequence::Application), "SEQUENCE#application", "SEQUENCE");
    check(sequence(Sequence::Certificate), "SEQUENCE#certificate", "SEQUENCE");
    check(sequence(Sequence::ReceiptBatch), "SEQUENCE#receipt-batch", "SEQUENCE");
    check(sequence(Sequence::SampleReceipt), "SEQUENCE#sample-receipt", "SEQUENCE");
    check(due(date(2026, 3, 1), &message_id), "DUE#2026-03-01", "M#m-1");
}

#[test]
fn a_task_is_in_the_pool_of_every_node_above_it() {
    let path = NodePath::try_from("/hq/2602/baoji/u-1/".to_owned()).unwrap();
    let all: Vec<_> = pools(Half::Pending, Level::FirstReview, &path).collect();
    let expected = [
        (0, "first-review#pending#/hq/"),
        (1, "first-review#pending#/hq/2602/"),
        (2, "first-review#pending#/hq/2602/baoji/"),
        (3, "first-review#pending#/hq/2602/baoji/u-1/"),
    ];
    assert_eq!(all, expected.map(|(depth, key)| (depth, key.to_owned())));
    let baoji = NodePath::try_from("/hq/2602/baoji/".to_owned()).unwrap();
    assert_eq!(pool(Half::Pending, Level::FirstReview, &baoji), all[2]);
    assert_eq!(pool(Half::Pending, Level::FirstReview, &NodePath::root()), all[0]);
    let held = (2, "first-review#held#/hq/2602/baoji/".to_owned());
    assert_eq!(pool(Half::Held, Level::FirstReview, &baoji), held);
}

#[test]
fn an_enrolment_is_in_the_list_of_every_node_above_it() {
    let path = NodePath::try_from("/hq/2602/u-1/".to_owned()).unwrap();
    let all: Vec<_> = lists(Listed::Enrolments(State::AwaitingPrint), &path).collect();
    let expected = [(0, "awaiting-print#/hq/"), (1, "awaiting-print#/hq/2602/"), (2, "awaiting-print#/hq/2602/u-1/")];
    assert_eq!(all, expected.map(|(depth, key)| (depth, key.to_owned())));
    assert_eq!(list(Listed::Enrolments(State::AwaitingPrint), &path), all[2]);
    assert_eq!(list(Listed::Enrolments(State::AwaitingPrint), &NodePath::root()), all[0]);
    let at = "2026-11-22T03:04:05Z".parse().unwrap();
    let place = listed(at, &EnrolmentId::parse("e-1").unwrap());
    assert_eq!(place, "2026-11-22T03:04:05.000000000Z#e-1");
    assert!(instant(at) < place);
}

#[test]
fn a_unit_is_found_at_every_node_above_it() {
    let path = NodePath::try_from("/hq/2602/baoji/qishan/u-1/".to_owned()).unwrap();
    let all: Vec<_> = unit_terms(&path, "name:机械").collect();
    let expected = ["/hq/", "/hq/2602/", "/hq/2602/baoji/", "/hq/2602/baoji/qishan/"];
    assert_eq!(all, expected.iter().map(|node| format!("{node}#name:机械")).enumerate().collect::<Vec<_>>());
    let baoji = NodePath::try_from("/hq/2602/baoji/".to_owned()).unwrap();
    assert_eq!(unit_terms_at(&baoji, "name:机械"), all[2]);
}

#[test]
fn an_application_is_listed_at_every_node_down_to_its_agency() {
    let agency = NodePath::try_from("/hq/2602/baoji/qishan/".to_owned()).unwrap();
    let all: Vec<_> = registrations(&agency, registration::State::Rejected).collect();
    let expected = ["/hq/", "/hq/2602/", "/hq/2602/baoji/", "/hq/2602/baoji/qishan/"];
    let expected = expected.iter().map(|node| format!("{node}#registration:rejected"));
    assert_eq!(all, expected.enumerate().collect::<Vec<_>>());
    let group = registration_group(registration::State::Rejected);
    assert_eq!(unit_terms_at(&agency, &group), all[3]);
    let id = RegistrationId::parse("r-1").unwrap();
    assert_eq!(registration_in(&registration(&id).pk), Some(id));
    assert_eq!(registration_in("UNIT#r-1"), None);
}

#[test]
fn the_order_of_instants_is_the_order_of_time() {
    let at = |text: &str| instant(text.parse().unwrap());
    assert_eq!(at("2026-11-22T03:04:05Z"), "2026-11-22T03:04:05.000000000Z");
    assert!(at("2026-11-22T03:04:05Z") < at("2026-11-22T03:04:05.000000001Z"));
}
