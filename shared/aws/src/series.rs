//! The sample receipt series: what stands in for the fiscal system until one is connected. Every part of a sample receipt
//! says that it is one.

use std::sync::Arc;

use async_trait::async_trait;
use domain::enrolment::IssuedReceipt;
use jiff::civil::Date;
use workflow::ports::{Outage, ReceiptSeries, Sequence, Sequences, SeriesStanding};

/// Stands before code, number and check code of every sample receipt.
const MARK: &str = "样例";

/// The sample series, numbered by [`Sequence::SampleReceipt`].
#[derive(Clone)]
pub struct SampleSeries {
    sequences: Arc<dyn Sequences>,
}

impl SampleSeries {
    /// A series that takes its numbers from a sequence.
    pub fn new(sequences: Arc<dyn Sequences>) -> Self {
        Self { sequences }
    }
}

#[async_trait]
impl ReceiptSeries for SampleSeries {
    async fn next(&self, on: Date) -> Result<IssuedReceipt, Outage> {
        let n = self.sequences.next(Sequence::SampleReceipt).await?;
        Ok(receipt(n, on))
    }

    async fn standing(&self, on: Date) -> Result<Vec<SeriesStanding>, Outage> {
        let taken = self.sequences.last(Sequence::SampleReceipt).await?;
        let last_number = (taken > 0).then(|| receipt(taken, on).number);
        Ok(vec![SeriesStanding { code: receipt(taken, on).code, last_number, taken, left: None, sample: true }])
    }
}

/// The n-th sample receipt. The check code is arithmetic, not a secret: there is nothing to protect.
fn receipt(n: u64, on: Date) -> IssuedReceipt {
    IssuedReceipt {
        code: format!("{MARK}{:02}000001", on.year() % 100),
        number: format!("{MARK}{n:010}"),
        check_code: format!("{MARK}{:06}", n.wrapping_mul(786_433) % 1_000_000),
        on,
        sample: true,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;

    use testing::memory::MemoryStore;

    use super::*;

    #[tokio::test]
    async fn the_series_tells_how_far_it_has_come() {
        let series = SampleSeries::new(Arc::new(MemoryStore::default()));
        let on = date(2026, 11, 22);
        let standing = async || series.standing(on).await.unwrap().pop().unwrap();
        assert_eq!((standing().await.taken, standing().await.last_number), (0, None));
        let issued = series.next(on).await.unwrap();
        let after = standing().await;
        assert_eq!((after.taken, after.last_number), (1, Some(issued.number)));
        assert_eq!((after.code, after.left, after.sample), (issued.code, None, true));
    }

    #[test]
    fn every_part_of_a_sample_receipt_says_so() {
        let first = receipt(1, date(2026, 11, 22));
        assert_eq!(
            (first.code.as_str(), first.number.as_str(), first.check_code.as_str(), first.sample),
            ("样例26000001", "样例0000000001", "样例786433", true)
        );
        assert_ne!(first.number, receipt(2, date(2026, 11, 22)).number);
    }
}
