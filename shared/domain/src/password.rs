//! What a new password must be (NIST SP 800-63B §5.1.1.2): long, not guessable from the account, not one everybody
//! uses. No rules of composition, no expiry.

use crate::refusal::Problem;

/// Least characters.
pub const CHARACTERS_MIN: usize = 10;
/// Most characters; hashing a longer one would only cost time.
pub const CHARACTERS_MAX: usize = 128;

/// Passwords of the allowed length that everybody tries first, in lower case.
const COMMON: &str = include_str!("../catalogue/common-passwords.txt");

/// Everything that is wrong with a new password; `at` is where it was given.
pub fn problems(at: &str, password: &str, user_name: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |code, text: String| problems.push(Problem::new(at, code, text));
    let characters = password.chars().count();
    if characters < CHARACTERS_MIN {
        add("PASSWORD_TOO_SHORT", format!("密码至少{CHARACTERS_MIN}个字符"));
    }
    if characters > CHARACTERS_MAX {
        add("PASSWORD_TOO_LONG", format!("密码最多{CHARACTERS_MAX}个字符"));
    }
    let plain = password.trim().to_lowercase();
    if plain.trim_matches(|c: char| !c.is_alphabetic()) == user_name.to_lowercase() {
        add("PASSWORD_IS_USER_NAME", "密码不能是用户名，也不能只在用户名前后加数字或符号".to_owned());
    }
    if COMMON.lines().any(|common| common == plain) || is_monotonous(&plain) {
        add("PASSWORD_COMMON", "这个密码太常见，容易被猜中，请换一个".to_owned());
    }
    problems
}

/// At most two different characters, however long.
fn is_monotonous(text: &str) -> bool {
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    different.len() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<String> {
        problems("/password", password, "zhangsan").into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn long_and_uncommon_is_enough() {
        for good in ["correct horse battery", "岐山县第一机械厂的老厂房", "huzhubaozhang", "zhangsan loves noodles"]
        {
            assert!(codes(good).is_empty(), "{good}: {:?}", codes(good));
        }
    }

    #[test]
    fn every_problem_is_named_at_once() {
        assert_eq!(codes("zhangsan1"), ["PASSWORD_TOO_SHORT", "PASSWORD_IS_USER_NAME"]);
        assert_eq!(codes("111"), ["PASSWORD_TOO_SHORT", "PASSWORD_COMMON"]);
        assert_eq!(codes("ZhangSan@2026"), ["PASSWORD_IS_USER_NAME"]);
        assert_eq!(codes("Password123"), ["PASSWORD_COMMON"]);
        assert_eq!(codes("abababababab"), ["PASSWORD_COMMON"]);
        assert_eq!(codes(&"长".repeat(129)), ["PASSWORD_TOO_LONG", "PASSWORD_COMMON"]);
        assert_eq!(codes(""), ["PASSWORD_TOO_SHORT", "PASSWORD_COMMON"]);
    }

    #[test]
    fn the_list_holds_only_what_it_can_refuse() {
        for common in COMMON.lines() {
            assert_eq!(common, common.trim().to_lowercase());
            assert!(common.chars().count() >= CHARACTERS_MIN, "{common}");
        }
    }
}
