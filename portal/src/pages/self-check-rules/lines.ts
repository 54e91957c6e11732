/** A set of self-check rules, line by line. */
import type { ParticipationMeasure, RuleName, SelfCheckTerms } from '../../api/schema.gen';
import type { Translate } from '../../i18n';
import type { Line } from '../../kit/versioned';

export const ruleName = (rule: string, catalogue: RuleName[]) => catalogue.find((one) => one.rule === rule)?.name ?? rule;

export function measureText({ minimum_percent, all_below_staff }: ParticipationMeasure, t: Translate): string {
  const said = [];
  if (minimum_percent != null) said.push(t('最低参保率{percent}%', { percent: minimum_percent }));
  if (all_below_staff != null) said.push(t('职工少于{count}人须全员参保', { count: all_below_staff }));
  return said.join('，');
}

export function measuredText({ office, plan }: ParticipationMeasure, t: Translate): string {
  return `${office ?? t('所有办事处')} · ${plan ?? t('所有活动')}`;
}

export function ruleLines(terms: SelfCheckTerms, catalogue: RuleName[], t: Translate): Line[] {
  return [
    ...catalogue.map(({ rule, name }) => ({ label: name, value: terms.rules.includes(rule) ? t('启用') : t('不启用') })),
    { label: t('顺序'), value: terms.rules.map((rule) => ruleName(rule, catalogue)).join('、') },
    ...(terms.participation ?? []).map((measure) => ({ label: measuredText(measure, t), value: measureText(measure, t) })),
  ];
}
