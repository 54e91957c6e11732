import dayjs from 'dayjs';
import { describe, expect, it } from 'vitest';
import { translate } from '../../i18n';
import { reliefOf } from './Grant';
import { basisPoints, percent, ruleText } from './lines';

const t = (key: Parameters<typeof translate>[1], values?: Record<string, string | number>) => translate('zh', key, values);

describe('percentages', () => {
  it.each([
    ['33.5', 3350],
    ['100', 10_000],
    ['0.01', 1],
    ['7.05', 705],
  ])('%s is %d hundredths of a percent, and back', (typed, points) => {
    expect(basisPoints(typed)).toBe(points);
    expect(percent(points)).toBe(typed);
  });
  it.each(['', '0', '100.01', '1.234', '-1', '1e2', 'abc'])('%j is none', (typed) => expect(basisPoints(typed)).toBeUndefined());
});

describe('what is granted', () => {
  const from = dayjs('2026-04-01');
  it('is sent as a subsidy with its bearer', () => {
    const values = { kind: 'subsidy', plan_code: 'hospital-a', type: 'percentage', percent: '33.5', title: ' 市总工会 ', fund_source: 'union-funds', from, until: dayjs('2026-12-31') } as const;
    expect(reliefOf(values)).toEqual({
      plan_code: 'hospital-a',
      rule: { type: 'percentage', basis_points: 3350 },
      bearer: { kind: 'subsidy', title: '市总工会', tax_number: '', fund_source: 'union-funds' },
      from: '2026-04-01',
      until: '2026-12-31',
    });
  });
  it('is sent as gifted cover without one, also when one was typed before', () => {
    const values = { kind: 'gifted-cover', plan_code: 'women-25', type: 'first-shares', shares: 1, title: '市总工会', from, until: null } as const;
    expect(reliefOf(values)).toEqual({ plan_code: 'women-25', rule: { type: 'first-shares', shares: 1 }, bearer: { kind: 'gifted-cover' }, from: '2026-04-01' });
  });
  it('is said in words', () => {
    expect(ruleText({ type: 'fixed-per-member', amount_fen: 3500 }, t)).toBe('每人35.00元');
    expect(ruleText({ type: 'percentage', basis_points: 3350 }, t)).toBe('会费的33.5%');
    expect(ruleText({ type: 'first-shares', shares: 2 }, t)).toBe('每人前2份的全额会费');
  });
});
