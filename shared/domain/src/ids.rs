//! Identifiers. They become parts of table keys, object keys and URLs, so they hold only letters, digits, `-` and `_`.

use std::fmt;

/// Longest identifier accepted from outside, in bytes.
pub const ID_LENGTH_MAX: usize = 64;

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: 1 to {ID_LENGTH_MAX} letters, digits, '-' or '_'")]
pub struct NotAnId;

fn checked(text: &str) -> Result<String, NotAnId> {
    let fits = (1..=ID_LENGTH_MAX).contains(&text.len());
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fits && plain { Ok(text.to_owned()) } else { Err(NotAnId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an identifier that came from outside.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                checked(text).map(Self)
            }

            /// Makes an identifier from a new ULID; the caller owns clock and randomness.
            pub fn from_ulid(ulid: ulid::Ulid) -> Self {
                Self(ulid.to_string())
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// An account that signs in.
    AccountId,
    /// An enrolment (参保单).
    EnrolmentId,
    /// A list exported as a background job.
    ExportId,
    /// A message on its way through the outbox.
    MessageId,
    /// A node of the organisation tree.
    NodeId,
    /// A receipt request of an enrolment.
    ReceiptId,
    /// A subsidy or gifted cover an office grants.
    ReliefId,
    /// An application to register a unit (单位注册).
    RegistrationId,
    /// An entry of the restricted list.
    RestrictionId,
    /// A task of a work pool.
    TaskId,
    /// A member unit (参保单位).
    UnitId,
    /// One presigned upload.
    UploadId,
}

impl TaskId {
    /// The task of one subject at one level in one round; the same inputs always name the same task.
    pub fn of(subject: &str, level: &str, round: u32) -> Self {
        Self(format!("{subject}-{level}-{round}"))
    }
}

impl RestrictionId {
    /// A new entry of an office's list; entries sort by time.
    pub fn of(office: &NodeId, ulid: ulid::Ulid) -> Self {
        Self(format!("{office}-{ulid}"))
    }

    /// Splits it into the office and the place in the office's list.
    pub fn parts(&self) -> Option<(NodeId, &str)> {
        let (office, place) = self.0.rsplit_once('-')?;
        Some((NodeId::parse(office).ok()?, place))
    }
}

impl UploadId {
    /// The upload that brings the `n`-th roster of a renewal; the same inputs always name the same upload.
    pub fn of_renewal(enrolment: &EnrolmentId, n: usize) -> Self {
        Self(format!("{enrolment}-r{n}"))
    }
}

impl MessageId {
    /// The `n`-th message of the step that brought the subject to `version`; the same step always names the same message.
    pub fn of(subject: &str, version: u64, n: usize) -> Self {
        Self(format!("{subject}-v{version}-{n}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_text_is_an_id() {
        for good in ["01J8Z7Q0C2N5T4R8K6W3Y1XABC", "qishan-county", "a", "unit_7"] {
            assert_eq!(UnitId::parse(good).map(String::from), Ok(good.to_owned()));
        }
        for bad in ["", "a b", "a/b", "../x", "单位", "a#b", &"x".repeat(65)] {
            assert_eq!(UnitId::parse(bad), Err(NotAnId), "{bad:?}");
        }
    }

    #[test]
    fn a_step_names_its_tasks_and_messages_the_same_every_time() {
        assert_eq!(TaskId::of("E1", "first-review", 2).as_str(), "E1-first-review-2");
        let listed = RestrictionId::of(&NodeId("2602".into()), ulid::Ulid::from_parts(0, 1));
        assert_eq!(listed.parts().map(|(office, place)| (office.0, place.len())), Some(("2602".into(), 26)));
        assert_eq!(UploadId::of_renewal(&EnrolmentId("E1".into()), 1).as_str(), "E1-r1");
        assert_eq!(MessageId::of("E1", 7, 0).as_str(), "E1-v7-0");
    }
}
