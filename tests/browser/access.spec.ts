/** For everybody: no serious fault of accessibility on any page. What a page becomes while it is worked with is judged in its journey. */
import { expect, test } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { judged } from './axe';
import { at, draft, leave } from './desk';

const PAGES: Record<string, string[]> = {
  zhangsan: ['/', '/roster-templates', '/enrolment-entry', '/payment-notices', '/receipt-entry', '/certificate-printing', '/enrolment-query', '/renewals', '/own-unit', '/messages', '/exports', '/sign-ins'],
  wangchushen: ['/', '/first-review', '/first-review?tab=mine', '/enrolment-query'],
  dengjihong: ['/', '/enrolment-entry', '/registration-review', '/unit-registration', '/unit-query', '/unit-maintenance', '/unit-maintenance/unit-qishan-1', '/unit-merger'],
  xiezhuce: ['/', '/registration-query', '/registration-query?state=submitted', '/registration-query?state=approved', '/unit-merger?unit=unit-qishan-1&survivor=unit-qishan-2', '/registration-review'],
  qianshenji: ['/', '/enrolment-query', '/unit-query', '/unit-query/unit-qishan-1', '/registration-query', '/payment-query', '/ledger', '/messages?tab=all', '/plan-variants', '/self-check-rules', '/reliefs', '/accounts', '/accounts/zhoucaiwu', '/roles', '/organisation', '/account-sign-ins', '/account-sign-ins?account=zhoucaiwu', '/trails', '/receipt-series', '/sign-ins', '/exports'],
  zhoucaiwu: ['/print-counts', '/receipt-maintenance', '/receipt-series', '/payment-confirmation', '/payment-query', '/ledger'],
  wuguidang: ['/certificate-archiving'],
  songguanli: ['/accounts', '/accounts/_new', '/accounts/henanguidang', '/organisation', '/organisation?node=0012'],
  tanghuodong: ['/plan-variants', '/plan-variants/hospital-a', '/plan-variants/_new', '/plan-variants/hospital-a/_new', '/self-check-rules', '/self-check-rules/_new'],
  fanhuodong: ['/reliefs'],
  zhengzhuguan: ['/', '/dispatch', '/withdrawal', '/restricted-people', '/messages?tab=all'],
};

test('pages before signing in', async ({ page }) => {
  for (const path of ['/sign-in', '/forgotten-password', '/set-password#token', '/set-password', '/verify/forged', '/register', '/registration']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await judged(page);
  }
});

test('the sign-in page shows after at most 250 KB of JavaScript, gzipped', async ({ page }) => {
  const loaded: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') loaded.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible();
  const kb = (await Promise.all(loaded)).reduce((sum, size) => sum + size, 0) / 1000;
  console.log(`first load of the sign-in page: ${kb.toFixed(1)} KB of JavaScript gzipped, in ${loaded.length} files`);
  expect(loaded.length).toBeGreaterThan(1);
  expect(kb).toBeLessThanOrEqual(250);
});

for (const [user, paths] of Object.entries(PAGES)) {
  test(`pages of ${user}`, async ({ browser }) => {
    const page = await at(browser, user);
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await judged(page);
    }
    await leave(page, user);
  });
}

test('every part of a unit that is maintained', async ({ browser }) => {
  const page = await at(browser, 'xiezhuce');
  await page.goto('/unit-maintenance/unit-feng-1');
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await judged(page);
  }
  await leave(page, 'xiezhuce');
});

test('the steps of an enrolment', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const { address } = await draft(page);
  for (const step of ['plans', 'rosters', 'details']) {
    await page.goto(`${address}?step=${step}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await judged(page);
  }
  await leave(page, 'zhangsan');
});

test('关怀模式 has larger type, asks for less at once, and nothing runs out of the page', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.querySelector('main p, main td, main dd, main label') ?? document.body).fontSize));
  await page.goto('/enrolment-query');
  await expect(page.getByRole('search').getByRole('button', { name: '查询' })).toBeVisible();
  const before = await size();
  const fields = page.getByRole('search').locator('label:not(:has(.sr-only))');
  const all = await fields.count();
  await page.getByRole('button', { name: '关怀模式' }).click();
  await expect.poll(size).toBeGreaterThanOrEqual(before * 1.2);
  await expect(fields).toHaveCount(2);
  await page.getByRole('button', { name: '更多条件' }).click();
  await expect(fields).toHaveCount(all);
  const { address } = await draft(page);
  for (const path of ['/', '/enrolment-query', '/own-unit', `${address}?step=plans`, `${address}?step=rosters`, `${address}?step=details`]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await judged(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  await page.getByRole('button', { name: '标准字号' }).click();
  await leave(page, 'zhangsan');
});
