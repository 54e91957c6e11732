//! What the steps cost in AWS: calls and units, counted between the functions and the local cloud (`infra/local/meter.py`).

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};
use futures::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use tests::cast::Cast;
use tests::clerk::Clerk;
use tests::client::Client;
use tests::cloud::Cloud;
use tests::files::{self, Maker};
use tests::operator::Operator;

/// Members of the enrolments that are followed from the upload to cover; the first one only warms the functions up.
const MEMBERS: [u32; 4] = [10, 100, 10_000, 100_000];
/// Records more than are there whose pages must cost the same.
const CROWD: usize = 100_000;
/// As many of them stand where the page looks, the others in another office. MiniStack sorts all of an index's partition for each
/// query: of many more its answers come too late, whatever they would cost.
const OWN: usize = 10_000;
/// Where the others stand.
const OTHER_OFFICE: &str = "/hq/9999/";
/// Records of a page.
const PAGE: usize = 20;
/// Records in a call that writes them, and such calls at a time.
const BATCH: usize = 25;
const AT_ONCE: usize = 4;
/// Longest a step may take to come to rest: 100,000 covers, one call each.
const PATIENCE: Duration = Duration::from_secs(1200);

/// Makes the people of every run and size others.
#[expect(clippy::disallowed_methods, reason = "the people must differ from those of every earlier run")]
fn seed(members: u32) -> u32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    u32::try_from(now % 1_000_000).unwrap_or_default().wrapping_add(members)
}

/// Counts, by what is counted: calls are whole, units and GB-seconds are not.
type Counts = BTreeMap<String, Value>;

/// The meter; the functions get their own address back when it goes.
struct Meter {
    process: Child,
    address: String,
}

impl Meter {
    #[expect(clippy::disallowed_methods, reason = "`cargo xtask` tells by the environment where boto3 is")]
    fn start(cloud: &Path) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/local/meter.py");
        let mut python = Command::new(std::env::var_os("CLOUD_PYTHON").context("run `cargo xtask bench`")?);
        let mut process =
            python.arg(script).arg(cloud).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("no meter")?;
        let mut address = String::new();
        BufReader::new(process.stdout.take().context("no output")?).read_line(&mut address)?;
        ensure!(address.starts_with("http"), "the meter did not start");
        Ok(Self { process, address: address.trim().to_owned() })
    }

    async fn take(&self) -> Result<Counts> {
        Ok(reqwest::get(format!("{}/_meter", self.address)).await?.json().await?)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Follows enrolments of several sizes, then shows pages of tables with few records and with many.
pub async fn table(file: &Path, cloud: &Cloud) -> Result<()> {
    let meter = Meter::start(file)?;
    println!(
        "\n{:52}{:>12}{:>10}{:>13}{:>9}{:>10}{:>7}{:>8}{:>8}  goal",
        "step", "read units", "counting", "write units", "indexes", "dynamodb", "s3", "queues", "GB-s"
    );
    let course = Course { meter: &meter, operator: Operator::of(cloud).await, cast: Cast::sign_in(cloud).await? };
    for members in MEMBERS {
        course.follow(members, members != MEMBERS[0]).await?;
    }
    pages(cloud, &course).await
}

/// An enrolment's way, measured step by step.
struct Course<'a> {
    meter: &'a Meter,
    operator: Operator,
    cast: Cast,
}

