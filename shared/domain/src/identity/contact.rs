//! Mobile numbers, office telephones and e-mail addresses.

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

/// An office telephone: area code, number, and an extension if there is one, `0917-8212345-6`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Landline(Box<str>);

private_text!(Landline);

impl Landline {
    /// Reads area code and number as typed: `0` and two or three digits; seven or eight digits, and `-` with up to six
    /// more for an extension. None if they are not.
    #[must_use]
    pub fn parse(area_code: &str, number: &str) -> Option<Self> {
        let (area_code, number) = (normalise(area_code), normalise(number));
        let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let (line, extension) = number.split_once('-').map_or((number.as_str(), None), |(l, e)| (l, Some(e)));
        let fits = area_code.starts_with('0')
            && digits(&area_code, 3..=4)
            && digits(line, 7..=8)
            && !line.starts_with('0')
            && extension.is_none_or(|extension| digits(extension, 1..=6));
        fits.then(|| Self(format!("{area_code}-{number}").into()))
    }

    fn read(text: &str) -> Result<Self, [Reason; 1]> {
        let read = text.split_once('-').and_then(|(area_code, number)| Self::parse(area_code, number));
        read.ok_or([Reason::PhoneFormat])
    }

    /// The full number; personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Area code and number apart.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once('-').unwrap_or_default()
    }

    /// `0917-***2345`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0, self.parts().0.len() + 1, 4)
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
    fn reads_office_telephones() {
        let check = |area_code: &str, number: &str, expect: Option<&str>| {
            let read = Landline::parse(area_code, number);
            assert_eq!(read.as_ref().map(Landline::as_str), expect, "{area_code} {number}");
        };
        check("0917", "8212345", Some("0917-8212345"));
        check("０２９", " 8821 2345-6", Some("029-88212345-6"));
        for (area_code, number) in [
            ("", ""),
            ("917", "8212345"),
            ("09170", "8212345"),
            ("0917", "821234"),
            ("0917", "8212345-"),
            ("0917", "0212345"),
        ] {
            check(area_code, number, None);
        }
        let line = Landline::parse("0917", "8212345").unwrap();
        assert_eq!((line.parts(), format!("{line:?}").as_str()), (("0917", "8212345"), "Landline(0917-***2345)"));
        let read: Landline = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        assert_eq!(read, line);
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
