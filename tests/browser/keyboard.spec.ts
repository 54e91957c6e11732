/** The whole of an enrolment by keyboard alone: no step of it needs a mouse. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { at, leave, LONG } from './desk';
import { csv, fresh, people } from './people';

test.describe.configure({ mode: 'serial' });

/** As many as nobody would press: what is further away is not reached. */
const PRESSES = 250;

/** Presses Tab until it has the focus. */
async function to(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeAttached(LONG);
  for (let presses = 0; presses < PRESSES; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target.toString()} is not reached by keyboard`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await expect(target).toBeEnabled(LONG);
  await to(page, target);
  await page.keyboard.press(key);
}

/** Types into a field in place of what it holds. */
async function type(page: Page, target: Locator, text: string): Promise<void> {
  await to(page, target);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

const button = (within: Page | Locator, name: string) => within.getByRole('button', { name, exact: true });

/** Goes to a page by its link in the menu. */
async function go(page: Page, name: string): Promise<void> {
  await press(page, page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name, exact: true }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

/** Chooses a file where the field with the focus asks for one. */
async function file(page: Page, field: Locator, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  await to(page, field);
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({ name, mimeType, buffer });
}

/** Finds the enrolment in the list that is shown; answers its row. */
async function find(page: Page): Promise<Locator> {
  await type(page, page.getByRole('search').getByLabel('申请书号'), number);
  await page.keyboard.press('Enter');
  const row = page.getByRole('row').filter({ hasText: number });
  await expect(row).toHaveCount(1);
  await expect(page.getByRole('row').filter({ hasText: /A\d{20}/ })).toHaveCount(1);
  return row;
}

/** Takes the task out of its pool, which opens it. */
async function acquire(page: Page, pool: string): Promise<void> {
  await go(page, pool);
  await press(page, button(await find(page), '获取'));
  await expect(page.getByText('已获取，可以开始处理')).toBeVisible();
}

async function conclude(page: Page): Promise<void> {
  await press(page, button(page, '提交结论'));
  await expect(page.getByText('审核结论已提交')).toBeVisible();
}

/** Answers the question that a button has brought up. */
async function confirm(page: Page, answer: string): Promise<void> {
  await press(page, button(page.locator('.ant-popconfirm'), answer));
}

let number = '';

test('a unit enters an enrolment and submits it', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await go(page, '参保录入');
  await press(page, button(page, '新建参保录入'));
  await expect(page.getByRole('heading', { name: /参保录入 A\d+/ })).toBeVisible();
  number = (await page.locator('h1 .figures').innerText()).trim();
  const plan = page.getByRole('combobox', { name: /保障活动$/ });
  await to(page, plan);
  await page.keyboard.type('住院');
  await page.keyboard.press('Enter');
  await press(page, button(page, '保存，下一步'));

  await press(page, page.getByRole('button', { name: '人员清单导入' }).first());
  const dialog = page.getByRole('dialog');
  await file(page, dialog.locator('input[type=file]'), '人员清单.csv', 'text/csv', csv(people(5, fresh())));
  await expect(dialog.getByText('已完成')).toBeVisible(LONG);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await type(page, page.getByLabel('职工人数', { exact: true }), '6');
  await type(page, page.getByLabel('女职工人数'), '3');
  await press(page, button(page, '保存人数'));
  await expect(page.getByText('已保存').first()).toBeVisible();
  await press(page, button(page, '下一步'));
  await press(page, button(page, '完成'));
  await confirm(page, '提交');
  await expect(page.getByText(/已提交初审/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/已提交初审/)).toBeHidden();
  await leave(page, 'zhangsan');
});

test('two reviewers approve it', async ({ browser }) => {
  const first = await at(browser, 'wangchushen');
  await acquire(first, '初审');
  await type(first, first.getByLabel('审核意见'), '材料齐全');
  await conclude(first);
  await leave(first, 'wangchushen');

  const second = await at(browser, 'chenfushen');
  await acquire(second, '复审');
  await to(second, second.getByLabel('需要终审', { exact: true }));
  await second.keyboard.press('ArrowRight');
  await expect(second.getByLabel('不需要终审')).toBeChecked();
  await conclude(second);
  await leave(second, 'chenfushen');
});

test('the unit prints the notice and enters a receipt', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await go(page, '缴费通知单打印');
  await press(page, button(await find(page), '打印'));
  await press(page, button(page.getByRole('dialog'), '打印'));
  await to(page, page.getByRole('link', { name: '打开缴费通知单' }));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await go(page, '线上开票录入');
  await press(page, (await find(page)).getByRole('link', { name: '录入' }));
  await press(page, button(page, '新增开票信息'));
  const drawer = page.getByRole('dialog');
  await to(page, drawer.getByRole('combobox', { name: '会费来源' }));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await type(page, drawer.getByLabel('税号', { exact: true }), '12370200MB12345671');
  await type(page, drawer.getByLabel('电子邮箱'), 'finance@example.com');
  await press(page, button(drawer, '保存'));
  await expect(drawer).toBeHidden();
  await press(page, button(page, '提交'));
  await confirm(page, '确定');
  await expect(page.getByText('已提交，等待到账确认')).toBeVisible();
  await leave(page, 'zhangsan');
});

test('finance confirms the payment', async ({ browser }) => {
  const page = await at(browser, 'zhoucaiwu');
  await acquire(page, '到账确认');
  const amount = (await page.getByText(/^应付[\d,.]+元$/).innerText()).replace(/[^\d.]/g, '');
  await type(page, page.getByLabel('到账金额（元）'), amount);
  await type(page, page.getByLabel('银行流水号'), '20260101000002');
  await press(page, button(page, '确认到账'));
  await expect(page.getByText(/到账已确认/)).toBeVisible();
  await leave(page, 'zhoucaiwu');
});

test('the unit prints the certificate and uploads the scan, and the archivist archives it', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await go(page, '确认书打印');
  await press(page, button(await find(page), '打印'));
  const drawer = page.getByRole('dialog');
  await press(page, drawer.getByLabel('我已确认人员名单无误'), 'Space');
  await press(page, button(drawer, '打印'));
  const open = drawer.getByRole('link', { name: '打开确认书' });
  await to(page, open);
  const certificate = await (await page.request.get((await open.getAttribute('href')) ?? '')).body();
  await file(page, drawer.locator('input[type=file]'), '确认书扫描件.pdf', 'application/pdf', certificate);
  await expect(page.getByText('扫描件已上传，等待归档')).toBeVisible(LONG);
  await leave(page, 'zhangsan');

  const archivist = await at(browser, 'wuguidang');
  await acquire(archivist, '确认书归档');
  await press(archivist, button(archivist, '提交结论'));
  await expect(archivist.getByText('已归档').first()).toBeVisible();
  await leave(archivist, 'wuguidang');
});