impl Course<'_> {
    /// From the upload to the mail with the receipt.
    async fn follow(&self, members: u32, shown: bool) -> Result<()> {
        let row = async |step: &str, goal: &str| self.row(shown, &format!("{step} ({members} members)"), goal).await;
        let clerk = self.opened(members).await?;
        row("open, plans, headcounts", "").await?;
        let roster = files::roster(Maker::Openpyxl, members, seed(members))?.file;
        let form = clerk.form("roster", &["hospital-a"], "roster.xlsx", &roster).await?.ok()?;
        ensure!(clerk.client.post_form(&form, roster).await? < 300, "the bucket refused the roster");
        self.rest().await?;
        row("import", "write ≤ 10").await?;
        self.completed(&clerk).await?;
        row("two attachments, completion", "").await?;
        for reviewer in [&self.cast.first, &self.cast.second] {
            self.approved(&clerk, reviewer).await?;
            row("review: acquire, approve", "2 writes").await?;
        }
        let due = self.receipt(&clerk).await?;
        row("receipt entered, submitted", "2 writes").await?;
        let finance = clerk.seen_by(&self.cast.finance);
        finance.acquire().await?.ok()?;
        let arrived = json!({"arrived_on": "2026-01-05", "amount_fen": due, "channel": "transfer",
            "bank_reference": "BANK-0001", "remark": ""});
        finance.act(Method::POST, "/payment", arrived).await?;
        self.rest().await?;
        row("payment, activation, certificate", "write ≤ 1 a member").await?;
        self.operator.bring_forward(&clerk.id).await?;
        self.rest().await?;
        row("receipt issued and mailed", "").await
    }

    /// An enrolment whose second review is due.
    async fn reviewed_once(&self) -> Result<Clerk> {
        let clerk = self.opened(10).await?;
        clerk.act(Method::PUT, "/unnamed-members", json!({"plan": "hospital-a", "ordinary": 10})).await?;
        self.completed(&clerk).await?;
        self.approved(&clerk, &self.cast.first).await?;
        Ok(clerk)
    }

    async fn opened(&self, members: u32) -> Result<Clerk> {
        let clerk = Clerk::open(&self.cast.handler).await?;
        let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
        clerk.act(Method::PUT, "/plans", plans).await?;
        clerk.act(Method::PUT, "/details", json!({"staff": members, "female_staff": members / 2})).await?;
        Ok(clerk)
    }

    async fn completed(&self, clerk: &Clerk) -> Result<()> {
        clerk.attach("over-age-proof", "proof.pdf", files::pdf()).await?;
        clerk.attach("enrolment-attachment", "licence.png", files::photo()?).await?;
        clerk.act(Method::POST, "/completion", json!({})).await?;
        self.rest().await
    }

    async fn approved(&self, clerk: &Clerk, reviewer: &Client) -> Result<()> {
        let approve = json!({"conclusion": "approve", "opinion": "同意", "final_review": false});
        clerk.seen_by(reviewer).review(approve).await?;
        self.rest().await
    }

    async fn receipt(&self, clerk: &Clerk) -> Result<Value> {
        let plan = clerk.view().await?["plans"][0].clone();
        let (all, high) = (plan["participants"].as_u64().context("no participants")?, plan["high_risk"].as_u64());
        let persons = [("ordinary", all - high.unwrap_or(0)), ("high-risk", high.unwrap_or(0))];
        let item = |(occupation, persons): (&str, u64)| json!({"plan_code": "hospital-a", "occupation": occupation, "persons": persons, "price_fen": 9_500});
        let items: Vec<Value> = persons.into_iter().filter(|(_, persons)| *persons > 0).map(item).collect();
        let receipt = json!({"fund_source": "union-funds", "payer_title": "岐山县第一机械厂工会委员会",
            "tax_number_type": "credit-code", "tax_number": "81370200MC7654321U", "channel": "transfer",
            "payer_email": "union@example.com", "items": items});
        clerk.act(Method::POST, "/receipts", receipt).await?;
        clerk.act(Method::POST, "/receipts/submission", json!({})).await?;
        self.rest().await?;
        Ok(clerk.view().await?["amount_due_fen"].clone())
    }

    /// Waits until the step's consequences are done: nothing in the outbox nor in any queue.
    async fn rest(&self) -> Result<()> {
        // The object's event takes a moment to reach its queue.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let dead = self.operator.settle_within(PATIENCE).await?;
        ensure!(dead.is_empty(), "dead letters: {dead:?}");
        Ok(())
    }

    async fn row(&self, shown: bool, step: &str, goal: &str) -> Result<()> {
        let counts = self.meter.take().await?;
        if shown {
            print(step, &counts, goal);
        }
        Ok(())
    }
}

fn print(step: &str, counts: &Counts, goal: &str) {
    let of = |what: &str| counts.get(what).and_then(Value::as_f64).unwrap_or_default();
    let calls = |service: &str| {
        let of_service = counts.iter().filter(|(name, _)| name.starts_with(service));
        of_service.filter_map(|(_, count)| count.as_u64()).sum::<u64>()
    };
    println!(
        "{step:52}{:>12.1}{:>10.1}{:>13}{:>9}{:>10}{:>7}{:>8}{:>8.2}  {goal}",
        of("read units"),
        of("count units"),
        of("write units"),
        of("index units"),
        calls("DynamoDB "),
        calls("S3 "),
        calls("SQS "),
        of("GB-seconds"),
    );
}

