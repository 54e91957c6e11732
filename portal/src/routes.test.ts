/** What the menu offers, by what roles grant. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { PAGES } from './routes';

const source = readFileSync(resolve('../shared/domain/src/account.rs'), 'utf8');
const names = new Map([...source.matchAll(/Self::(\w+(?:\(Level::\w+\))?) => "([a-z-]+)",/g)].map(([, permission = '', name = '']) => [permission, name]));

/** What a role may do, by the names of GET /me. */
const granted = (permissions: string) => permissions.split(',').flatMap((permission) => names.get(permission.trim()) ?? []);
const arms = /pub fn permissions\(self\).*?match self \{(.*?)\n {8}\}/s.exec(source)?.[1] ?? '';
const roles = new Map([...arms.matchAll(/Self::(\w+) => (?:\{\s*)?&\[([^\]]*)\]/g)].map(([, role = '', permissions = '']) => [role, granted(permissions)]));

/** Titles in the menu of who may do so much. */
const menu = (permissions: string[]) => PAGES.filter(({ needs }) => needs.length === 0 || needs.some((need) => permissions.includes(need))).map(({ title }) => title);

it('has no two entries of one name for anybody', () => {
  expect(roles.size).toBe(11);
  // Accounts of units hold this role and no other.
  const unit = menu(roles.get('UnitHandler') ?? []);
  const office = menu([...roles].filter(([role]) => role !== 'UnitHandler').flatMap(([, permissions]) => permissions));
  for (const titles of [unit, office]) {
    expect(titles).toContain('信息维护');
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  }
});
