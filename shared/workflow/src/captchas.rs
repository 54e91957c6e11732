//! Captchas: a sum, shown as a picture and told in words. Each is asked for once and answered once.
//!
//! A captcha slows down whoever tries many names and passwords; it keeps nobody out who reads. What bounds guessing are
//! the lock-out and the limits of [`crate::codes`].

use domain::identity::normalise;
use domain::refusal::Problem;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use crate::ports::{Ids, Outage, Ticket, Tickets};

/// How long a captcha can be answered (workflows: sign-in and accounts).
pub const LIFE: SignedDuration = SignedDuration::from_mins(2);

/// A sum of two numbers below a hundred.
#[derive(Clone, Copy)]
pub struct Captcha {
    /// What the answer refers to.
    pub id: Ulid,
    left: u8,
    right: u8,
}

impl Captcha {
    /// As drawn: `47+8=?`.
    pub fn formula(&self) -> String {
        format!("{}+{}=?", self.left, self.right)
    }

    /// As spoken: `四十七加八等于几`.
    pub fn words(&self) -> String {
        format!("{}加{}等于几", spoken(self.left), spoken(self.right))
    }
}

/// A number below a hundred as it is spoken.
fn spoken(number: u8) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u8| DIGITS[usize::from(n % 10)];
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_owned(),
        (tens, ones) => {
            let tens = if tens == 1 { "" } else { digit(tens) };
            format!("{tens}十{}", if ones == 0 { "" } else { digit(ones) })
        }
    }
}

/// Name of a captcha's ticket.
pub fn ticket_name(id: Ulid) -> String {
    format!("captcha#{id}")
}

/// A new captcha.
pub async fn issue(tickets: &dyn Tickets, ids: &dyn Ids, now: Timestamp) -> Result<Captcha, Outage> {
    let [a, b, order, ..] = ids.secret();
    let (large, small) = (11 + a % 79, 1 + b % 9);
    let (left, right) = if order % 2 == 0 { (large, small) } else { (small, large) };
    let captcha = Captcha { id: ids.ulid(), left, right };
    let ticket = Ticket {
        name: ticket_name(captcha.id),
        holds: left.saturating_add(right).to_string(),
        expires_at: now.checked_add(LIFE).unwrap_or(now),
    };
    tickets.keep_ticket(&ticket).await?;
    Ok(captcha)
}

/// Uses a captcha up, whatever the answer; `at` is where the answer was given.
pub async fn check(
    tickets: &dyn Tickets,
    now: Timestamp,
    at: &str,
    (id, answer): (&str, &str),
) -> Result<Option<Problem>, Outage> {
    let ticket = match Ulid::from_string(id) {
        Ok(id) => tickets.take_ticket(&ticket_name(id), now).await?,
        Err(_) => None,
    };
    Ok(match ticket {
        None => Some(Problem::new(at, "CAPTCHA_EXPIRED", "验证码已使用或已过期，请换一张")),
        Some(ticket) if ticket.holds != normalise(answer) => {
            Some(Problem::new(at, "CAPTCHA_WRONG", "验证码不正确，请换一张重新计算"))
        }
        Some(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_they_are_spoken() {
        let told = [3, 10, 15, 20, 47, 99].map(spoken);
        assert_eq!(told, ["三", "十", "十五", "二十", "四十七", "九十九"]);
    }

    #[test]
    fn picture_and_words_ask_the_same() {
        let captcha = Captcha { id: Ulid::nil(), left: 3, right: 15 };
        assert_eq!((captcha.formula().as_str(), captcha.words().as_str()), ("3+15=?", "三加十五等于几"));
    }
}
