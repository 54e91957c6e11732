//! Names and numbers that identify a person, a unit or an account.
//!
//! Parsing never guesses: text is [normalised](normalise), then taken as it is or refused with every reason. Values
//! print masked; the full text leaves only through `as_str` and serde, for fields that are encrypted where they rest.

mod bank_card;
mod contact;
mod name;
mod resident_id;
mod text;
mod uscc;

pub use bank_card::BankCard;
pub use contact::{Email, Landline, Mobile};
pub use name::PersonName;
pub use resident_id::{IdKey, ResidentId, Sex};
pub use text::normalise;
pub use uscc::Uscc;

/// Serde as a plain string and a masked `Debug`, for a type with `as_str`, `masked` and an infallible-clock `read`.
macro_rules! private_text {
    ($type:ident) => {
        /// Masked: logs and panics must not show personal data.
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($type), self.masked())
            }
        }

        /// The full text: store it only in encrypted fields and objects.
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        /// Refuses what `parse` refuses, naming the codes but not the text.
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::read(&text).map_err(|reasons| {
                    let codes: Vec<_> = reasons.iter().map($crate::reason::Reason::code).collect();
                    serde::de::Error::custom(format_args!("{}: {}", stringify!($type), codes.join(", ")))
                })
            }
        }
    };
}
use private_text;

/// `text` with everything replaced by `*` except `head` characters in front and `tail` at the end.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let hidden = head..text.chars().count().saturating_sub(tail);
    text.chars().enumerate().map(|(at, letter)| if hidden.contains(&at) { '*' } else { letter }).collect()
}
