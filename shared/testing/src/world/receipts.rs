//! A receipt series that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use domain::enrolment::IssuedReceipt;
use jiff::civil::Date;
use workflow::ports::{Outage, ReceiptSeries, SeriesStanding};

const CODE: &str = "00000000";

/// Sample receipts numbered from 1. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct CountingSeries(Arc<AtomicU64>);

impl CountingSeries {
    /// How many receipts were given out.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl ReceiptSeries for CountingSeries {
    async fn next(&self, on: Date) -> Result<IssuedReceipt, Outage> {
        let n = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(IssuedReceipt {
            code: CODE.to_owned(),
            number: format!("{n:010}"),
            check_code: format!("{:06x}", n * 7919 % 0x100_0000),
            on,
            sample: true,
        })
    }

    async fn standing(&self, _: Date) -> Result<Vec<SeriesStanding>, Outage> {
        let taken = self.count();
        let last_number = (taken > 0).then(|| format!("{taken:010}"));
        Ok(vec![SeriesStanding { code: CODE.to_owned(), last_number, taken, left: None, sample: true }])
    }
}
