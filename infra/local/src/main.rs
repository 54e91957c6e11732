//! The project's own commands, started as `cargo xtask <command>`.
//!
//! `up` brings the whole product to life on a laptop; `test` runs every check from nothing; see `docs/local-cloud.md`.
//! Steps print what they do and how long it took; a failed step says in a sentence what to do about it.
#![expect(clippy::disallowed_methods, reason = "a command line tool reads its environment and its clock itself")]

mod browser;
mod build;
mod cloud;
mod companion;
mod deploy;
mod instance;
mod mailbox;
mod portal;
mod shell;
mod suite;
mod tools;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use instance::Instance;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The workers' mutual-aid platform: local cloud, checks, demos, packaging",
    max_term_width = 110
)]
struct Command {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    cloud: CloudArgs,
}

/// Which cloud a command works on.
#[derive(Args)]
struct CloudArgs {
    /// Name of a local cloud of your own, beside others
    #[arg(long, global = true, default_value = "local")]
    instance: String,
    /// Port on loopback; by default the last one, at first 4566, and 4576 for `test`
    #[arg(long, global = true)]
    port: Option<u16>,
    /// An emulator that already runs, or `aws`; credentials come from the usual AWS_… variables
    #[arg(long, global = true, value_name = "URL")]
    endpoint: Option<String>,
}

impl CloudArgs {
    fn instance(&self) -> Result<Instance> {
        Instance::new(&self.instance, self.port, 4566, self.endpoint.clone())
    }
}

#[derive(Subcommand)]
enum Task {
    /// Start the local cloud, deploy, seed, serve the portal, and print addresses and sample accounts
    Up {
        /// Take the programs as they are; a function that was never built fails when it is called
        #[arg(long)]
        no_build: bool,
    },
    /// Stop the local cloud; its state is kept
    Down,
    /// Stop the local cloud and forget its state
    Reset,
    /// What runs, where, and what waits in the queues
    Status,
    /// Log lines of one function, or of all
    Logs {
        /// A folder of functions/
        function: Option<String>,
        /// Keep printing new lines
        #[arg(short, long)]
        follow: bool,
    },
    /// Put the dead letters of a queue back: `cargo xtask redrive text-message`
    Redrive {
        /// The queue, as `status` names it
        queue: String,
    },
    /// Run one function from its sources, restarted on every change: `cargo lambda watch`
    Watch {
        /// A folder of functions/
        function: String,
    },
    /// Zips, template and portal to deploy to AWS, in target/package
    Package {
        /// Build for x86-64 instead of arm64
        #[arg(long)]
        x86_64: bool,
    },
    /// The fast inner loop: format, clippy, tests that need no cloud
    Check,
    /// Every check and test, from nothing, with a local cloud of its own
    Test,
    /// The main jobs on real files, narrated; files land in target/demo
    Demo {
        /// `enrolment`, which is the default, or `registration`
        journey: Option<String>,
    },
    /// Benchmarks beside their anchors
    Bench {
        /// Passed on to the benchmark
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> Result<()> {
    let Command { task, cloud } = Command::parse();
    match task {
        Task::Up { no_build } => deploy::up(&cloud.instance()?, !no_build),
        Task::Down => cloud.instance()?.stop(),
        Task::Reset => cloud.instance()?.reset(),
        Task::Status => deploy::status(&cloud.instance()?),
        Task::Logs { function, follow } => deploy::logs(&cloud.instance()?, function.as_deref(), follow),
        Task::Redrive { queue } => deploy::redrive(&cloud.instance()?, &queue),
        Task::Watch { function } => deploy::watch(&cloud.instance()?, &function),
        Task::Package { x86_64 } => deploy::package(x86_64),
        Task::Check => suite::check(),
        Task::Test => suite::test(&Instance::new("test", cloud.port, 4576, cloud.endpoint)?),
        Task::Demo { journey } => suite::demo(&cloud.instance()?, journey.as_deref()),
        Task::Bench { args } => suite::bench(&cloud.instance()?, &args),
    }
}
