/** What goes wrong in offices: two at one form, a session that ends, a page that is left, an address of somebody else. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { judged } from './axe';
import { LONG, menu, at, draft, importRoster, leave, row, signIn } from './desk';
import { png } from './picture';
import { csv, fresh, people } from './people';

test('who comes second at a form sees both versions and decides', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const { address } = await draft(page);
  const other = await page.context().newPage();
  await other.goto(`${address}?step=rosters`);
  await expect(other.getByLabel('职工人数', { exact: true })).toBeVisible();
  for (const [where, staff] of [
    [other, '20'],
    [page, '30'],
  ] as const) {
    await where.getByLabel('职工人数', { exact: true }).fill(staff);
    await where.getByLabel('女职工人数').fill('5');
    await where.getByRole('button', { name: '保存人数' }).click();
    if (where === other) await expect(other.getByText('已保存').first()).toBeVisible();
  }
  const dialog = page.getByRole('dialog').filter({ hasText: '内容已被他人更新' });
  await expect(dialog.getByRole('cell', { name: '30' })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: '20' })).toBeVisible();
  await judged(page);
  await dialog.getByRole('button', { name: '仍按我的提交' }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await other.reload();
  await expect(other.getByLabel('职工人数', { exact: true })).toHaveValue('30');
  await leave(page, 'zhangsan');
});

/** Opens the members of the only plan of a draft. */
async function members(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: '人员详情/修改' }).click();
  return page.getByRole('dialog').filter({ hasText: '人员详情' });
}

/** Writes something else about a member. */
async function correct(page: Page, name: string, field: string, value: string): Promise<void> {
  await row(page, name).getByRole('button', { name: '修改' }).click();
  const form = page.getByRole('dialog').filter({ hasText: '修改人员' });
  await form.getByLabel(field, { exact: true }).fill(value);
  await form.getByRole('button', { name: '保存' }).click();
}

test('of two who correct or remove the same members the second sees both versions and decides', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const { address } = await draft(page);
  const staff = people(3, fresh() + 60_000);
  await importRoster(page, '人员清单.csv', csv(staff));
  const [first = '', second = '', third = ''] = staff.map(({ name }) => name);
  const other = await page.context().newPage();
  await other.goto(`${address}?step=rosters`);
  const [list, others] = [await members(page), await members(other)];
  await expect(row(page, third)).toBeVisible();

  // Somebody else goes, and the places of those behind move: that is no conflict.
  await others.getByRole('row').filter({ hasText: first }).getByRole('checkbox').check();
  await others.getByRole('button', { name: '移除（1）' }).click();
  await other.locator('.ant-popconfirm').getByRole('button', { name: /确\s*定/ }).click();
  await expect(other.getByText('已移除', { exact: true })).toBeVisible();
  await correct(page, third, '手机号码', '13900000001');
  await expect(page.getByText('已更正', { exact: true })).toBeVisible();
  await expect(row(page, third)).toContainText('139****0001');
  await expect(row(page, first)).toHaveCount(0);

  await row(page, third).getByRole('button', { name: '修改' }).click();
  const form = page.getByRole('dialog').filter({ hasText: '修改人员' });
  await form.getByLabel('手机号码', { exact: true }).fill('13900010002');
  await other.reload();
  await members(other);
  await correct(other, third, '手机号码', '13900020001');
  await expect(other.getByText('已更正', { exact: true })).toBeVisible();
  await form.getByRole('button', { name: '保存' }).click();
  const both = page.getByRole('dialog').filter({ hasText: '内容已被他人更新' });
  await expect(both.getByRole('row').filter({ hasText: '手机号码' })).toContainText('13900010002139****0001');
  // The mask shows the same before and after: what it hides is told.
  await expect(both.getByRole('row').filter({ hasText: '号码中隐藏的部分' })).toContainText('已被更正');
  await judged(page);
  await both.getByRole('button', { name: '仍按我的提交' }).click();
  await expect(row(page, third)).toContainText('139****0002');

  for (const name of [second, third]) await row(page, name).getByRole('checkbox').check();
  await other.reload();
  await members(other);
  await correct(other, second, '姓名', '欧阳更名');
  await expect(other.getByText('已更正', { exact: true })).toBeVisible();
  await list.getByRole('button', { name: '移除（2）' }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: /确\s*定/ }).click();
  await expect(both.getByRole('row').filter({ hasText: second })).toContainText('欧阳更名');
  await judged(page);
  await both.getByRole('button', { name: '以现在的内容为准' }).click();
  await expect(row(page, '欧阳更名')).toBeVisible();
  await expect(list.getByRole('button', { name: '移除（0）' })).toBeDisabled();
  await leave(page, 'zhangsan');
});

test('a session that ends in the middle of a form loses nothing', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await draft(page);
  await page.getByLabel('职工人数', { exact: true }).fill('12');
  await page.getByLabel('女职工人数').fill('6');
  await page.context().clearCookies();
  await page.getByRole('button', { name: '保存人数' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: '登录已过期' });
  await expect(dialog).toBeVisible();
  await judged(page);
  await expect(dialog).toBeVisible();
  await signIn(dialog, 'zhangsan');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await expect(page.getByLabel('职工人数', { exact: true })).toHaveValue('12');
  await leave(page, 'zhangsan');
});

