/** Pages of a list that the server answers as a whole: the cursor is how many items come before. */
import type { Total } from './listing';

export function paged<T>(items: T[], { limit, cursor = '0' }: { limit: number; cursor?: string }): { items: T[]; next?: string; all: Total } {
  const from = Number(cursor);
  const next = from + limit;
  return { items: items.slice(from, next), ...(next < items.length ? { next: String(next) } : {}), all: { total: items.length, at_least: false } };
}
