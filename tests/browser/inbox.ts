/** The laptop's inbox of text messages that are not really sent. The sign-in page's hints say where it is. */
import { expect, type Page } from '@playwright/test';
import { LONG } from './desk';

/** Everything a JSON value holds, as one list of texts. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(texts);
  return [];
}

/** What the last message that matches says, once it is there; messages are found by what only they can say. */
export async function message(page: Page, pattern: RegExp, seen: ReadonlySet<string> = new Set()): Promise<RegExpExecArray> {
  const hints = (await (await page.request.get('/local/hints.json')).json()) as { texts: string };
  let found: RegExpExecArray | undefined;
  await expect(async () => {
    const all = texts(await (await page.request.get(hints.texts)).json()).filter((text) => !seen.has(text));
    found = all.map((text) => pattern.exec(text)).filter((match) => match !== null).at(-1);
    expect(found).toBeDefined();
  }).toPass(LONG);
  if (!found) throw new Error('no message');
  return found;
}

/** All messages so far, so that a later one is told from them. */
export async function messages(page: Page): Promise<Set<string>> {
  const hints = (await (await page.request.get('/local/hints.json')).json()) as { texts: string };
  return new Set(texts(await (await page.request.get(hints.texts)).json()));
}
