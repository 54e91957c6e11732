//! Failed rows corrected in place, judged as an import judges them.

use domain::enrolment::{Enrolment, ImportOutcome};
use domain::plan::PlanVariant;
use serde_json::{Value, json};
use testing::faults::When;
use testing::sample;
use workflow::cover::person_key;

use super::{Bureau, refused, told};

/// Row 3 has a wrong check digit, row 4 no name, row 5 is the person of row 2.
const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n\
                      李四,370202198511304562,,高危\n,440306199912319995,,\n张三,110101199003071233,,\n";

struct Case {
    b: Bureau,
    e: Enrolment,
}

impl Case {
    async fn open() -> Self {
        let b = Bureau::open().await;
        let e = b.import(&b.draft().await, ROSTER).await;
        Self { b, e }
    }

    fn path(&self, what: &str) -> String {
        format!("/enrolments/{}/batches/{}/{what}", self.e.id, self.e.batches[0].upload)
    }

    async fn failed(&self) -> Value {
        let handler = &self.b.world.sample.handler;
        let reply = self.b.ask(handler, &format!("GET {}", self.path("failed-rows")), None, json!({})).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", told(&reply));
        reply.json().unwrap()
    }

    async fn correct(&self, rows: Value) -> lambda::http::Reply {
        let version = self.b.now(&self.e.id).version;
        let request = format!("POST {}", self.path("corrections"));
        self.b.ask(&self.b.world.sample.handler, &request, Some(version), json!({"rows": rows})).await
    }

    fn counts(&self) -> (u32, u32, u32, bool) {
        match self.b.now(&self.e.id).batches[0].outcome.clone() {
            Some(ImportOutcome::Done { total, succeeded, failed, failed_rows }) => {
                (total, succeeded, failed, failed_rows.is_some())
            }
            other => panic!("{other:?}"),
        }
    }
}

