import { describe, expect, it } from 'vitest';
import { fieldOf } from './problem';

describe('the field of a pointer', () => {
  it.each([
    ['/opinion', ['opinion']],
    ['/items/0/persons', ['items', 0, 'persons']],
    ['/a~1b/c~0d', ['a/b', 'c~d']],
    ['', []],
    ['query:limit', []],
  ])('%s', (pointer, field) => expect(fieldOf(pointer)).toEqual(field));
});
