import { expect, it } from 'vitest';
import { rulesOf } from './Draft';

it('sends no parameter that was left empty', () => {
  const participation = [{ office: '2602', plan: undefined as never, minimum_percent: 50, all_below_staff: null }, { minimum_percent: 0 }];
  expect(rulesOf({ version: ' 2026 ', rules: ['shares'], participation })).toEqual({ version: '2026', rules: ['shares'], participation: [{ office: '2602', minimum_percent: 50 }, { minimum_percent: 0 }] });
});
