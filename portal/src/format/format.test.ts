import { describe, expect, it } from 'vitest';
import { day, duration, minute, period } from './dates';
import { fen, yuan } from './money';

describe('money', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [123450, '1,234.50'],
    [100000000000, '1,000,000,000.00'],
    [-250, '-2.50'],
  ])('shows %d fen as %s', (amount, shown) => expect(yuan(amount)).toBe(shown));

  it.each([
    ['1,234.5', 123450],
    ['0.07', 7],
    ['79', 7900],
    ['￥80.00', 8000],
    ['0.29', 29],
  ])('reads %s as %d fen', (typed, amount) => expect(fen(typed)).toBe(amount));

  it.each(['', '1.234', '-1', '1e3', 'abc', '1.'])('takes %j for no amount', (typed) => expect(fen(typed)).toBeUndefined());

  it('reads back what it shows', () => {
    for (let amount = 0; amount < 20_000; amount += 7) expect(fen(yuan(amount))).toBe(amount);
  });
});

describe('dates', () => {
  it('shows instants in Asia/Shanghai', () => {
    expect(minute('2025-01-01T16:30:00Z')).toBe('2025-01-02 00:30');
    expect(day('2025-01-01T15:59:59Z')).toBe('2025-01-01');
  });
  it('prints a period as certificates do', () => expect(period(['2024-11-10', '2025-11-09'])).toBe('2024-11-10 0时 至 2025-11-09 24时'));
  it.each([
    [4_000, '4秒'],
    [300_000, '5分钟'],
    [5_400_000, '1小时30分钟'],
    [183_600_000, '2天3小时'],
  ])('says %d ms as %s', (ms, said) => expect(duration(ms, { d: '天', h: '小时', m: '分钟', s: '秒' })).toBe(said));
});
