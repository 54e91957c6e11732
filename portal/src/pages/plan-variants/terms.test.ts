import { describe, expect, it } from 'vitest';
import { translate } from '../../i18n';
import { cleaned, figuresText, isRatio, ratio, termLines, type Benefit, type Terms } from './terms';

const t = (key: Parameters<typeof translate>[1], values?: Record<string, string | number>) => translate('zh', key, values);
const benefit = (more: Record<string, unknown>): Benefit => ({ code: 'stay', claim_type: '疾病住院', name: '住院医疗互助金', formula: 'reimbursement', ...more });

describe('ratios', () => {
  it.each(['0.01', '10.5', '70', '100', '100.00'])('takes %s', (typed) => expect(isRatio(typed)).toBe(true));
  it.each(['', '0', '0.00', '100.01', '1e1', '-1', '10.555', '1.', '.5', '１０'])('refuses %j', (typed) => expect(isRatio(typed)).toBe(false));
  it('sends whole percents as numbers and others as text, never as floating point', () => {
    expect([ratio('70'), ratio(70), ratio('10.5'), ratio(' 8.4 '), ratio(''), ratio(undefined)]).toEqual([70, 70, '10.5', '8.4', undefined, undefined]);
  });
});

describe('a benefit as it is sent', () => {
  it('has the figures of its formula only, and keeps what nobody types', () => {
    const typed = benefit({ formula: 'lump-sum', ratio_percent: 70, period_cap: 1, per_share: 100_000, tier: 'full', source: 'a notice', by_level: false });
    expect(cleaned(typed)).toEqual({ ...benefit({ formula: 'lump-sum' }), per_share: 100_000, tier: 'full', source: 'a notice' });
  });
  it('has one ratio, or one by level', () => {
    const both = { ratio_percent: '70', ratio_by_hospital_level: { 三级: '10.5', 二级: '', 一级: '6' } };
    expect(cleaned(benefit({ ...both, by_level: false }))).toEqual(benefit({ ratio_percent: 70 }));
    expect(cleaned(benefit({ ...both, by_level: true }))).toEqual(benefit({ ratio_by_hospital_level: { 三级: '10.5', 一级: 6 } }));
    expect(cleaned(benefit({ ...both, formula: 'pooled-percentage' }))).toEqual(benefit({ formula: 'pooled-percentage', ratio_by_hospital_level: { 三级: '10.5', 一级: 6 } }));
  });
  it('says nothing of what was left empty', () => {
    expect(cleaned(benefit({ ratio_percent: '70', max_times: null, min_per_stay: undefined, no_waiting: false, ends_cover: true }))).toEqual(benefit({ ratio_percent: 70, ends_cover: true }));
  });
});

it('says the figures of a benefit in one sentence', () => {
  expect(figuresText(benefit({ ratio_percent: 70, max_times: 2, period_cap: 800_000 }), t)).toBe('给付比例70%，每期最多2次，每期最高8,000.00元');
  expect(figuresText(benefit({ ratio_by_hospital_level: { 三级: '10.5', 二级: 8 }, min_per_stay: 10_000 }), t)).toBe('三级医院10.5%、二级医院8%，每次不足100.00元不给付');
});

it('says everything of a version line by line', () => {
  const terms: Terms = {
    version: '2026',
    name: '住院医疗',
    variant: 'A方案',
    kind: 'hospital',
    fee_fen: 9500,
    fee_high_risk_fen: 12_000,
    max_shares: 1,
    term_months: 12,
    age: [16, 60],
    sex: 'any',
    participation: { minimum_percent: 60, all_below_staff: 20 },
    waiting: { none_until_day: 0 },
    new_employment_form: false,
    benefits: [benefit({ ratio_percent: 70 })],
  };
  const lines = Object.fromEntries(termLines(terms, t).map(({ label, value }) => [label, value]));
  expect(lines).toMatchObject({ '标准会费（元）': '95.00', '高危职业会费（元）': '120.00', 年龄: '16–60岁', 观察期: '无', 慰问金期间: '无', '申领标准 stay': '住院医疗互助金（疾病住院）：按自付医疗费比例，给付比例70%' });
});
