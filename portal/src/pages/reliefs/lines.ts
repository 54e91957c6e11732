/** Subsidies (补贴) and gifted cover (赠险) in words. */
import type { PlanRow, ReliefInput, ReliefView } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import type { Key, Translate } from '../../i18n';
import { FUNDS, named } from '../../kit/enrolment';
import type { Line } from '../../kit/versioned';

export const RULES = { 'fixed-per-member': '每人定额', percentage: '按会费比例', 'first-shares': '前几份的全额会费' } as const satisfies Record<string, Key>;

/** Hundredths of a percent as people write percentages: `3350` → `33.5`. */
export function percent(basis_points: number): string {
  const whole = Math.trunc(basis_points / 100);
  const part = (basis_points % 100).toString().padStart(2, '0').replace(/0+$/, '');
  return part ? `${whole}.${part}` : `${whole}`;
}

/** `33.5` → `3350`; undefined if it is no percentage above 0 and up to 100 with at most two decimals. */
export function basisPoints(typed: string): number | undefined {
  const found = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(typed.trim());
  if (!found) return undefined;
  const points = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
  return points > 0 && points <= 10_000 ? points : undefined;
}

export function ruleText(rule: ReliefInput['rule'], t: Translate): string {
  if (rule.type === 'fixed-per-member') return t('每人{amount}元', { amount: yuan(rule.amount_fen) });
  if (rule.type === 'percentage') return t('会费的{percent}%', { percent: percent(rule.basis_points) });
  return t('每人前{shares}份的全额会费', { shares: rule.shares });
}

export function bearerText(bearer: ReliefInput['bearer'], t: Translate): string {
  if (bearer.kind === 'gifted-cover') return '–';
  return [bearer.title, named(FUNDS, bearer.fund_source, t), bearer.tax_number].filter(Boolean).join(' · ');
}

export function variantName(code: string, variants: PlanRow[]): string {
  return variants.find((one) => one.code === code)?.variant ?? code;
}

/** What an office grants, one line each: what a change of it is decided on. */
export function reliefLines(reliefs: ReliefView[], variants: PlanRow[], t: Translate): Line[] {
  return reliefs.map((relief) => ({
    label: `${relief.kind_name} ${variantName(relief.plan_code, variants)} ${relief.from}`,
    value: [ruleText(relief.rule, t), bearerText(relief.bearer, t), `${relief.from} – ${relief.until ?? ''}`].join('，'),
  }));
}
