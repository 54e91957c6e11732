//! Mobile numbers and e-mail addresses.

use email_address::{EmailAddress, Options};

use super::{mask, normalise, private_text, text::visible};
use crate::reason::Reason;

const MOBILE_LENGTH: usize = 11;

/// A mainland mobile number, `1[3-9]` and nine digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mobile([u8; MOBILE_LENGTH]);

private_text!(Mobile);

impl Mobile {
    /// Reads a number as typed.
    ///
    /// # Errors
    /// `PHONE_MISSING` or `PHONE_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = normalise(text);
        if text.is_empty() {
            return Err(Reason::PhoneMissing);
        }
        match <[u8; MOBILE_LENGTH]>::try_from(text.as_bytes()) {
            Ok(digits @ [b'1', b'3'..=b'9', rest @ ..]) if rest.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            _ => Err(Reason::PhoneFormat),
        }
    }

    fn read(text: &str) -> Result<Self, [Reason; 1]> {
        Self::parse(text).map_err(|reason| [reason])
    }

    /// The full number; personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `138****5678`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(self.as_str(), 3, 4)
    }
}

/// An e-mail address that a mail server can deliver to: a local part and a domain with a dot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(Box<str>);

private_text!(Email);

impl Email {
    /// Reads an address as typed; full-width characters are taken as half-width.
    ///
    /// # Errors
    /// `EMAIL_MISSING` or `EMAIL_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text: String = visible(text).collect();
        let text = text.trim();
        if text.is_empty() {
            return Err(Reason::EmailMissing);
        }
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        match EmailAddress::parse_with_options(text, options) {
            Ok(address) => Ok(Self(address.as_str().into())),
            Err(_) => Err(Reason::EmailFormat),
        }
    }

    fn read(text: &str) -> Result<Self, [Reason; 1]> {
        Self::parse(text).map_err(|reason| [reason])
    }

    /// The full address; personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `z***@example.com`: the first character of the local part and the domain.
    #[must_use]
    pub fn masked(&self) -> String {
        let domain = self.0.rsplit('@').next().unwrap_or_default();
        let first: String = self.0.chars().take(1).collect();
        format!("{first}***@{domain}")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn reads_mobiles() {
        let check = |text: &str, expect: Result<&str, Reason>| {
            assert_eq!(Mobile::parse(text).as_ref().map(Mobile::as_str), expect.as_deref());
        };
        check("13800138000", Ok("13800138000"));
        check(" １９９ 0013 8000", Ok("19900138000"));
        check("", Err(Reason::PhoneMissing));
        check("12800138000", Err(Reason::PhoneFormat));
        check("1380013800", Err(Reason::PhoneFormat));
        check("138001380000", Err(Reason::PhoneFormat));
        check("+8613800138000", Err(Reason::PhoneFormat));
        check("029-88888888", Err(Reason::PhoneFormat));
        assert_eq!(format!("{:?}", Mobile::parse("13812345678").unwrap()), "Mobile(138****5678)");
    }

    #[test]
    fn reads_addresses() {
        let check = |text: &str, expect: Result<&str, Reason>| {
            assert_eq!(Email::parse(text).as_ref().map(Email::as_str), expect.as_deref(), "{text}");
        };
        check("finance@example.com", Ok("finance@example.com"));
        check(" finance＠example．com ", Ok("finance@example.com"));
        check("财务@example.com", Ok("财务@example.com"));
        check("", Err(Reason::EmailMissing));
        for wrong in
            ["finance", "finance@example", "a b@example.com", "<a@example.com>", "a@[127.0.0.1]", "a@b@example.com"]
        {
            check(wrong, Err(Reason::EmailFormat));
        }
        assert_eq!(format!("{:?}", Email::parse("finance@example.com").unwrap()), "Email(f***@example.com)");
    }
}
