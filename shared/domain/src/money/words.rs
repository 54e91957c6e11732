//! Amounts in words, after 《正确填写票据和结算凭证的基本规定》 (rules: contributions and receipts).

use super::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

/// The amount in the characters that banks and receipts require: `1409.50` → 壹仟肆佰零玖元伍角.
///
/// One 零 stands for each run of zeros inside the yuan part, and for a zero 角 before a 分. 整 follows only a whole
/// number of yuan. A negative amount begins with 负.
#[must_use]
pub fn amount_in_words(amount: Fen) -> String {
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, cents) = (fen / 100, digit(fen / 10), digit(fen));
    let mut words = String::from(if amount.fen() < 0 { "负" } else { "" });
    if yuan > 0 {
        push_yuan(yuan, &mut words);
        words.push('元');
    }
    match (jiao, cents) {
        ('零', '零') if yuan == 0 => words.push_str("零元整"),
        ('零', '零') => words.push('整'),
        ('零', cents) if yuan == 0 => words.extend([cents, '分']),
        ('零', cents) => words.extend(['零', cents, '分']),
        (jiao, '零') => words.extend([jiao, '角']),
        (jiao, cents) => words.extend([jiao, '角', cents, '分']),
    }
    words
}

fn push_yuan(yuan: u64, words: &mut String) {
    let highest = yuan.ilog10();
    let mut zeros_before = false;
    for place in (0..=highest).rev() {
        match digit(yuan / 10_u64.pow(place)) {
            '零' => zeros_before = true,
            digit => {
                if std::mem::take(&mut zeros_before) {
                    words.push('零');
                }
                words.push(digit);
                words.push_str(PLACES[place as usize % 4]);
            }
        }
        match place {
            // 亿 closes everything above it, even four zeros: 1 0000 0000 0000 is 壹万亿.
            8 | 16 => words.push('亿'),
            4 | 12 if !(yuan / 10_u64.pow(place)).is_multiple_of(10_000) => words.push('万'),
            _ => {}
        }
    }
}

fn digit(number: u64) -> char {
    DIGITS[(number % 10) as usize]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use proptest::prelude::*;

    use super::*;

    fn fen(yuan: &str) -> Fen {
        Fen::new(yuan.replace('.', "").parse().unwrap())
    }

    #[test]
    fn follows_the_rule_on_vouchers() {
        let check = |yuan: &str, expect: &str| assert_eq!(amount_in_words(fen(yuan)), expect, "{yuan}");
        check("0.00", "零元整");
        check("80.00", "捌拾元整");
        check("123444.00", "壹拾贰万叁仟肆佰肆拾肆元整");
        check("1409.50", "壹仟肆佰零玖元伍角");
        check("6007.14", "陆仟零柒元壹角肆分");
        check("1680.32", "壹仟陆佰捌拾元叁角贰分");
        check("107000.53", "壹拾万零柒仟元伍角叁分");
        check("16409.02", "壹万陆仟肆佰零玖元零贰分");
        check("325.04", "叁佰贰拾伍元零肆分");
        check("1000000.00", "壹佰万元整");
        check("10000001.00", "壹仟万零壹元整");
        check("100000000.00", "壹亿元整");
        check("0.10", "壹角");
        check("0.05", "伍分");
        check("1.01", "壹元零壹分");
    }

    #[test]
    fn reaches_beyond_the_published_examples() {
        let check = |yuan: &str, expect: &str| assert_eq!(amount_in_words(fen(yuan)), expect, "{yuan}");
        check("-80.00", "负捌拾元整");
        check("10.05", "壹拾元零伍分");
        check("10.50", "壹拾元伍角");
        check("100010000.00", "壹亿零壹万元整");
        check("1200034000.00", "壹拾贰亿零叁万肆仟元整");
        check("1000000000000.00", "壹万亿元整");
        check("1000100000001.00", "壹万零壹亿零壹元整");
        check("-92233720368547758.08", "负玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分");
    }

    /// Reads the words back by their own grammar, independently of how they were written.
    fn read(words: &str) -> Option<i64> {
        let (sign, words) = words.strip_prefix('负').map_or((1, words), |rest| (-1, rest));
        let (mut closed, mut section, mut digit, mut fen) = (0_i64, 0_i64, 0_i64, 0_i64);
        let mut wan = 0_i64;
        for word in words.chars() {
            match word {
                '拾' => section += std::mem::take(&mut digit) * 10,
                '佰' => section += std::mem::take(&mut digit) * 100,
                '仟' => section += std::mem::take(&mut digit) * 1000,
                '万' => wan = (std::mem::take(&mut section) + std::mem::take(&mut digit)) * 10_000,
                '亿' => {
                    let below = std::mem::take(&mut wan) + std::mem::take(&mut section) + std::mem::take(&mut digit);
                    closed = (closed + below) * 100_000_000;
                }
                '元' => fen = (closed + wan + section + std::mem::take(&mut digit)) * 100,
                '角' => fen += std::mem::take(&mut digit) * 10,
                '分' => fen += std::mem::take(&mut digit),
                '整' => {}
                word => digit = i64::try_from(DIGITS.iter().position(|known| *known == word)?).ok()?,
            }
        }
        Some(sign * fen)
    }

    proptest! {
        #[test]
        fn reads_back_to_the_same_amount(fen in -1_000_000_000_000_000_000_i64..1_000_000_000_000_000_000) {
            prop_assert_eq!(read(&amount_in_words(Fen::new(fen))), Some(fen));
        }

        #[test]
        fn reads_back_where_zeros_abound(digits in prop::collection::vec(prop_oneof![3 => Just(0_i64), 1 => 1..10_i64], 1..18)) {
            let fen = digits.iter().fold(0, |number, digit| number * 10 + digit);
            let words = amount_in_words(Fen::new(fen));
            prop_assert_eq!(read(&words), Some(fen));
            prop_assert!(!words.contains("零零") && !words.contains("零万") && !words.contains("零亿"), "{}", words);
            prop_assert_eq!(words.ends_with('整'), fen % 100 == 0);
            prop_assert!(fen == 0 || !words.contains("零元"), "{}", words);
        }
    }
}
