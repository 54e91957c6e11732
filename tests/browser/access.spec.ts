/** For everybody: no serious fault of accessibility on any page, and an enrolment by keyboard alone. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { at, draft, leave } from './desk';

/** Faults that stay: while a colour still changes from one to another, it may be neither. */
async function judged(page: Page): Promise<void> {
  await expect(async () => {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const said = serious.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `   ${node.target.join(' ')}  ${node.failureSummary ?? ''}`).join('\n')}`);
    expect(said, page.url()).toEqual([]);
  }).toPass({ timeout: 20_000 });
}

const PAGES: Record<string, string[]> = {
  zhangsan: ['/', '/roster-templates', '/enrolment-entry', '/payment-notices', '/receipt-entry', '/certificate-printing', '/enrolment-query', '/renewals', '/own-unit', '/messages', '/exports', '/sign-ins'],
  wangchushen: ['/', '/first-review', '/first-review?tab=mine', '/enrolment-query'],
  dengjihong: ['/', '/enrolment-entry', '/registration-review', '/unit-registration', '/unit-query', '/unit-maintenance', '/unit-maintenance/unit-qishan-1', '/unit-merger'],
  xiezhuce: ['/', '/registration-query', '/registration-query?state=submitted', '/registration-query?state=approved', '/unit-merger?unit=unit-qishan-1&survivor=unit-qishan-2', '/registration-review'],
  qianshenji: ['/', '/enrolment-query', '/unit-query', '/unit-query/unit-qishan-1', '/registration-query', '/payment-query', '/ledger', '/messages?tab=all', '/plan-variants', '/self-check-rules', '/reliefs', '/accounts', '/accounts/zhoucaiwu', '/roles', '/organisation', '/trails', '/receipt-series', '/sign-ins', '/exports'],
  zhoucaiwu: ['/print-counts', '/receipt-series', '/payment-confirmation', '/payment-query', '/ledger'],
  wuguidang: ['/certificate-archiving'],
  songguanli: ['/accounts', '/accounts/_new', '/accounts/henanguidang', '/organisation', '/organisation?node=0012'],
  tanghuodong: ['/plan-variants', '/plan-variants/hospital-a', '/plan-variants/_new', '/plan-variants/hospital-a/_new', '/self-check-rules', '/self-check-rules/_new'],
  fanhuodong: ['/reliefs'],
  zhengzhuguan: ['/', '/dispatch', '/restricted-people', '/messages?tab=all'],
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
      await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
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
    await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
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
    await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
    await judged(page);
  }
  await leave(page, 'zhangsan');
});

/** Presses Tab until `reached` has the focus. */
async function tabTo(page: Page, name: string, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    const there = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} is not reached by keyboard`);
}

test('a draft with a plan and headcounts, by keyboard alone', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await page.goto('/enrolment-entry');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await tabTo(page, '新建参保录入', '.page-head button');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /参保录入 A\d+/ })).toBeVisible();
  await tabTo(page, '保障活动', '.row .ant-select input');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(page, '份数', '.row .ant-input-number input, .row input[role=spinbutton]');
  await tabTo(page, '保存，下一步', 'button[type=submit]');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '单位人数' })).toBeVisible();
  await tabTo(page, '职工人数', '.counts input');
  await page.keyboard.type('9');
  await page.keyboard.press('Tab');
  await page.keyboard.type('4');
  await tabTo(page, '保存人数', '.counts button[type=submit]');
  await page.keyboard.press('Enter');
  await expect(page.getByText('已保存').first()).toBeVisible();
  await leave(page, 'zhangsan');
});
