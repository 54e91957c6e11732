import dayjs from 'dayjs';
import { expect, it } from 'vitest';
import { completeRelief } from './Grant';

const FROM = dayjs('2026-04-01');
const SUBSIDY = { kind: 'subsidy', type: 'fixed-per-member', plan_code: 'hospital-a', amount_fen: 3500, title: ' 省总工会 ', fund_source: 'union-funds', from: FROM } as const;

it('is tried on sample cases once it could be sent, as it would be', () => {
  expect(completeRelief(SUBSIDY)).toEqual({
    plan_code: 'hospital-a',
    rule: { type: 'fixed-per-member', amount_fen: 3500 },
    bearer: { kind: 'subsidy', title: '省总工会', tax_number: '', fund_source: 'union-funds' },
    from: '2026-04-01',
  });
  const gift = { kind: 'gifted-cover', type: 'percentage', plan_code: 'hospital-a', percent: '33.5', from: FROM, until: FROM } as const;
  expect(completeRelief(gift)).toEqual({
    plan_code: 'hospital-a',
    rule: { type: 'percentage', basis_points: 3350 },
    bearer: { kind: 'gifted-cover' },
    from: '2026-04-01',
    until: '2026-04-01',
  });
});

it('is not tried while something is missing or wrong', () => {
  for (const values of [
    undefined,
    {},
    { ...SUBSIDY, amount_fen: 0 },
    { ...SUBSIDY, title: ' ' },
    { ...SUBSIDY, plan_code: '' },
    { ...SUBSIDY, until: FROM.subtract(1, 'day') },
    { ...SUBSIDY, type: 'percentage', percent: '0' } as const,
    { ...SUBSIDY, type: 'first-shares' } as const,
  ])
    expect(completeRelief(values), JSON.stringify(values)).toBeNull();
});
