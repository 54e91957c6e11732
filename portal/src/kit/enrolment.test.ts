import { expect, it } from 'vitest';
import { folded } from './enrolment';

const entry = (action: string, note: string, from = 'drafting', to = 'drafting') => ({ at: '2026-03-10T00:00:00Z', actor_name: '张三', action, from, to, note, duration_ms: 0 });

it('folds what was looked at again and again, and nothing that changed the state', () => {
  const seen = entry('view-unmasked', '查看100行');
  const moved = entry('approve', '同意', 'first-review', 'second-review');
  const shown = folded([entry('create', ''), seen, seen, seen, moved, moved, seen], (count) => `×${count}`);
  expect(shown.map(({ action, note }) => `${action} ${note}`)).toEqual(['create ', 'view-unmasked 查看100行 ×3', 'approve 同意', 'approve 同意', 'view-unmasked 查看100行']);
});
