use std::collections::BTreeSet;

use super::*;
use crate::message::CodePurpose;

/// Names of the placeholders of some words.
fn placeholders(words: &'static str) -> BTreeSet<&'static str> {
    let (mut names, mut rest) = (BTreeSet::new(), words);
    while let Some((_, name, after)) = placeholder(rest) {
        names.insert(name);
        rest = after;
    }
    names
}

#[test]
fn every_wording_uses_exactly_the_parameters_of_its_template() {
    for id in TemplateId::ALL {
        let template = id.template();
        let used = &placeholders(template.wording.subject) | &placeholders(template.wording.text);
        let given: BTreeSet<&str> = template.parameters.iter().copied().collect();
        assert_eq!(used, given, "{}", id.as_str());
        assert_eq!(given.len(), template.parameters.len(), "{}: a parameter twice", id.as_str());
    }
}

#[test]
fn versions_count_up_and_names_are_one_each() {
    let names: BTreeSet<&str> = TemplateId::ALL.iter().map(|id| id.as_str()).collect();
    assert_eq!(names.len(), TemplateId::ALL.len());
    for id in TemplateId::ALL {
        let template = id.template();
        assert_eq!(template.id, *id);
        let wordings = std::iter::once(&template.wording).chain(template.earlier);
        let versions: Vec<u32> = wordings.map(|wording| wording.version).collect();
        let expected: Vec<u32> = (1..=template.wording.version).rev().collect();
        assert_eq!(versions, expected, "{}", id.as_str());
    }
}

#[test]
fn texts_are_registered_and_mails_have_a_subject() {
    let mut registered = BTreeSet::new();
    for id in TemplateId::ALL {
        let Template { wording, channel, .. } = id.template();
        match channel {
            Channel::Text => {
                assert!(registered.insert(wording.provider_template), "{}: registered twice", id.as_str());
                assert!(wording.subject.is_empty() && !wording.provider_template.is_empty(), "{}", id.as_str());
            }
            Channel::Mail | Channel::Portal => {
                assert!(!wording.subject.is_empty() && wording.provider_template.is_empty(), "{}", id.as_str());
            }
        }
    }
}

#[test]
fn what_a_parameter_holds_is_not_read_as_a_placeholder() {
    let said = Said::EnrolmentReturned { number: "{reason}".to_owned(), reason: Quote::of("见{number}附件。 ") };
    let written = said.written();
    assert_eq!(written.text, "参保单{reason}已退回，原因：见{number}附件。请登录平台修改后重新提交。");
    assert_eq!(written.parameters, [("number", "{reason}".to_owned()), ("reason", "见{number}附件".to_owned())]);
}

#[test]
fn a_long_reason_is_cut() {
    let written = Said::ScanSentBack { number: "A1".to_owned(), reason: Quote::of(&"长".repeat(61)) }.written();
    assert!(written.text.contains(&format!("{}…。", "长".repeat(60))), "{}", written.text);
}

#[test]
fn amounts_and_days_are_written_as_people_write_them() {
    let approved = Said::EnrolmentApproved { number: "A1".to_owned(), due: Fen::new(240_000) }.written();
    assert!(approved.text.contains("应缴会费2,400.00元"), "{}", approved.text);
    let ending = Said::CoverEnding { number: "A1".to_owned(), end: jiff::civil::date(2027, 1, 5), days: 30 }.written();
    assert!(ending.text.contains("将于2027-01-05到期，还有30天"), "{}", ending.text);
}

#[test]
fn codes_have_a_template_each() {
    for purpose in CodePurpose::ALL {
        let written = purpose.said("012345".to_owned()).written();
        assert!(written.text.starts_with("验证码012345，"), "{}", written.text);
        assert_eq!(written.template.id, purpose.id());
    }
}
