/**
 * How the portal feels, in figures: one line of JSON each, `{name, value, unit, target}`, on standard output. Not a test of
 * the journeys: `npm run bench`. Figures depend on the machine; a target that is missed is reported, not failed on.
 */
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { LONG, at, draft, importRoster, leave } from './desk';
import { csv, fresh, people } from './people';

/** Loads of which the middle one counts. */
const LOADS = 5;
const ROWS = 10_000;
/** How fast the list is scrolled: as a finger does it. */
const SCROLL_PX_A_FRAME = 240;
const SCROLL_FRAMES = 600;

function figure(name: string, value: number, unit: string, target: number): void {
  console.log(JSON.stringify({ name, value: Math.round(value * 10) / 10, unit, target }));
}

function quantile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The largest contentful paint of an address, in milliseconds. */
async function largestPaint(page: Page, path: string): Promise<number> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1);
          // Buffered entries come at once; nothing larger is painted after the page has come to rest.
          if (last) resolve(last.startTime);
          observer.disconnect();
        });
        observer.observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
}

test('what the sign-in page loads', async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  figure('portal-sign-in-javascript', bytes / 1000, 'KB gzipped', 250);
});

test('the largest paint of sign-in and home', async ({ browser }) => {
  const cold: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    const page = await (await browser.newContext()).newPage();
    cold.push(await largestPaint(page, '/sign-in'));
    await page.context().close();
  }
  figure('portal-sign-in-lcp', quantile(cold, 0.5), 'ms', 2500);

  const page = await at(browser, 'zhangsan');
  const home: number[] = [];
  for (let i = 0; i < LOADS; i++) home.push(await largestPaint(page, '/'));
  figure('portal-home-lcp', quantile(home, 0.5), 'ms', 2500);
  await leave(page, 'zhangsan');
});

/** Frames while the list is scrolled to and fro, and what kept the page from drawing. */
async function scroll(page: Page): Promise<{ frames_ms: number[]; tasks_ms: number[] }> {
  return page.evaluate(
    ([step, count]) =>
      new Promise<{ frames_ms: number[]; tasks_ms: number[] }>((resolve) => {
        const box = document.querySelector('.grid');
        const frames_ms: number[] = [];
        const tasks_ms: number[] = [];
        const observer = new PerformanceObserver((list) => tasks_ms.push(...list.getEntries().map(({ duration }) => duration)));
        observer.observe({ type: 'longtask' });
        let before = performance.now();
        let down = true;
        const frame = (now: number) => {
          frames_ms.push(now - before);
          before = now;
          if (!box || frames_ms.length >= count) {
            observer.disconnect();
            resolve({ frames_ms, tasks_ms });
            return;
          }
          const top = box.scrollTop;
          box.scrollTop = top + (down ? step : -step);
          if (box.scrollTop === top) down = !down;
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    [SCROLL_PX_A_FRAME, SCROLL_FRAMES] as const,
  );
}

test('ten thousand failed rows', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await draft(page);
  const wrong = people(ROWS, fresh()).map((person) => ({ ...person, id_number: person.id_number.slice(0, 17) }));
  await importRoster(page, '一万行.csv', csv(wrong));
  await page.getByRole('row').filter({ hasText: '一万行.csv' }).getByRole('button', { name: '更正失败人员' }).click();
  const grid = page.locator('.grid');
  await expect(grid).toBeVisible(LONG);
  // Everything is read by scrolling to the end of what is there, again and again.
  await expect(async () => {
    await grid.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await expect(page.locator(`tr[aria-rowindex="${ROWS + 1}"]`)).toBeVisible({ timeout: 300 });
  }).toPass({ timeout: 300_000, intervals: [20] });
  figure('failed-rows-in-page', await page.locator('.grid tr[data-at]').count(), 'rows of 10,000', 100);

  await grid.evaluate((box) => box.scrollTo(0, 0));
  await expect(page.locator('tr[aria-rowindex="2"]')).toBeVisible();
  const { frames_ms, tasks_ms } = await scroll(page);
  figure('failed-rows-frame-median', quantile(frames_ms.slice(1), 0.5), 'ms', 17);
  figure('failed-rows-frame-p95', quantile(frames_ms.slice(1), 0.95), 'ms', 34);
  figure('failed-rows-long-tasks', tasks_ms.length, `of ${SCROLL_FRAMES} frames`, 6);
  figure('failed-rows-longest-task', Math.max(0, ...tasks_ms), 'ms', 200);

  const cell = page.locator('.grid tr[data-at] input[data-cell="id_number"]').nth(20);
  await cell.click();
  const typed: number[] = [];
  for (const digit of '0123456789') {
    const started = Date.now();
    await page.keyboard.press(digit);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    typed.push(Date.now() - started);
  }
  figure('failed-rows-key-to-paint', quantile(typed, 0.5), 'ms', 100);
  await page.reload();
  await leave(page, 'zhangsan');
});
