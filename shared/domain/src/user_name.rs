//! User names: the pinyin of a person's name without tones, `张三` → `zhangsan` (workflows: sign-in and accounts).
//!
//! Characters with several readings take the most frequent one, but for surnames, which have readings of their own: 单 is
//! Shan as a name and dan otherwise. `ü` is written `yu` (吕 → `lyu`), as GB/T 28039-2011 has it for names on passports.

use pinyin::ToPinyin;

/// Longest stem, in bytes; a number may follow.
pub const STEM_LENGTH_MAX: usize = 40;
/// The stem of a name of which nothing can be spelt in Latin letters.
const NAMELESS: &str = "user";

/// Surnames of two characters whose reading is not that of their characters.
const COMPOUND: [(&str, &str); 9] = [
    ("万俟", "moqi"),
    ("尉迟", "yuchi"),
    ("单于", "chanyu"),
    ("长孙", "zhangsun"),
    ("澹台", "tantai"),
    ("令狐", "linghu"),
    ("宰父", "zaifu"),
    ("亓官", "qiguan"),
    ("乐正", "yuezheng"),
];

/// Surnames of one character whose reading is not its most frequent one.
const SINGLE: [(char, &str); 40] = [
    ('单', "shan"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('区', "ou"),
    ('查', "zha"),
    ('曾', "zeng"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('缪', "miao"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('任', "ren"),
    ('乐', "yue"),
    ('华', "hua"),
    ('召', "shao"),
    ('种', "chong"),
    ('员', "yun"),
    ('秘', "bi"),
    ('冼', "xian"),
    ('洗', "xian"),
    ('折', "she"),
    ('黑', "he"),
    ('繁', "po"),
    ('薄', "bo"),
    ('尉', "wei"),
    ('曲', "qu"),
    ('重', "chong"),
    ('祭', "zhai"),
    ('隗', "wei"),
    ('句', "gou"),
    ('宓', "fu"),
    ('郇', "xun"),
    ('逄', "pang"),
    ('晟', "cheng"),
    ('訾', "zi"),
    ('佴', "nai"),
    ('郄', "qie"),
    ('甄', "zhen"),
    ('瞿', "qu"),
    ('逯', "lu"),
];

/// The user name a person gets if nobody has it: small Latin letters and digits only.
#[must_use]
pub fn stem(name: &str) -> String {
    let (mut stem, given) = surname(name);
    for letter in given.chars() {
        if let Some(reading) = letter.to_pinyin() {
            stem.push_str(&reading.plain().replace('ü', "yu"));
        } else if letter.is_ascii_alphanumeric() {
            stem.push(letter.to_ascii_lowercase());
        }
    }
    stem.retain(|letter| letter.is_ascii_alphanumeric());
    stem.truncate(STEM_LENGTH_MAX);
    if stem.is_empty() { NAMELESS.to_owned() } else { stem }
}

/// Shortest user name that may be chosen, in bytes.
const CHOSEN_LENGTH_MIN: usize = 3;

/// A user name as it is compared: surrounding spaces and capitals do not matter.
#[must_use]
pub fn typed(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a user name may be chosen: letters and digits, a letter first.
#[must_use]
pub fn is_fit(name: &str) -> bool {
    (CHOSEN_LENGTH_MIN..=STEM_LENGTH_MAX).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// The `n`-th user name of a stem, counted from 1: `zhangsan`, `zhangsan2`, `zhangsan3` …
#[must_use]
pub fn numbered(stem: &str, n: u32) -> String {
    if n <= 1 { stem.to_owned() } else { format!("{stem}{n}") }
}

/// A surname with a reading of its own, and what follows it.
fn surname(name: &str) -> (String, &str) {
    if let Some((surname, reading)) = COMPOUND.iter().find(|(surname, _)| name.starts_with(surname)) {
        return ((*reading).to_owned(), &name[surname.len()..]);
    }
    match SINGLE.iter().find(|(surname, _)| name.starts_with(*surname)) {
        Some((surname, reading)) => ((*reading).to_owned(), &name[surname.len_utf8()..]),
        None => (String::new(), name),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_spelt_without_tones() {
        for (name, user_name) in [
            ("张三", "zhangsan"),
            ("邓纪红", "dengjihong"),
            ("吕布", "lyubu"),
            ("吕绿", "lyulyu"),
            ("单雄信", "shanxiongxin"),
            ("曾国藩", "zengguofan"),
            ("仇英", "qiuying"),
            ("解缙", "xiejin"),
            ("尉迟恭", "yuchigong"),
            ("尉缭", "weiliao"),
            ("欧阳小红", "ouyangxiaohong"),
            ("买买提·艾力", "maimaitiaili"),
            ("Anna Maria", "annamaria"),
            ("𠮷", "user"),
            ("", "user"),
        ] {
            assert_eq!(stem(name), user_name, "{name}");
        }
        // As a given name the same character has its usual reading.
        assert_eq!(stem("王单"), "wangdan");
        assert_eq!([1, 2, 17].map(|n| numbered("zhangsan", n)), ["zhangsan", "zhangsan2", "zhangsan17"]);
    }

    #[test]
    fn a_chosen_name_is_typed_like_any_other() {
        assert_eq!(typed(" ZhangSan2 "), "zhangsan2");
        for good in ["abc", "zhangsan2", &"a".repeat(40)] {
            assert!(is_fit(good), "{good}");
        }
        for bad in ["", "ab", "2zhang", "zhang.san", "zhang san", "张三", "Zhang", &"a".repeat(41)] {
            assert!(!is_fit(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_name_gives_a_user_name_that_can_be_typed(name in any::<String>()) {
            let stem = stem(&name);
            prop_assert!((1..=STEM_LENGTH_MAX).contains(&stem.len()));
            prop_assert!(stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
        }
    }
}
