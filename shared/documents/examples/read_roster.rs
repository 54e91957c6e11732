//! Reads a roster file and says how long that took: `cargo run --release --example read_roster -- FILE [ROUNDS]`.
//!
//! Prints one JSON line: rows read, the best of the rounds in milliseconds, and the peak memory of the process in KiB
//! where the system tells it.

use std::time::{Duration, Instant};

use documents::workbook::read_roster;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let rounds: u32 = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let (mut best, mut rows) = (Duration::MAX, 0);
    for _ in 0..rounds {
        let start = Instant::now();
        rows = 0;
        let bytes = std::fs::read(&path)?;
        for row in read_roster(&bytes)? {
            row?;
            rows += 1;
        }
        best = best.min(start.elapsed());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("", str::trim);
    println!(r#"{{"rows": {rows}, "ms": {}.{:03}, "peak": "{peak}"}}"#, best.as_millis(), best.subsec_micros() % 1000);
    Ok(())
}
