import { describe, expect, it } from 'vitest';
import type { NodeView } from '../api/schema.gen';
import { branches, depth, placeName } from './nodes';
import { paged } from './paged';

const node = (path: string, name: string, kind: string): NodeView => {
  const ids = path.split('/').filter(Boolean);
  return { id: ids.at(-1) ?? '', name, kind, path, version: 1, parent: ids.at(-2) ?? null };
};
const NODES = [node('/hq/', '总会', 'headquarters'), node('/hq/2602/', '陕西省办事处', 'office'), node('/hq/2602/2602-3/', '宝鸡代办处', 'agency'), node('/hq/26021/', '另一办事处', 'office')];

describe('the organisation tree', () => {
  it('hangs each node below its parent', () => {
    const [root] = branches(NODES);
    expect(root?.children.map(({ title }) => title)).toEqual(['陕西省办事处', '另一办事处']);
    expect(root?.children[0]?.children[0]?.value).toBe('/hq/2602/2602-3/');
  });
  it('begins where the reader sits', () => {
    expect(branches(NODES.slice(1)).map(({ title }) => title)).toEqual(['陕西省办事处', '另一办事处']);
  });
  it('names a place from the office down, also that of a unit', () => {
    expect(placeName(NODES, '/hq/2602/2602-3/')).toBe('陕西省办事处 / 宝鸡代办处');
    expect(placeName(NODES, '/hq/2602/2602-3/unit-1/')).toBe('陕西省办事处 / 宝鸡代办处');
    expect(placeName(NODES, '/hq/')).toBe('总会');
    expect(placeName([], '/hq/2602/')).toBe('/hq/2602/');
  });
  it('counts its levels', () => expect([depth('/hq/'), depth('/hq/2602/2602-3/')]).toEqual([1, 3]));
});

it('pages what came as a whole', () => {
  const whole = [1, 2, 3, 4, 5];
  const all = { total: 5, at_least: false };
  expect(paged(whole, { limit: 2 })).toEqual({ items: [1, 2], next: '2', all });
  expect(paged(whole, { limit: 2, cursor: '4' })).toEqual({ items: [5], all });
  expect(paged(whole, { limit: 5 })).toEqual({ items: whole, all });
});
