//! Fault injection: [`Faulty`] stands around any port and fails on demand.
//!
//! ```
//! # use testing::{faults::{Call, Faults, When}, memory::MemoryStore, world::MemoryObjects};
//! let faults = Faults::default();
//! let store = faults.around(MemoryStore::default());
//! let objects = faults.around(MemoryObjects::default());
//! faults.fail_next_commit(When::AfterWritten);
//! faults.fail_next(Call::PutObject, When::Before);
//! # assert_eq!((faults.calls(Call::Commit), faults.fired()), (0, 0));
//! ```
//!
//! A crash after every single call is walked through with [`Faults::fail_nth`]: count up from 1 until a run fires no
//! fault any more.

mod exports;
mod lists;
mod store;
mod world;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use workflow::ports::Outage;

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing happened.
    Before,
    /// It happened, but the caller does not learn of it: a lost acknowledgement.
    AfterWritten,
}

/// A port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the trait of its name")]
pub enum Port {
    Enrolments,
    EnrolmentLists,
    Commits,
    Tasks,
    Trails,
    Uploads,
    Registry,
    References,
    Sessions,
    Sequences,
    Outbox,
    People,
    Tallies,
    Tickets,
    SignIns,
    MessageLog,
    PhraseBook,
    Exports,
    Units,
    Books,
    Restrictions,
    Directory,
    Objects,
    Queues,
    Texts,
    Mails,
    ReceiptSeries,
}

/// Lists the calls of every port.
macro_rules! calls {
    ($($port:ident: $($call:ident = $name:literal),+;)+) => {
        /// A call of a port.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is the method of its name, with the port's noun where the method has none")]
        pub enum Call {
            $($($call),+),+
        }

        impl Call {
            /// The port it belongs to.
            pub fn port(self) -> Port {
                match self {
                    $($(Self::$call)|+ => Port::$port),+
                }
            }

            fn name(self) -> &'static str {
                match self {
                    $($(Self::$call => $name),+),+
                }
            }
        }
    };
}

calls! {
    Enrolments: Enrolment = "enrolment", EnrolmentsOf = "enrolments-of", DueForRenewal = "due-for-renewal";
    EnrolmentLists: ListEnrolments = "list-enrolments", CountEnrolments = "count-enrolments",
        EnrolmentNumbered = "enrolment-numbered", EnrolmentsEnding = "enrolments-ending";
    Commits: Commit = "commit", Answered = "answered", Consumed = "consumed", Consume = "consume";
    Tasks: Task = "task", Acquire = "acquire", Release = "release", Pool = "pool", PoolCounts = "pool-counts",
        TasksDue = "tasks-due";
    Trails: Trail = "trail";
    Uploads: IssueUpload = "issue-upload", Upload = "upload", ReceiveUpload = "receive-upload",
        SettleUpload = "settle-upload", ReportRows = "report-rows", RowsSoFar = "rows-so-far";
    Registry: Node = "node", Unit = "unit", Account = "account", UserNameTaken = "user-name-taken", MobileHolder = "mobile-holder", Credentials = "credentials",
        CredentialsOf = "credentials-of", SetTotp = "set-totp", UseTotpStep = "use-totp-step";
    References: PlanBooks = "plan-books", PlanBook = "plan-book", RuleBook = "rule-book", ReliefBook = "relief-book";
    Sessions: BeginSession = "begin-session", RotateSession = "rotate-session", RevokeSession = "revoke-session";
    Sequences: NextNumber = "next-number", LastNumber = "last-number";
    Outbox: Unsent = "unsent", Sent = "sent", ReleaseScheduled = "release-scheduled";
    Tallies: Count = "count", Forget = "forget";
    Tickets: KeepTicket = "keep-ticket", Ticket = "ticket", TakeTicket = "take-ticket";
    SignIns: RecordSignIn = "record-sign-in", SignIns = "sign-ins";
    MessageLog: Message = "message", Messages = "messages";
    People: Known = "known", WriteCover = "write-cover", MoveCover = "move-cover";
    PhraseBook: Phrases = "phrases", PutPhrases = "put-phrases";
    Exports: Export = "export", Exports = "exports";
    Units: Registration = "registration", Registrations = "registrations", CodeHolder = "code-holder", FindUnits = "find-units", Classified = "classified",
        Subtree = "subtree";
    Books: Payments = "payments", Ledger = "ledger", LedgerTotals = "ledger-totals",
        MoveBooks = "move-books";
    Restrictions: Restrictions = "restrictions", Restriction = "restriction";
    Objects: GetObject = "get-object", PutObject = "put-object", PutPieces = "put-pieces", SubmitObject = "submit-object",
        Link = "link", PostForm = "post-form";
    Queues: SendMessage = "send-message", DeadLetters = "dead-letters";
    Directory: NodesUnder = "nodes-under", AccountsUnder = "accounts-under", ActionsOf = "actions-of",
        DoneIn = "done-in";
    Texts: SendText = "send-text";
    Mails: SendMail = "send-mail";
    ReceiptSeries: NextReceipt = "next-receipt", SeriesStanding = "series-standing";
}

