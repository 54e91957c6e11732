//! A cipher that hides nothing but behaves like one.

use sha2::{Digest, Sha256};
use workflow::ports::{Cipher, CipherProblem};

const TAG_BYTES: usize = 16;
const MASK: u8 = 0x5a;

/// **Not secure.** Reversible without any key, but bound to its place and damaged like a real one: sealed bytes do not
/// show the plain ones, open only where they were sealed, and not after a change.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainCipher;

impl Cipher for PlainCipher {
    fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let mut sealed = tag(place, plain).to_vec();
        sealed.extend(plain.iter().map(|byte| byte ^ MASK));
        sealed
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, CipherProblem> {
        let (found, masked) = sealed.split_at_checked(TAG_BYTES).ok_or(CipherProblem)?;
        let plain: Vec<u8> = masked.iter().map(|byte| byte ^ MASK).collect();
        if tag(place, &plain) == found { Ok(plain) } else { Err(CipherProblem) }
    }

    fn blind(&self, label: &str, value: &str) -> String {
        tag(label, value.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn tag(place: &str, bytes: &[u8]) -> [u8; TAG_BYTES] {
    let digest = Sha256::new().chain_update(place).chain_update([0]).chain_update(bytes).finalize();
    std::array::from_fn(|at| digest[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_where_it_was_sealed() {
        let sealed = PlainCipher.seal("account/1/mobile", b"13800138000");
        assert_eq!(PlainCipher.open("account/1/mobile", &sealed), Ok(b"13800138000".to_vec()));
        assert_eq!(PlainCipher.open("account/2/mobile", &sealed), Err(CipherProblem));
        assert_eq!(PlainCipher.open("account/1/mobile", &sealed[1..]), Err(CipherProblem));
        assert_eq!(PlainCipher.open("account/1/mobile", b"short"), Err(CipherProblem));
        assert!(!sealed.windows(4).any(|w| w == b"1380"));
    }

    #[test]
    fn blinds_a_value_the_same_under_one_label_only() {
        let index = PlainCipher.blind("id-number", "110101199003071233");
        assert_eq!(index.len(), 32);
        assert_eq!(index, PlainCipher.blind("id-number", "110101199003071233"));
        assert_ne!(index, PlainCipher.blind("name", "110101199003071233"));
    }
}
