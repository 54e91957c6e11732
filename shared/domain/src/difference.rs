//! What a change changed, for the trail: the places whose value is another one, each before and after.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// Most differences told one by one; the rest are counted.
const TOLD_MAX: usize = 40;
/// Most characters of a value that are told.
const VALUE_CHARACTERS_MAX: usize = 80;

/// The differences in one text, `fee：9500 → 10000；age.1：60 → 65`; empty if there are none.
///
/// Meant for reference data: values are quoted, so never for anything that holds personal data.
#[must_use]
pub fn difference(before: &impl Serialize, after: &impl Serialize) -> String {
    let value = |of: Result<Value, serde_json::Error>| of.unwrap_or_default();
    let mut found = Vec::new();
    walk(&value(serde_json::to_value(before)), &value(serde_json::to_value(after)), String::new(), &mut found);
    let more = found.len().saturating_sub(TOLD_MAX);
    found.truncate(TOLD_MAX);
    if more > 0 {
        found.push(format!("另有{more}处"));
    }
    found.join("；")
}

fn walk(before: &Value, after: &Value, at: String, found: &mut Vec<String>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match (before, after) {
        _ if before == after => {}
        (Value::Object(one), Value::Object(other)) => {
            // In the order of the alphabet, however the map keeps them.
            for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                let of = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                walk(&of(one), &of(other), below(key), found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for i in 0..one.len().max(other.len()) {
                let of = |list: &[Value]| list.get(i).cloned().unwrap_or_default();
                walk(&of(one), &of(other), below(&i.to_string()), found);
            }
        }
        _ => found.push(format!("{at}：{} → {}", told(before), told(after))),
    }
}

fn told(value: &Value) -> String {
    let text = match value {
        Value::Null => "（无）".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= VALUE_CHARACTERS_MAX {
        return text;
    }
    text.chars().take(VALUE_CHARACTERS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tells_each_place_before_and_after() {
        let before = json!({"fee": 9500, "age": [16, 60], "name": "旧", "same": 1, "gone": true});
        let after = json!({"fee": 10_000, "age": [16, 65, 1], "name": "新", "same": 1, "new": {"a": 1}});
        let told = "age.1：60 → 65；age.2：（无） → 1；fee：9500 → 10000；gone：true → （无）；name：旧 → 新；new：（无） → {\"a\":1}";
        assert_eq!(difference(&before, &after), told);
        assert_eq!(difference(&before, &before), "");
    }

    #[test]
    fn long_lists_and_values_are_cut() {
        let (before, after): (Vec<u32>, Vec<u32>) = ((0..100).collect(), (1..101).collect());
        assert!(difference(&before, &after).ends_with("另有60处"));
        let long = "字".repeat(200);
        assert!(difference(&json!({"a": ""}), &json!({"a": long})).ends_with("字…"));
    }
}
