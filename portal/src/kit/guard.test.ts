import { expect, it } from 'vitest';

const SOURCES = import.meta.glob<string>(['../**/*.tsx', '!../**/*.test.tsx'], { query: '?raw', import: 'default', eager: true });

/** Codes of six digits, which are gone in minutes anyway. */
const OF_THE_MOMENT = new Set(['../shell/SecondFactor.tsx', '../pages/unit-registration/CodeDialog.tsx']);

it('asks before a dialog with a form loses what was typed', () => {
  const dialogs = Object.entries(SOURCES).filter(([, source]) => /<(Modal|Drawer)\b/.test(source) && /<Form(<\w+>)?\s/.test(source));
  expect(dialogs.length).toBeGreaterThan(15);
  const silent = dialogs.filter(([path, source]) => !OF_THE_MOMENT.has(path) && !/use(Closing|Guard)\(/.test(source));
  expect(silent.map(([path]) => path)).toEqual([]);
});
