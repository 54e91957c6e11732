import { expect, test } from 'vitest';
import { changeOf } from './memberCorrection';
import { member } from './testing';

const LISI = member(3, '李四');
const untouched = { name: '李四', occupation: 'ordinary', shares: 1 };

test('sends nothing of what was left as it was: masked numbers never go back', () => {
  expect(changeOf(LISI, untouched)).toEqual({});
  expect(changeOf(LISI, { ...untouched, id_number: ' ', mobile: '' })).toEqual({});
});

test('sends what was typed, without the space around it', () => {
  expect(changeOf(LISI, { ...untouched, name: '李斯', id_number: ' 370202198511304561 ', mobile: '13900000001' })).toEqual({ name: '李斯', id_number: '370202198511304561', mobile: '13900000001' });
  expect(changeOf(LISI, { name: '李四', occupation: 'high-risk', shares: 2 })).toEqual({ occupation: 'high-risk', shares: 2 });
});

test('clears a mobile number only when asked to', () => {
  expect(changeOf(LISI, { ...untouched, no_mobile: true, mobile: '13900000001' })).toEqual({ mobile: '' });
});