fn codes(row: &Value) -> Vec<(&str, &str)> {
    let reasons = row["reasons"].as_array().unwrap().iter();
    reasons.map(|r| (r["cell"].as_str().unwrap(), r["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn failed_rows_are_shown_as_uploaded_with_all_their_reasons() {
    let case = Case::open().await;
    assert_eq!(case.counts(), (4, 1, 3, true));
    let shown = case.failed().await;
    let rows = shown["rows"]["items"].as_array().unwrap();
    assert_eq!((&shown["total"], rows.len(), &shown["share_columns"]), (&json!(3), 3, &json!([])));
    assert_eq!((&rows[0]["row_number"], &rows[0]["id_number"]), (&json!(3), &json!("370202198511304562")));
    assert_eq!(codes(&rows[0]), [("id_number", "ID_CHECK_DIGIT"), ("occupation", "OCCUPATION_UNKNOWN")]);
    assert_eq!(codes(&rows[1]), [("name", "NAME_MISSING")]);
    assert_eq!(codes(&rows[2]), [("id_number", "DUPLICATE_IN_FILE")]);
    let reviewer = &case.b.world.sample.first_reviewer;
    let reply = case.b.ask(reviewer, &format!("GET {}", case.path("failed-rows")), None, json!({})).await;
    assert_eq!(refused(&reply), (403, "NOT_PERMITTED".to_owned()), "the rows hold numbers in full");
    assert_eq!(case.b.world.store.inner().actions_of(case.e.id.as_str()).last().unwrap(), "view-unmasked");
}

#[tokio::test]
async fn rows_are_read_again_by_their_numbers_and_those_that_passed_are_no_longer_there() {
    let case = Case::open().await;
    let read = async |rows: &str| {
        let path = format!("GET {}?rows={rows}", case.path("failed-rows"));
        case.b.ask(&case.b.world.sample.handler, &path, None, json!({})).await
    };
    let numbers = |reply: lambda::http::Reply| {
        let page: Value = reply.json().unwrap();
        let rows = page["rows"]["items"].as_array().unwrap().iter();
        (rows.map(|row| row["row_number"].as_u64().unwrap()).collect::<Vec<_>>(), page["total"].as_u64().unwrap())
    };
    assert_eq!(numbers(read("5,3,3,2").await), (vec![3, 5], 2), "row 2 never failed");
    let fixed = json!([{"row_number": 3, "name": "李四", "id_number": "370202198511304561"}]);
    assert!(case.correct(fixed).await.status.is_success());
    assert_eq!(numbers(read("3,5").await), (vec![5], 1));
    for malformed in ["", "3,", "x", "-1"] {
        assert_eq!(refused(&read(malformed).await), (400, "MALFORMED_REQUEST".to_owned()), "{malformed}");
    }
}

#[tokio::test]
async fn what_passes_joins_the_roster_and_the_rest_stays_with_its_new_reasons() {
    let case = Case::open().await;
    let rows = json!([
        {"row_number": 3, "name": "李四", "id_number": "370202198511304561", "occupation": "高危职业"},
        {"row_number": 5, "name": "张三", "id_number": "110101199003071233"},
    ]);
    let reply = case.correct(rows).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", told(&reply));
    let corrected: Value = reply.json().unwrap();
    assert_eq!((&corrected["accepted"], &corrected["remaining"]), (&json!(1), &json!(2)));
    assert_eq!(codes(&corrected["failed"][0]), [("id_number", "DUPLICATE_IN_ROSTER")], "as an import would say");
    assert!(!told(&reply).contains("110101199003071233"), "no number in an answer that is kept");
    assert_eq!(case.counts(), (4, 2, 2, true));
    let e = case.b.now(&case.e.id);
    let roster = e.lines[0].roster.clone().unwrap();
    assert_eq!((roster.ordinary, roster.high_risk, roster.distribution.female), (1, 1, 1));
    let shown = case.failed().await;
    let left: Vec<_> = shown["rows"]["items"].as_array().unwrap().iter().map(|r| r["row_number"].clone()).collect();
    assert_eq!(left, [4, 5]);

    let rows = json!([{"row_number": 4, "name": "王小五", "id_number": "440306199912319995"},
                      {"row_number": 5, "name": "赵六", "id_number": "911123198808080018", "mobile": "13800000001"}]);
    assert_eq!(case.correct(rows).await.json::<Value>().unwrap()["remaining"], 0);
    assert_eq!(case.counts(), (4, 4, 0, false), "total = succeeded + failed all along");
    assert_eq!(case.b.now(&case.e.id).lines[0].participants(), 4);
    let done = case.correct(json!([{"row_number": 4}])).await;
    assert_eq!(refused(&done).0, 404, "nothing is left to correct");
}

#[tokio::test]
async fn people_are_looked_up_as_by_an_import() {
    let case = Case::open().await;
    let key = person_key(&case.b.world.cipher, "370202198511304561");
    case.b.world.store.inner().set_restricted_person(&key, true);
    let reply = case.correct(json!([{"row_number": 3, "name": "李四", "id_number": "370202198511304561"}])).await;
    let corrected: Value = reply.json().unwrap();
    assert_eq!(codes(&corrected["failed"][0]), [("id_number", "RESTRICTED")]);
    assert_eq!(case.counts(), (4, 1, 3, true));
}

#[tokio::test]
async fn rows_that_cannot_be_meant_are_refused_at_once() {
    let case = Case::open().await;
    let long = "字".repeat(201);
    let rows = json!([{"row_number": 2}, {"row_number": 3, "shares": ["1"]}, {"row_number": 3, "name": long}]);
    let reply = case.correct(rows).await;
    let problem: Value = reply.json().unwrap();
    let errors: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| (&e["pointer"], &e["code"])).collect();
    let expected = [
        ("/rows/0/row_number", "ROW_NOT_FAILED"),
        ("/rows/1/shares", "SHARE_COLUMNS"),
        ("/rows/2/row_number", "ROW_TWICE"),
        ("/rows/2/name", "TEXT_TOO_LONG"),
    ];
    assert_eq!(errors, expected.map(|(p, c)| (json!(p), json!(c))).each_ref().map(|(p, c)| (p, c)));
    let many: Vec<Value> = (0..201).map(|n| json!({"row_number": n})).collect();
    assert_eq!(case.correct(json!(many)).await.json::<Value>().unwrap()["errors"][0]["code"], "ROW_COUNT");
    assert_eq!(case.counts(), (4, 1, 3, true));
}

#[tokio::test]
async fn a_crash_before_or_after_the_commit_corrects_once() {
    for when in [When::Before, When::AfterWritten] {
        let case = Case::open().await;
        let handler = &case.b.world.sample.handler;
        let request = format!("POST {}", case.path("corrections"));
        let rows = json!({"rows": [{"row_number": 4, "name": "王小五", "id_number": "440306199912319995"}]});
        case.b.world.faults.fail_next_commit(when);
        let send =
            async || case.b.ask_as("one-correction", handler, &request, Some(case.e.version), rows.clone()).await;
        assert_eq!(send().await.status.as_u16(), 503);
        let again = send().await;
        assert_eq!(again.status.as_u16(), 200, "{when:?}: {}", told(&again));
        assert_eq!(again.header("idempotency-replayed") == "true", when == When::AfterWritten);
        assert_eq!(told(&send().await), told(&again));
        assert_eq!((case.counts(), case.b.now(&case.e.id).version), ((4, 2, 2, true), case.e.version + 1));
    }
}

/// Two plans, their shares in two columns: row 3 asks for too many shares of the second.
#[tokio::test]
async fn rows_of_several_plans_are_corrected_with_their_shares() {
    let b = Bureau::open().await;
    let e = b.draft().await;
    let (one, two) = (sample::plan("hospital-a"), sample::plan("women-25"));
    let choice = |plan: &PlanVariant| json!({"code": plan.code, "version": plan.version, "shares": 1});
    let plans = json!({"plans": [choice(&one), choice(&two)]});
    let set = b.ask(&b.world.sample.handler, &format!("PUT /enrolments/{}/plans", e.id), Some(e.version), plans).await;
    assert_eq!(set.status.as_u16(), 200, "{}", told(&set));
    let file = format!(
        "姓名,身份证号码,手机号码,职业,{}份数,{}份数\n李四,370202198511304561,,,1,1\n赵六,610103197001010025,,,1,99\n",
        one.variant, two.variant
    );
    let e = b.import(&b.now(&e.id), &file).await;
    let case = Case { e, b };
    let shown = case.failed().await;
    assert_eq!(shown["share_columns"], json!([one.variant, two.variant]));
    let row = &shown["rows"]["items"][0];
    assert_eq!((&row["shares"], codes(row)[0]), (&json!(["1", "99"]), ("shares/1", "SHARES_EXCEEDED")));
    let corrected = case
        .correct(json!([{"row_number": 3, "name": "赵六", "id_number": "610103197001010025", "shares": ["", "1"]}]))
        .await;
    assert_eq!(corrected.json::<Value>().unwrap()["accepted"], 1, "{}", told(&corrected));
    let lines = case.b.now(&case.e.id).lines;
    assert_eq!((lines[0].participants(), lines[1].participants()), (1, 2), "an empty cell is not in it");
}

#[tokio::test]
async fn of_two_who_correct_at_once_one_succeeds() {
    let case = Case::open().await;
    let (handler, registrar) = (&case.b.world.sample.handler, &case.b.world.sample.registrar);
    let rows = json!({"rows": [{"row_number": 4, "name": "王小五", "id_number": "440306199912319995"}]});
    let request = format!("POST {}", case.path("corrections"));
    case.b.one_of_two((handler, registrar), &request, &case.e, rows).await;
    assert_eq!(case.counts(), (4, 2, 2, true));
}
