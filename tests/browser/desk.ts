/** People at the portal: signing in through the page once per account, and what several journeys do alike. */
import { expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { existsSync, mkdirSync } from 'node:fs';

const PASSWORD = 'Huzhu-Baozhang-2026';
const STATES = new URL('results/states/', import.meta.url).pathname;
/** Imports, inspections and rendering are steps of their own. */
export const LONG = { timeout: 240_000 };

const DIGITS = '零一二三四五六七八九';

/** `四十七` → 47. */
function number(spoken: string): number {
  const [tens, ones] = spoken.includes('十') ? spoken.split('十') : [undefined, spoken];
  const digit = (text: string | undefined) => DIGITS.indexOf(text ?? '');
  return (tens === undefined ? 0 : tens === '' ? 10 : digit(tens) * 10) + (ones ? digit(ones) : 0);
}

/** Answers the captcha by its words. */
export async function answerCaptcha(form: Locator): Promise<void> {
  const words = form.getByRole('switch', { name: '文字验证码' });
  if ((await words.getAttribute('aria-checked')) !== 'true') await words.click();
  const sum = form.locator('.captcha-words');
  await expect(sum).toHaveText(/加.+等于几/);
  const [left = '', right = ''] = (await sum.innerText()).replace('等于几', '').split('加');
  await form.getByLabel('验证码', { exact: true }).fill(String(number(left) + number(right)));
}

/** Signs in on whatever shows the form. */
export async function signIn(form: Locator, user: string, password = PASSWORD): Promise<void> {
  await form.getByLabel('用户名').fill(user);
  await form.getByLabel('密码', { exact: true }).fill(password);
  await answerCaptcha(form);
  await form.getByRole('button', { name: '登录' }).click();
}

/** A browser of one account. It signs in through the page the first time; afterwards its cookies are kept. */
export async function at(browser: Browser, user: string): Promise<Page> {
  const file = `${STATES}${user}.json`;
  if (existsSync(file)) {
    const page = await (await browser.newContext({ storageState: file })).newPage();
    await page.goto('/');
    await expect(page.getByRole('button', { name: '登录' }).or(page.getByRole('heading', { name: /^您好/ }))).toBeVisible();
    if (await page.getByRole('heading', { name: /^您好/ }).isVisible()) return page;
    await page.context().close();
  }
  const context: BrowserContext = await browser.newContext();
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page.locator('main'), user);
  await expect(page.getByRole('heading', { name: /^您好/ })).toBeVisible();
  mkdirSync(STATES, { recursive: true });
  await context.storageState({ path: file });
  return page;
}

/** Keeps the cookies as they are now – refresh tokens are good for one use – and closes the browser. */
export async function leave(page: Page, user: string): Promise<void> {
  await page.context().storageState({ path: `${STATES}${user}.json` });
  await page.context().close();
}

/** Goes to a page by the menu. */
export async function menu(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name, exact: true }).click();
}

/** Chooses in a select, by the label of its field. */
export async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: option }).first().click();
}

/** Opens a draft of the unit with one plan; answers its application number and address. */
export async function draft(page: Page): Promise<{ number: string; address: string }> {
  await menu(page, '参保录入');
  await page.getByRole('button', { name: '新建参保录入' }).click();
  await expect(page.getByRole('heading', { name: /参保录入 A\d+/ })).toBeVisible();
  const number = (await page.locator('h1 .figures').innerText()).trim();
  // A plan of one variant is chosen with it; the field beside it is called 保障活动细类.
  await choose(page, page.getByRole('combobox', { name: /保障活动$/ }), /综合|住院|医疗/);
  await page.getByRole('button', { name: '保存，下一步' }).click();
  await expect(page.getByRole('heading', { name: '人员清单', exact: true })).toBeVisible();
  return { number, address: new URL(page.url()).pathname };
}

/** Imports a roster into the only plan, and waits for its end. */
export async function importRoster(page: Page, name: string, file: Buffer): Promise<void> {
  await page.getByRole('button', { name: '人员清单导入' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: file });
  await expect(dialog.getByText('已完成')).toBeVisible(LONG);
  await dialog.getByRole('button', { name: '关闭' }).last().click();
  await expect(dialog).toBeHidden();
}

export async function headcounts(page: Page, staff: number, female: number): Promise<void> {
  await page.getByLabel('职工人数', { exact: true }).fill(String(staff));
  await page.getByLabel('女职工人数').fill(String(female));
  await page.getByRole('button', { name: '保存人数' }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
}

/** From step 2 to the submitted enrolment. */
export async function complete(page: Page): Promise<void> {
  await page.getByRole('button', { name: '下一步', exact: true }).click();
  await page.getByRole('button', { name: '完成', exact: true }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '提交' }).click();
  await expect(page.getByText(/已提交初审/)).toBeVisible();
  await page.getByRole('dialog').getByRole('button').click();
}

/** The row of an enrolment in a pool or list. */
export function row(page: Page, number: string): Locator {
  return page.getByRole('row').filter({ hasText: number });
}

/** Looks for one enrolment in the list that is shown. */
export async function find(page: Page, number: string, label = '申请书号'): Promise<void> {
  await page.getByLabel(label).fill(number);
  await page.getByRole('button', { name: '查询' }).click();
  await expect(row(page, number)).toBeVisible();
}

/** Takes a task out of its pool and opens it. */
export async function acquire(page: Page, pool: string, number: string, label?: string): Promise<void> {
  await menu(page, pool);
  await find(page, number, label);
  await row(page, number).getByRole('button', { name: '获取' }).click();
  await expect(page.getByText('已获取，可以开始处理')).toBeVisible();
}

/** Sets the day of the month until which money confirmed gets its receipts at once; answers the day before. */
export async function settlementDay(browser: Browser, day: number): Promise<number> {
  const page = await at(browser, 'tangguanli');
  const address = '/api/nodes/2602/settings';
  const read = await page.request.get(address);
  const settings = (await read.json()) as { settlement_day: number };
  const before = settings.settlement_day;
  const headers = { 'X-Requested-By': 'portal', 'Idempotency-Key': crypto.randomUUID(), 'If-Match': read.headers()['etag'] ?? '' };
  const written = await page.request.put(address, { headers, data: { ...settings, settlement_day: day } });
  expect(written.ok(), await written.text()).toBe(true);
  await leave(page, 'tangguanli');
  return before;
}
