//! Whether the figures of a plan variant can be published: every field at once, each with its place in the form.

use serde_json::Value;

use super::{Benefit, CLAIM_TYPES, PlanVariant};
use crate::money::Fen;
use crate::refusal::Problem;

/// Longest code of a variant or a benefit, in characters.
const CODE_LENGTH_MAX: usize = 40;
/// Longest name of a version.
const VERSION_LENGTH_MAX: usize = 20;
/// Longest Chinese name.
const NAME_CHARACTERS_MAX: usize = 60;
/// Highest fee of a share: 100,000.00.
const FEE_MAX: Fen = Fen::new(10_000_000);
const SHARES_MAX: u32 = 99;
const TERM_MONTHS_MAX: u32 = 120;
const AGE_MAX: u32 = 120;
/// Largest unit that may be called small.
const SMALL_UNIT_MAX: u32 = 100_000;
const WAITING_DAYS_MAX: u32 = 3_650;
/// Most benefits of a variant.
const BENEFITS_MAX: usize = 40;

/// Every rule a plan variant breaks, in the order of the form; pointers name the fields as the API does.
#[must_use]
pub fn plan_problems(plan: &PlanVariant) -> Vec<Problem> {
    let mut found = Found::default();
    found.unless(
        is_code(&plan.code, CODE_LENGTH_MAX),
        "/code",
        "PLAN_CODE",
        "代码应为小写字母、数字和连字符，最多40位",
    );
    let version_fits = is_code(&plan.version.to_ascii_lowercase(), VERSION_LENGTH_MAX);
    found.unless(version_fits, "/version", "PLAN_VERSION", "版本号应为字母、数字和连字符，最多20位");
    found.unless(is_name(&plan.name), "/name", "PLAN_NAME", "请填写保障活动名称，最多60个字");
    found.unless(is_name(&plan.variant), "/variant", "PLAN_NAME", "请填写保障活动细类名称，最多60个字");
    let fee_fits = Fen::ZERO < plan.fee && plan.fee <= FEE_MAX;
    found.unless(fee_fits, "/fee_fen", "PLAN_FEE", "标准会费应大于0，不超过100,000.00元");
    let high_fits = plan.fee <= plan.fee_high_risk && plan.fee_high_risk <= FEE_MAX;
    found.unless(high_fits, "/fee_high_risk_fen", "PLAN_FEE", "高危职业会费不应低于标准会费，不超过100,000.00元");
    let shares_fit = (1..=SHARES_MAX).contains(&plan.max_shares);
    found.unless(shares_fit, "/max_shares", "PLAN_SHARES", "每人最多份数应为1至99");
    let term_fits = (1..=TERM_MONTHS_MAX).contains(&plan.term_months);
    found.unless(term_fits, "/term_months", "PLAN_TERM", "保障期限应为1至120个月");
    let age_fits = plan.age.minimum <= plan.age.maximum && plan.age.maximum <= AGE_MAX;
    found.unless(age_fits, "/age", "PLAN_AGE", "年龄下限不应高于上限，上限不超过120岁");
    let percent_fits = plan.participation.minimum_percent <= 100;
    found.unless(percent_fits, "/participation/minimum_percent", "PLAN_PARTICIPATION", "最低参保率应为0至100");
    let small_fits = plan.participation.all_below_staff <= SMALL_UNIT_MAX;
    found.unless(small_fits, "/participation/all_below_staff", "PLAN_PARTICIPATION", "全员参保的单位规模过大");
    let waiting = plan.waiting;
    let none_fits = waiting.none_until_day <= WAITING_DAYS_MAX;
    found.unless(none_fits, "/waiting/none_until_day", "PLAN_WAITING", "观察期最长3650天");
    let consolation_fits =
        waiting.consolation_until_day.is_none_or(|day| (waiting.none_until_day..=WAITING_DAYS_MAX).contains(&day));
    let text = "慰问金的截止日不应早于观察期的截止日，最长3650天";
    found.unless(consolation_fits, "/waiting/consolation_until_day", "PLAN_WAITING", text);
    let count_fits = (1..=BENEFITS_MAX).contains(&plan.benefits.len());
    found.unless(count_fits, "/benefits", "PLAN_BENEFITS", "申领标准应有1至40项");
    for (i, benefit) in plan.benefits.iter().enumerate() {
        let taken = plan.benefits[..i].iter().any(|other| other.code == benefit.code);
        found.unless(!taken, format!("/benefits/{i}/code"), "BENEFIT_TWICE", "同一活动中申领标准的代码不能重复");
        benefit_problems(benefit, i, &mut found);
    }
    found.0
}