test('an import goes on while its page is left', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const { address } = await draft(page);
  await page.getByRole('button', { name: '人员清单导入' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles({ name: '大清单.csv', mimeType: 'text/csv', buffer: csv(people(3000, fresh() + 50_000)) });
  await expect(dialog.getByText('正在检查和处理')).toBeVisible(LONG);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: /^您好/ })).toBeVisible();
  await page.goto(`${address}?step=rosters`);
  const outcome = page.getByText('全部成功').or(page.getByText('部分失败'));
  // The batch shows as soon as the import has begun; the list is read again until then.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('row').filter({ hasText: '大清单.csv' })).toBeVisible({ timeout: 5_000 });
  }).toPass(LONG);
  await expect(outcome).toBeVisible(LONG);
  await leave(page, 'zhangsan');
});

test('leaving with unsaved changes asks first', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await draft(page);
  await page.getByLabel('职工人数', { exact: true }).fill('7');
  await menu(page, '首页');
  const dialog = page.getByRole('dialog').filter({ hasText: '有尚未保存的修改' });
  await dialog.getByRole('button', { name: '留在本页' }).click();
  await expect(page.getByLabel('职工人数', { exact: true })).toHaveValue('7');
  await menu(page, '首页');
  await dialog.getByRole('button', { name: '放弃修改并离开' }).click();
  await expect(page.getByRole('heading', { name: /^您好/ })).toBeVisible();
  await leave(page, 'zhangsan');
});

test('a dialog with unsaved entries asks before it closes', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await draft(page);
  await page.getByRole('button', { name: '新增无名单' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: '新增无名单' });
  const asked = page.getByRole('dialog').filter({ hasText: '有尚未保存的修改' });
  await dialog.getByLabel('一般职业人数').fill('3');
  await page.keyboard.press('Escape');
  await asked.getByRole('button', { name: '继续填写' }).click();
  await expect(asked).toBeHidden();
  await expect(dialog.getByLabel('一般职业人数')).toHaveValue('3');
  await dialog.getByRole('button', { name: /取\s*消/ }).click();
  await asked.getByRole('button', { name: '放弃修改' }).click();
  await expect(dialog).toBeHidden();
  await leave(page, 'zhangsan');
});

test("another unit's enrolment does not exist, and pages without permission say so", async ({ browser }) => {
  const owner = await at(browser, 'zhangsan');
  const { address } = await draft(owner);
  await leave(owner, 'zhangsan');
  const page = await at(browser, 'lisi');
  for (const path of [address, address.replace('enrolment-entry', 'enrolment-query'), address.replace('enrolment-entry', 'receipt-entry')]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: '没有找到您要的内容' })).toBeVisible();
  }
  await page.goto('/first-review');
  await expect(page.getByRole('heading', { name: '您没有使用此功能的权限' })).toBeVisible();
  await expect(page.getByRole('link', { name: '初审', exact: true })).toHaveCount(0);
  await leave(page, 'lisi');
});

test('a file that cannot be right is refused before it travels', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await draft(page);
  await page.getByRole('button', { name: '人员清单导入' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles({ name: '照片.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  await expect(dialog.getByText('不支持这种文件类型')).toBeVisible();
  // And one that only the platform finds out: it says why, there and in the batches.
  await dialog.locator('input[type=file]').setInputFiles({ name: '没有表头.csv', mimeType: 'text/csv', buffer: Buffer.from('甲,乙\n1,2\n', 'utf8') });
  await expect(dialog.getByText(/表头/)).toBeVisible(LONG);
  // The batch stands behind the dialog by the time that it is closed: closing it earlier calls the file off.
  await expect(page.locator('tr').filter({ hasText: '没有表头.csv' })).toHaveCount(1, LONG);
  await dialog.getByRole('button', { name: '关闭' }).last().click();
  await expect(page.getByRole('row').filter({ hasText: '没有表头.csv' })).toContainText('未导入');
  await leave(page, 'zhangsan');
});

test('a picture that lies on its side is turned, and can be looked at from all sides', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const { address } = await draft(page);
  await page.goto(`${address}?step=details`);
  await page.locator('input[type=file]').first().setInputFiles({ name: '证明.png', mimeType: 'image/png', buffer: png(600, 400) });
  const upload = page.locator('.upload-list').first();
  await expect(upload.getByText('已完成')).toBeVisible(LONG);
  const attached = page.locator('.thumbnails li');
  const shape = () => attached.last().getByRole('img', { name: '证明.png' }).evaluate((picture: HTMLImageElement) => Math.sign(picture.naturalWidth - picture.naturalHeight));
  await expect(attached).toHaveCount(1);
  await expect.poll(shape).toBe(1);
  await upload.getByRole('button', { name: '向右旋转证明.png' }).click();
  await expect.poll(shape, LONG).toBe(-1);
  await expect(attached).toHaveCount(1);
  await judged(page);

  await attached.getByRole('button', { name: '证明.png', exact: true }).press('Enter');
  const viewer = page.getByRole('dialog');
  await judged(page);
  const turned = viewer.locator('img');
  await expect(turned).toHaveAttribute('style', /rotate\(0deg\)/);
  await viewer.getByRole('button', { name: '向左旋转' }).press('Enter');
  await expect(turned).toHaveAttribute('style', /rotate\(-90deg\)/);
  await page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await leave(page, 'zhangsan');
});
