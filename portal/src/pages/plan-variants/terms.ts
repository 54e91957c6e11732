/** What a version of a plan variant says, as people read and type it. */
import type { PlanTerms } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import type { Key, Translate } from '../../i18n';
import { named } from '../../kit/enrolment';
import type { Line } from '../../kit/versioned';

/** 申领标准: its formula's figures stand beside its name; amounts in fen, ratios in percent. */
export interface Benefit {
  code: string;
  claim_type: string;
  name: string;
  formula: string;
  [figure: string]: unknown;
}

/** The document says of benefits no more than that they are objects. */
export type Terms = Omit<PlanTerms, 'benefits'> & { benefits: Benefit[] };

export const read = (terms: PlanTerms): Terms => terms as unknown as Terms;
export const written = (terms: Terms): PlanTerms => terms as unknown as PlanTerms;

export const KINDS: Record<string, Key> = { hospital: '住院', critical: '重大疾病', women: '女工特病', accident: '意外', combined: '综合' };
export const SEXES: Record<string, Key> = { any: '不限', female: '限女职工' };
export const CLAIM_TYPES = ['疾病住院', '意外住院', '重疾', '女工重疾', '意外伤残', '意外身故', '疾病身故', '住院津贴'];
export const LEVELS = ['三级', '二级', '一级'];
export const TIERS: Record<string, Key> = { full: '观察期之后', consolation: '慰问金期间' };

export const FORMULAS: Record<string, Key> = {
  reimbursement: '按自付医疗费比例',
  'pooled-percentage': '按统筹支付比例',
  'daily-allowance': '住院津贴',
  'lump-sum': '定额给付',
  disability: '伤残比例',
  death: '身故定额',
};

/** The figures of each formula that people type; whatever else a benefit holds stays as it is. */
export const FIGURES: Record<string, string[]> = {
  reimbursement: ['ratio_percent', 'ratio_by_hospital_level', 'min_per_stay', 'max_times', 'period_cap'],
  'pooled-percentage': ['ratio_by_hospital_level', 'min_per_stay', 'max_times', 'period_cap'],
  'daily-allowance': ['per_day', 'from_day', 'max_days'],
  'lump-sum': ['per_share', 'tier'],
  disability: ['sum_assured'],
  death: ['sum_assured'],
};
const ALL_FIGURES = new Set(Object.values(FIGURES).flat());
const RATIO = /^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)$/;

/** Whether it is a percentage above 0: `70`, `10.5`. */
export function isRatio(typed: string): boolean {
  return RATIO.test(typed) && Number(typed) > 0;
}

