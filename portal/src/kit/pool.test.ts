import { expect, it, vi } from 'vitest';
import { readTasks } from './pool';

/** A pool with more tasks than are counted; answers the addresses asked for. */
function pool(): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request.url);
    return Promise.resolve(Response.json({ tasks: { items: [] }, pending: 500, mine: 3, overdue: 0, cap: 500 }));
  });
  return asked;
}

it('counts a pool as a whole, and not what filters leave of it', async () => {
  const asked = pool();
  expect(await readTasks('first-review', 'pending', { limit: 20 }, {})).toEqual({ items: [], all: { total: 500, at_least: true } });
  expect(await readTasks('first-review', 'mine', { limit: 20 }, { order: 'newest' })).toEqual({ items: [], all: { total: 3, at_least: false } });
  expect(await readTasks('first-review', 'mine', { limit: 20 }, { from: '2026-03-01' })).toEqual({ items: [] });
  expect(asked).toHaveLength(3);
});