#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn unless(&mut self, fits: bool, at: impl Into<String>, code: &str, text: &str) {
        if !fits {
            self.0.push(Problem::new(at, code, text));
        }
    }
}

fn benefit_problems(benefit: &Benefit, i: usize, found: &mut Found) {
    let at = |field: &str| format!("/benefits/{i}/{field}");
    found.unless(is_code(&benefit.code, CODE_LENGTH_MAX), at("code"), "PLAN_CODE", "代码应为小写字母、数字和连字符");
    found.unless(is_name(&benefit.name), at("name"), "PLAN_NAME", "请填写申领标准名称，最多60个字");
    let known = CLAIM_TYPES.contains(&benefit.claim_type.as_str());
    found.unless(known, at("claim_type"), "CLAIM_TYPE_UNKNOWN", "没有这种申领类型");
    let Some(figures) = figures_of(&benefit.formula) else {
        found.unless(false, at("formula"), "FORMULA_UNKNOWN", "没有这种计算方式");
        return;
    };
    for figure in figures {
        let given = figure.names.iter().find_map(|name| Some((*name, benefit.terms.get(*name)?)));
        let (name, fits) = given.map_or((figure.names[0], false), |(name, value)| (name, (figure.fits)(value)));
        found.unless(fits, at(name), "FORMULA_FIGURE", figure.text);
    }
}

/// A figure a formula cannot do without, under one of its names.
struct Figure {
    names: &'static [&'static str],
    fits: fn(&Value) -> bool,
    text: &'static str,
}

const fn figure(names: &'static [&'static str], fits: fn(&Value) -> bool, text: &'static str) -> Figure {
    Figure { names, fits, text }
}

/// What the formulas of rules: benefits need; none for a formula that does not exist.
fn figures_of(formula: &str) -> Option<&'static [Figure]> {
    const RATIO: Figure =
        figure(&["ratio_percent", "ratio_by_hospital_level"], is_ratio, "请填写给付比例（0至100），或按医院等级填写");
    const LEVELS: Figure = figure(&["ratio_by_hospital_level"], is_ratio, "请按医院等级填写给付比例（0至100）");
    const SUM: Figure = figure(&["sum_assured"], is_positive, "请填写每份保额，以分为单位，大于0");
    const ALLOWANCE: [Figure; 3] = [
        figure(&["per_day"], is_positive, "请填写每天每份金额，以分为单位，大于0"),
        figure(&["from_day"], is_positive, "请填写自第几天起给付"),
        figure(&["max_days"], is_positive, "请填写最多给付天数"),
    ];
    const LUMP_SUM: [Figure; 2] = [
        figure(&["per_share"], is_positive, "请填写每份金额，以分为单位，大于0"),
        figure(&["tier"], is_tier, "请填写适用的阶段：full或consolation"),
    ];
    Some(match formula {
        "reimbursement" => &[RATIO],
        "pooled-percentage" => &[LEVELS],
        "daily-allowance" => &ALLOWANCE,
        "lump-sum" => &LUMP_SUM,
        "disability" | "death" => &[SUM],
        _ => return None,
    })
}

fn is_positive(value: &Value) -> bool {
    value.as_u64().is_some_and(|n| n > 0 && i64::try_from(n).is_ok())
}