/** A percentage as the API takes it: whole numbers as such, decimals as text, never floating point. */
export function ratio(typed: unknown): number | string | undefined {
  const text = typeof typed === 'number' ? String(typed) : typeof typed === 'string' ? typed.trim() : '';
  if (text === '') return undefined;
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Which ratio a benefit has: one, or one by level. Only the form asks. */
export const byLevel = (benefit: Partial<Benefit> | undefined): boolean =>
  benefit?.formula === 'pooled-percentage' || (benefit?.['by_level'] === undefined ? benefit?.['ratio_by_hospital_level'] !== undefined : benefit['by_level'] === true);

/** A benefit as it is sent: without figures of other formulas and fields that were left empty. */
export function cleaned(benefit: Benefit): Benefit {
  const figures = new Set(FIGURES[benefit.formula] ?? []);
  figures.delete(byLevel(benefit) ? 'ratio_percent' : 'ratio_by_hospital_level');
  const kept = Object.entries(benefit).filter(([name, value]) => name !== 'by_level' && (!ALL_FIGURES.has(name) || figures.has(name)) && value != null && value !== '' && value !== false);
  const next = Object.fromEntries(kept) as Benefit;
  if (figures.has('ratio_percent')) {
    const percent = ratio(benefit['ratio_percent']);
    if (percent !== undefined) next['ratio_percent'] = percent;
  }
  if (figures.has('ratio_by_hospital_level')) {
    const levels = Object.entries((benefit['ratio_by_hospital_level'] ?? {}) as Record<string, unknown>);
    next['ratio_by_hospital_level'] = Object.fromEntries(levels.map(([level, typed]) => [level, ratio(typed)]).filter(([, percent]) => percent !== undefined));
  }
  return next;
}

const amount = (value: unknown) => (typeof value === 'number' ? yuan(value) : '–');
const plain = (value: unknown) => (typeof value === 'number' || typeof value === 'string' ? String(value) : '–');

/** The figures of a benefit in one sentence. */
export function figuresText(benefit: Benefit, t: Translate): string {
  const said: string[] = [];
  const levels = benefit['ratio_by_hospital_level'] as Record<string, unknown> | undefined;
  const say = (name: string, text: (value: unknown) => string) => {
    if (benefit[name] != null && benefit[name] !== false) said.push(text(benefit[name]));
  };
  say('ratio_percent', (value) => t('给付比例{value}%', { value: plain(value) }));
  if (levels) said.push(Object.entries(levels).map(([level, value]) => t('{level}医院{value}%', { level, value: plain(value) })).join('、'));
  say('per_day', (value) => t('每天每份{value}元', { value: amount(value) }));
  say('from_day', (value) => t('自第{value}天起', { value: plain(value) }));
  say('max_days', (value) => t('最多{value}天', { value: plain(value) }));
  say('per_share', (value) => t('每份{value}元', { value: amount(value) }));
  say('tier', (value) => named(TIERS, plain(value), t));
  say('sum_assured', (value) => t('每份保额{value}元', { value: amount(value) }));
  say('min_per_stay', (value) => t('每次不足{value}元不给付', { value: amount(value) }));
  say('max_times', (value) => t('每期最多{value}次', { value: plain(value) }));
  say('period_cap', (value) => t('每期最高{value}元', { value: amount(value) }));
  say('no_waiting', () => t('无观察期'));
  say('ends_cover', () => t('给付后保障终止'));
  return said.join('，');
}

/** Everything a version says, line by line. */
export function termLines(terms: Terms, t: Translate): Line[] {
  const { age, participation, waiting } = terms;
  return [
    { label: t('保障活动'), value: terms.name },
    { label: t('保障活动细类'), value: terms.variant },
    { label: t('类别'), value: named(KINDS, terms.kind, t) },
    { label: t('标准会费（元）'), value: yuan(terms.fee_fen) },
    { label: t('高危职业会费（元）'), value: yuan(terms.fee_high_risk_fen) },
    { label: t('每人最多份数'), value: String(terms.max_shares) },
    { label: t('保障期限'), value: t('{months}个月', { months: terms.term_months }) },
    { label: t('年龄'), value: t('{from}–{to}岁', { from: age[0] ?? '', to: age[1] ?? '' }) },
    { label: t('性别'), value: named(SEXES, terms.sex, t) },
    { label: t('最低参保率'), value: `${participation.minimum_percent}%` },
    { label: t('全员参保的单位'), value: t('职工少于{count}人', { count: participation.all_below_staff }) },
    { label: t('观察期'), value: waiting.none_until_day > 0 ? t('{days}天', { days: waiting.none_until_day }) : t('无') },
    { label: t('慰问金期间'), value: waiting.consolation_until_day == null ? t('无') : t('至第{day}天', { day: waiting.consolation_until_day }) },
    { label: t('新业态劳动者可参加'), value: terms.new_employment_form ? t('是') : t('否') },
    ...terms.benefits.map((benefit) => ({
      label: `${t('申领标准')} ${benefit.code}`,
      value: `${benefit.name}（${benefit.claim_type}）：${named(FORMULAS, benefit.formula, t)}，${figuresText(benefit, t)}`,
    })),
  ];
}
