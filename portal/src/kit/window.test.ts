import { describe, expect, it } from 'vitest';
import { sightOf } from './window';

describe('rows in sight', () => {
  it('are a few of many, wherever one is', () => {
    for (const scrolled of [0, 71, 72, 10_000, 359_999, 719_999]) {
      const { first, end } = sightOf(10_000, 72, scrolled, 600);
      expect(first * 72).toBeLessThanOrEqual(scrolled);
      expect(end === 10_000 || end * 72 >= scrolled + 600).toBe(true);
      expect(end - first).toBeLessThan(60);
    }
  });
  it('stay the same while one scrolls by a row', () => expect(sightOf(10_000, 72, 7_300, 600)).toEqual(sightOf(10_000, 72, 7_372, 600)));
  it('are all of a few', () => expect(sightOf(3, 72, 0, 600)).toEqual({ first: 0, end: 3 }));
  it('are none of none', () => expect(sightOf(0, 72, 0, 600)).toEqual({ first: 0, end: 0 }));
});
