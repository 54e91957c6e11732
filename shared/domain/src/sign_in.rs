//! The sign-in log: what became of every attempt, and from where – as coarsely as it still helps its reader.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInOutcome {
    /// Signed in.
    SignedIn,
    /// The password or the one-time code was wrong, or the account is closed.
    Failed,
    /// The last failure allowed: the name is locked.
    Locked,
    /// Signed out.
    SignedOut,
    /// A new password was set; every session before it ended.
    PasswordSet,
    /// A one-time code is asked for from now on.
    TotpSet,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRecord {
    /// Identity: a ULID.
    pub id: String,
    /// Whose.
    pub account: AccountId,
    /// What happened.
    pub outcome: SignInOutcome,
    /// When.
    pub at: Timestamp,
    /// Network it came from: see [`network`].
    pub network: String,
    /// Family of the browser: see [`agent`].
    pub agent: String,
}

/// The network of an address, `203.0.113.0/24` or `2001:db8:1::/48`: enough to tell home from abroad, too little to tell
/// one person from another. `unknown` for anything else.
pub fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => network(&v4.to_string()),
            None => {
                let [a, b, c, ..] = v6.segments();
                format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        },
        Err(_) => "unknown".to_owned(),
    }
}

/// The family of a browser by its `User-Agent`; nearly all of them also name others, so the order matters.
pub fn agent(user_agent: &str) -> &'static str {
    const FAMILIES: [(&str, &str); 6] = [
        ("MicroMessenger", "wechat"),
        ("Edg", "edge"),
        ("Firefox", "firefox"),
        ("Chrome", "chrome"),
        ("Safari", "safari"),
        ("curl", "curl"),
    ];
    FAMILIES.iter().find(|(mark, _)| user_agent.contains(mark)).map_or("other", |(_, family)| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_as_its_network_only() {
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
        assert_eq!(network("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("203.0.113.77, 10.0.0.1"), "unknown");
    }

    #[test]
    fn a_browser_is_told_as_its_family_only() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(agent(chrome), "chrome");
        assert_eq!(agent(&format!("{chrome} Edg/140.0")), "edge");
        assert_eq!(agent(&format!("{chrome} MicroMessenger/8.0")), "wechat");
        assert_eq!(agent("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"), "safari");
        assert_eq!(agent(""), "other");
    }
}