fn is_tier(value: &Value) -> bool {
    matches!(value.as_str(), Some("full" | "consolation"))
}

/// A percentage as a number or as a decimal in text, or one for each hospital level.
fn is_ratio(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_some_and(|n| (1..=100).contains(&n)),
        Value::String(text) => is_decimal_percent(text),
        Value::Object(levels) => {
            !levels.is_empty() && levels.values().all(|ratio| !ratio.is_object() && is_ratio(ratio))
        }
        _ => false,
    }
}

/// `10.5`: no sign, at most two decimals, more than 0 and at most 100. Never a floating-point number.
fn is_decimal_percent(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return false;
    }
    let hundredths = format!("{whole}{part:0<2}").parse::<u32>();
    hundredths.is_ok_and(|hundredths| (1..=10_000).contains(&hundredths))
}

fn is_code(text: &str, length_max: usize) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=length_max).contains(&text.len()) && text.bytes().all(plain)
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= NAME_CHARACTERS_MAX
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::tests::plan;

    fn places(plan: &PlanVariant) -> Vec<String> {
        plan_problems(plan).into_iter().map(|problem| format!("{} {}", problem.at, problem.code)).collect()
    }

    fn benefit(formula: &str, terms: Value) -> Benefit {
        Benefit {
            code: "stay".into(),
            claim_type: "疾病住院".into(),
            name: "住院医疗互助金".into(),
            formula: formula.into(),
            terms: terms.as_object().cloned().unwrap_or_default(),
        }
    }

    #[test]
    fn figures_follow_the_formula() {
        let check = |formula: &str, terms: Value, expect: &[&str]| {
            let plan = PlanVariant { benefits: vec![benefit(formula, terms)], ..plan(9500, 9500, 1) };
            assert_eq!(places(&plan), expect, "{formula}");
        };
        check("reimbursement", json!({"ratio_percent": 70}), &[]);
        check("reimbursement", json!({"ratio_by_hospital_level": {"三级": "10.5", "一级": 6}}), &[]);
        check("reimbursement", json!({"ratio_percent": 101}), &["/benefits/0/ratio_percent FORMULA_FIGURE"]);
        check("reimbursement", json!({"ratio_percent": 0.7}), &["/benefits/0/ratio_percent FORMULA_FIGURE"]);
        check("pooled-percentage", json!({}), &["/benefits/0/ratio_by_hospital_level FORMULA_FIGURE"]);
        let days = ["/benefits/0/from_day FORMULA_FIGURE", "/benefits/0/max_days FORMULA_FIGURE"];
        check("daily-allowance", json!({"per_day": 4000, "from_day": 0}), &days);
        check("lump-sum", json!({"per_share": 1, "tier": "half"}), &["/benefits/0/tier FORMULA_FIGURE"]);
        check("disability", json!({"sum_assured": 2_000_000}), &[]);
        check("magic", json!({}), &["/benefits/0/formula FORMULA_UNKNOWN"]);
    }

    #[test]
    fn benefits_are_named_apart() {
        let twice = benefit("death", json!({"sum_assured": 1}));
        let other = Benefit { claim_type: "疾病".into(), name: String::new(), ..twice.clone() };
        let plan = PlanVariant { benefits: vec![twice, other], ..plan(9500, 9500, 1) };
        let expect = [
            "/benefits/1/code BENEFIT_TWICE",
            "/benefits/1/name PLAN_NAME",
            "/benefits/1/claim_type CLAIM_TYPE_UNKNOWN",
        ];
        assert_eq!(places(&plan), expect);
    }

    #[test]
    fn decimals_are_no_more_than_that() {
        for good in ["0.01", "10.5", "70", "100", "100.00"] {
            assert!(is_decimal_percent(good), "{good}");
        }
        for bad in ["", ".", "0", "0.00", "100.01", "1e1", "-1", "10.555", "1.", ".5", "１０"] {
            assert!(!is_decimal_percent(bad), "{bad}");
        }
    }
}
