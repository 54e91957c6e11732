//! One-time codes by time (RFC 6238): HMAC-SHA-1, 30 seconds, six digits – what every authenticator speaks.

use aws_lc_rs::hmac;
use jiff::Timestamp;
use subtle::ConstantTimeEq;

/// Bytes of a secret: as many as the hash has (RFC 4226 §4).
pub(crate) const SECRET_BYTES: usize = 20;
/// Seconds for which a code is shown.
pub const STEP_S: i64 = 30;
const CODES: u32 = 1_000_000;
/// Steps a clock may be off, each way (RFC 6238 §5.2).
const DRIFT_STEPS: u64 = 1;

/// The step whose code is given, if it is that of now or of a neighbouring step.
pub(crate) fn step_of(secret: &[u8], given: &str, now: Timestamp) -> Option<u64> {
    let current = u64::try_from(now.as_second() / STEP_S).ok()?;
    let steps = current.saturating_sub(DRIFT_STEPS)..=current.saturating_add(DRIFT_STEPS);
    steps.into_iter().find(|step| bool::from(code(secret, *step).as_bytes().ct_eq(given.as_bytes())))
}

/// The code of a step (RFC 4226 §5.3): what an authenticator shows.
pub fn code(secret: &[u8], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 0xf);
    let number = tag.iter().skip(offset).take(4).fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % CODES)
}

/// A secret as authenticators take it: Base32 (RFC 4648 §6) without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    let letter = |five: &[u8]| {
        let value = (0..5).fold(0, |value, at| value << 1 | five.get(at).copied().unwrap_or_default());
        char::from(LETTERS[usize::from(value)])
    };
    bits.chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// The vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (second, expected) in vectors {
            assert_eq!(code(SECRET, second / 30), expected);
        }
    }

    #[test]
    fn a_code_is_good_one_step_before_and_after_its_own() {
        let at = |second| Timestamp::constant(second, 0);
        for second in [1_234_567_860, 1_234_567_890, 1_234_567_949] {
            assert_eq!(step_of(SECRET, "005924", at(second)), Some(41_152_263), "{second}");
        }
        for second in [1_234_567_859, 1_234_567_950] {
            assert_eq!(step_of(SECRET, "005924", at(second)), None, "{second}");
        }
        assert_eq!(step_of(SECRET, "", at(59)), None);
    }

    /// The vectors of RFC 4648 §10.
    #[test]
    fn secrets_are_written_as_the_standard_says() {
        let written = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base32(text.as_bytes()));
        assert_eq!(written, ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]);
    }
}
