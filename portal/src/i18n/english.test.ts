import { expect, it } from 'vitest';
import { learnEnglish, translate, type Key } from '.';
import { english } from './english';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

it('has the same places for values in both languages', () => {
  for (const [chinese, text] of Object.entries(english)) expect(places(text), chinese).toEqual(places(chinese));
});

it('fills in values', async () => {
  await learnEnglish();
  const key: Key = '您好，{name}';
  expect(translate('zh', key, { name: '张三' })).toBe('您好，张三');
  expect(translate('en', key, { name: '张三' })).toBe('Hello, 张三');
});