/// A page, and the record that is copied into its table until there is a crowd.
struct Crowded {
    step: &'static str,
    table: &'static str,
    /// The record's key, and what its copies differ in: the key and what sorts them.
    key: (String, &'static str),
    differ: &'static [&'static str],
    account: &'static str,
    page: &'static str,
}

/// Pages with the few records that are there, with a page more, and with a crowd.
async fn pages(cloud: &Cloud, course: &Course<'_>) -> Result<()> {
    let clerk = course.reviewed_once().await?;
    course.meter.take().await?;
    let task = clerk.view().await?["task"].as_str().context("no open task")?.to_owned();
    let pages = [
        Crowded {
            step: "page of a pool",
            table: "tasks",
            key: (format!("T#{task}"), "TASK"),
            differ: &["pk"],
            account: "chenfushen",
            page: "/tasks?level=second-review",
        },
        Crowded {
            step: "page of a list",
            table: "enrolments",
            key: (format!("E#{}", clerk.id), "ENROLMENT"),
            differ: &["pk", "listed"],
            account: "zhangsan",
            page: "/enrolments",
        },
    ];
    let crowd = Crowd { client: aws_sdk_dynamodb::Client::new(&cloud.sdk().await), cloud };
    for page in pages {
        let reader = Client::new(cloud)?.sign_in(page.account).await?;
        let copied = crowd.item(&page).await?;
        for (from, to) in [(0, 0), (0, PAGE), (PAGE, CROWD)] {
            crowd.change(&page, &copied, from..to, true).await?;
            course.meter.take().await?;
            let asked = Instant::now();
            reader.get(page.page).await?.ok()?;
            let step = format!("{}, {to} records more ({:.0?})", page.step, asked.elapsed());
            print(&step, &course.meter.take().await?, "the same");
        }
        crowd.change(&page, &copied, 0..CROWD, false).await?;
    }
    Ok(())
}

type Item = HashMap<String, AttributeValue>;

/// The path of the office whose lists a record is in.
fn office_of(item: &Item) -> Option<String> {
    let texts = item.values().filter_map(|value| value.as_s().ok());
    let below = texts.filter_map(|text| text.split_once("/hq/")?.1.split('/').next());
    below.filter(|office| !office.is_empty()).map(|office| format!("/hq/{office}/")).next()
}

/// Writes many records and removes them.
struct Crowd<'a> {
    client: aws_sdk_dynamodb::Client,
    cloud: &'a Cloud,
}

impl Crowd<'_> {
    fn table(&self, page: &Crowded) -> Result<&str> {
        Ok(self.cloud.tables.get(page.table).context("no such table")?)
    }

    async fn item(&self, page: &Crowded) -> Result<Item> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let get = self.client.get_item().table_name(self.table(page)?);
        let found = get.key("pk", text(&page.key.0)).key("sk", text(page.key.1)).send().await?.item;
        found.context("the record to be copied is not there")
    }

    /// Writes, or removes, the copies of these numbers.
    async fn change(&self, page: &Crowded, copied: &Item, numbers: Range<usize>, write: bool) -> Result<()> {
        let own_office = office_of(copied).context("the record stands in no office")?;
        let requests = numbers.map(|number| {
            let mut copy = copied.clone();
            if number >= OWN {
                for value in copy.values_mut() {
                    if let AttributeValue::S(text) = value {
                        *text = text.replace(&own_office, OTHER_OFFICE);
                    }
                }
            }
            for name in page.differ {
                let text = copy.get(*name).and_then(|value| value.as_s().ok()).context("not a text")?;
                let text = format!("{text}-{number:06}");
                copy.insert((*name).to_owned(), AttributeValue::S(text));
            }
            let request = WriteRequest::builder();
            if write {
                return Ok(request.put_request(PutRequest::builder().set_item(Some(copy)).build()?).build());
            }
            copy.retain(|name, _| name == "pk" || name == "sk");
            Ok(request.delete_request(DeleteRequest::builder().set_key(Some(copy)).build()?).build())
        });
        let requests = requests.collect::<Result<Vec<_>>>()?;
        let table = self.table(page)?;
        let batches = requests
            .chunks(BATCH)
            .map(|batch| self.client.batch_write_item().request_items(table, batch.to_vec()).send());
        let mut batches = futures::stream::iter(batches).buffer_unordered(AT_ONCE);
        while let Some(written) = batches.next().await {
            ensure!(written?.unprocessed_items.is_none_or(|left| left.is_empty()), "a batch was not written whole");
        }
        Ok(())
    }
}