/// What fails, and what was called. Clones share it, so one plan spans all ports of a test.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Debug, Default)]
struct Plan {
    next: Vec<(Call, When)>,
    nth: Option<(u64, When)>,
    every_nth: Vec<(Port, u64, When)>,
    calls: HashMap<Call, u64>,
    total: u64,
    fired: u64,
}

impl Faults {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().expect("no holder of the lock panics")
    }

    /// A port (or a store, all of whose ports are meant) that fails as planned here.
    pub fn around<T>(&self, inner: T) -> Faulty<T> {
        Faulty { inner, faults: self.clone() }
    }

    /// Fails the next commit.
    pub fn fail_next_commit(&self, when: When) {
        self.fail_next(Call::Commit, when);
    }

    /// Fails the next call of a kind; asked twice, the next two.
    pub fn fail_next(&self, call: Call, when: When) {
        self.plan().next.push((call, when));
    }

    /// Fails the `n`-th call from now on, of whatever port, counted from 1; it replaces an earlier such wish. A message
    /// of a batch counts as a call.
    pub fn fail_nth(&self, n: u64, when: When) {
        let mut plan = self.plan();
        plan.nth = Some((plan.total + n, when));
    }

    /// Fails every `n`-th call of a port, its calls counted from the start.
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn fail_every_nth(&self, port: Port, n: u64, when: When) {
        assert!(n > 0, "there is no 0th call");
        self.plan().every_nth.push((port, n, when));
    }

    /// Fails nothing any more; the counts stay.
    pub fn heal(&self) {
        let mut plan = self.plan();
        (plan.next, plan.nth, plan.every_nth) = Default::default();
    }

    /// How often something was called, failed calls included.
    pub fn calls(&self, call: Call) -> u64 {
        self.plan().calls.get(&call).copied().unwrap_or_default()
    }

    /// How often a port was called, failed calls included.
    pub fn calls_to(&self, port: Port) -> u64 {
        self.plan().calls_to(port)
    }

    /// How many calls there were of all ports, failed calls included.
    pub fn total(&self) -> u64 {
        self.plan().total
    }

    /// How many faults have fired.
    pub fn fired(&self) -> u64 {
        self.plan().fired
    }

    /// Counts a call; answers whether and when it fails.
    fn meet(&self, call: Call) -> Option<When> {
        let mut plan = self.plan();
        *plan.calls.entry(call).or_default() += 1;
        plan.total += 1;
        let of_port = plan.calls_to(call.port());
        let once = plan.next.iter().position(|(next, _)| *next == call).map(|at| plan.next.remove(at).1);
        let total = plan.total;
        let nth = plan.nth.take_if(|(n, _)| *n == total).map(|(_, when)| when);
        let every = plan.every_nth.iter().find(|(port, n, _)| *port == call.port() && of_port.is_multiple_of(*n));
        let when = once.or(nth).or(every.map(|(_, _, when)| *when));
        plan.fired += u64::from(when.is_some());
        when
    }
}

impl Plan {
    fn calls_to(&self, port: Port) -> u64 {
        self.calls.iter().filter(|(call, _)| call.port() == port).map(|(_, count)| count).sum()
    }
}

/// A port that fails as its [`Faults`] plan.
#[derive(Debug, Clone)]
pub struct Faulty<T> {
    inner: T,
    faults: Faults,
}

impl<T> Faulty<T> {
    /// What stands behind, to look into.
    pub fn inner(&self) -> &T {
        &self.inner
    }

    /// Does the work unless the call fails before, and hides its answer if the call fails after.
    async fn meet<A, E: From<Outage>>(
        &self,
        call: Call,
        work: impl Future<Output = Result<A, E>> + Send,
    ) -> Result<A, E> {
        let Some(when) = self.faults.meet(call) else { return work.await };
        if when == When::AfterWritten {
            // Even a refusal is lost with the acknowledgement.
            let _ = work.await;
        }
        Err(outage(call).into())
    }
}

fn outage(call: Call) -> Outage {
    Outage::new(call.name(), "injected fault")
}

#[cfg(test)]
mod tests;
