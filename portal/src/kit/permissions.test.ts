/** Every permission the platform grants has a name, and no name stands for what does not exist. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { PERMISSIONS } from './permissions';

it('names exactly what roles grant', () => {
  const source = readFileSync(resolve('../shared/domain/src/account.rs'), 'utf8');
  const body = /impl Permission \{.*?pub fn name\(self\)[^{]*\{(.*?)\n {4}\}/s.exec(source)?.[1] ?? '';
  const granted = [...body.matchAll(/=> "([a-z-]+)"/g)].map(([, name]) => name ?? '');
  expect(granted.length).toBeGreaterThan(20);
  expect(Object.keys(PERMISSIONS).sort()).toEqual(granted.sort());
});
