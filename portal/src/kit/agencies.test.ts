import { describe, expect, it } from 'vitest';
import type { RegistrationNode } from '../api/schema.gen';
import { nodeOf, officeOf, treeOf } from './agencies';

const node = (id: string, parent: string, selectable = true): RegistrationNode => ({ id, name: id, parent, selectable });
const NODES = [node('2602', 'hq', false), node('baoji', '2602'), node('qishan', 'baoji'), node('xian', '2602')];

/** The names that can be chosen. */
function choices(within?: string): string[] {
  const of = (nodes: ReturnType<typeof treeOf>): string[] => nodes.flatMap(({ title, selectable, children }) => [...(selectable ? [title] : []), ...of(children)]);
  return of(treeOf(NODES, within));
}

describe('agencies', () => {
  it('can all be chosen but offices', () => {
    expect(treeOf(NODES).map(({ title }) => title)).toEqual(['2602']);
    expect(choices()).toEqual(['baoji', 'qishan', 'xian']);
  });

  it('can be chosen below one node only', () => {
    expect(choices('baoji')).toEqual(['baoji', 'qishan']);
    expect(choices('2602')).toEqual(['baoji', 'qishan', 'xian']);
    expect(choices('hq')).toEqual(['baoji', 'qishan', 'xian']);
    expect(choices('elsewhere')).toEqual([]);
  });

  it('are known by their path', () => {
    expect([officeOf('/hq/2602/baoji/qishan/'), nodeOf('/hq/2602/baoji/qishan/')]).toEqual(['2602', 'qishan']);
    expect([officeOf('/hq/'), nodeOf('/hq/')]).toEqual(['', 'hq']);
  });
});
