import { expect, test } from 'vitest';
import type { Member } from './member';
import { changeOf } from './memberCorrection';

const member: Member = {
  place: 1,
  entry: 'u1.3',
  numbers_tag: 'a',
  row: 3,
  name: '李四',
  sex: 'male',
  age: 40,
  id_number: '370202********4561',
  mobile: '138****0000',
  occupation: 'ordinary',
  shares: 1,
  over_age: false,
  unexpired: false,
  covers: [],
};
const untouched = { name: '李四', occupation: 'ordinary', shares: 1 };

test('sends nothing of what was left as it was: masked numbers never go back', () => {
  expect(changeOf(member, untouched)).toEqual({});
  expect(changeOf(member, { ...untouched, id_number: ' ', mobile: '' })).toEqual({});
});

test('sends what was typed, without the space around it', () => {
  expect(changeOf(member, { ...untouched, name: '李斯', id_number: ' 370202198511304561 ', mobile: '13900000001' })).toEqual({ name: '李斯', id_number: '370202198511304561', mobile: '13900000001' });
  expect(changeOf(member, { name: '李四', occupation: 'high-risk', shares: 2 })).toEqual({ occupation: 'high-risk', shares: 2 });
});

test('clears a mobile number only when asked to', () => {
  expect(changeOf(member, { ...untouched, no_mobile: true, mobile: '13900000001' })).toEqual({ mobile: '' });
});
