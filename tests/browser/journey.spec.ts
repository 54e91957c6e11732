/** The main job by clicking: from the draft to the archive, with a race, a return, a failed row, two receipts. */
import { expect, test, type Page } from '@playwright/test';
import { judged } from './axe';
import { acquire, at, choose, complete, draft, find, headcounts, importRoster, leave, LONG, menu, row, settlementDay } from './desk';
import { csv, fresh, people } from './people';

test.describe.configure({ mode: 'serial' });

const staff = people(8, fresh());
let number = '';
let verification = '';
let certificate: Buffer;

test('a unit enters an enrolment and corrects a failed row in place', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  ({ number } = await draft(page));
  const wrong = staff.map((person, i) => (i === 2 ? { ...person, id_number: person.id_number.slice(0, 17) } : person));
  await importRoster(page, '人员清单.csv', csv(wrong));
  const batch = page.getByRole('row').filter({ hasText: '人员清单.csv' });
  await expect(batch).toContainText('部分失败');

  await batch.getByRole('button', { name: '更正失败人员' }).click();
  const cell = page.getByLabel(/第4行身份证号码/);
  await expect(cell).toHaveAttribute('aria-invalid', 'true');
  // Still wrong: its reason changes, and the row stays.
  await judged(page);
  const correct = staff[2]?.id_number ?? '';
  await cell.fill(correct.slice(0, 17) + (correct.endsWith('1') ? '2' : '1'));
  await page.getByRole('button', { name: '提交已修改的1行' }).click();
  await expect(page.locator('.grid').getByText(/最后一位与前17位不符/)).toBeVisible();
  await cell.fill(correct);
  await page.getByRole('button', { name: '提交已修改的1行' }).click();
  await expect(page.getByText('1人已加入人员清单')).toBeVisible();
  await expect(page.getByRole('cell', { name: '8', exact: true }).first()).toBeVisible();

  // Who was taken and who was not, as workbooks with whole numbers.
  await page.getByRole('button', { name: '名单下载' }).click();
  const roster = await page.request.get((await page.getByRole('link', { name: '参保人员名单下载' }).getAttribute('href')) ?? '');
  expect((await roster.body()).subarray(0, 2).toString()).toBe('PK');

  // Somebody who was taken is corrected: what is left open stays, and a wrong number is named beside its field.
  await page.getByRole('button', { name: '人员详情/修改' }).click();
  await row(page, staff[0]?.name ?? '').getByRole('button', { name: '修改' }).click();
  const member = page.getByRole('dialog').filter({ hasText: '修改人员' });
  await member.getByLabel('手机号码', { exact: true }).fill('12');
  await member.getByRole('button', { name: '保存' }).click();
  await expect(member.locator('.ant-form-item-explain-error')).toBeVisible();
  await judged(page);
  await member.getByLabel('手机号码', { exact: true }).fill('13900000001');
  await member.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('已更正', { exact: true })).toBeVisible();
  await expect(row(page, staff[0]?.name ?? '')).toContainText('139****0001');
  await page.keyboard.press('Escape');

  await headcounts(page, 10, 5);
  await complete(page);
  await find(page, number);
  await expect(row(page, number)).toContainText('初审');
  await leave(page, 'zhangsan');
});

test('of two reviewers at one task one gets it, and returns the enrolment', async ({ browser }) => {
  const [wang, ma] = [await at(browser, 'wangchushen'), await at(browser, 'machushen')];
  for (const page of [wang, ma]) {
    await menu(page, '初审');
    await find(page, number);
  }
  await Promise.all([wang, ma].map((page) => row(page, number).getByRole('button', { name: '获取' }).click()));
  const has = (page: Page) => page.url().includes('/first-review/');
  const isTold = (page: Page) => page.getByRole('alert').filter({ hasText: /王初审|马初审/ }).isVisible();
  await expect.poll(async () => (await Promise.all([wang, ma].map(async (page) => has(page) !== (await isTold(page))))).every(Boolean)).toBe(true);
  const won = [wang, ma].filter(has);
  expect(won).toHaveLength(1);
  const page = won[0] ?? wang;
  await page.getByRole('tab', { name: '参保人信息分布' }).click();
  await expect(page.getByRole('figure', { name: '性别' })).toBeVisible();
  // Every tab of what a reviewer decides on.
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await judged(page);
  }
  await page.getByLabel('退回单位').check();
  await page.getByRole('button', { name: '提交结论' }).click();
  await expect(page.getByText('请填写原因')).toBeVisible();
  await page.getByLabel('退回原因').fill('请补充备注');
  await page.getByRole('button', { name: '提交结论' }).click();
  await expect(page.getByText('审核结论已提交')).toBeVisible();
  await leave(wang, 'wangchushen');
  await leave(ma, 'machushen');
});

test('the unit sees why, mends it, and submits again', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await expect(page.getByText('请补充备注').first()).toBeVisible();
  await menu(page, '参保录入');
  await find(page, number);
  await row(page, number).getByRole('link', { name: '继续录入' }).click();
  await page.getByRole('button', { name: '下一步', exact: true }).click();
  await page.getByLabel('备注').fill('全员参保');
  await page.getByRole('button', { name: '保存备注' }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await page.getByRole('button', { name: '完成', exact: true }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '提交' }).click();
  await expect(page.getByText(/已提交初审/)).toBeVisible();
  await leave(page, 'zhangsan');
});

test('it passes three reviewers', async ({ browser }) => {
  const first = await at(browser, 'wangchushen');
  await acquire(first, '初审', number);
  await first.getByLabel('审核意见').fill('材料齐全');
  await first.getByRole('button', { name: '提交结论' }).click();
  await expect(first.getByText('审核结论已提交')).toBeVisible();
  await leave(first, 'wangchushen');

  const second = await at(browser, 'chenfushen');
  await acquire(second, '复审', number);
  await expect(second.getByText('材料齐全')).toBeVisible();
  await second.getByLabel('需要终审', { exact: true }).check();
  await second.getByLabel('审核意见').fill('同意，请终审');
  await second.getByRole('button', { name: '提交结论' }).click();
  await expect(second.getByText('审核结论已提交')).toBeVisible();
  await leave(second, 'chenfushen');

  const last = await at(browser, 'liuzhongshen');
  await acquire(last, '终审', number);
  for (const opinion of ['材料齐全', '同意，请终审']) await expect(last.getByText(opinion)).toBeVisible();
  await last.getByRole('button', { name: '提交结论' }).click();
  await expect(last.getByText('审核结论已提交')).toBeVisible();
  await leave(last, 'liuzhongshen');
});

test('the unit prints the notice and enters two receipts', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await menu(page, '缴费通知单打印');
  await find(page, number);
  await row(page, number).getByRole('button', { name: '打印' }).click();
  await expect(page.getByRole('region', { name: '缴费通知单预览' })).toContainText('应付（大写）');
  await judged(page);
  await page.getByRole('dialog').getByRole('button', { name: '打印' }).click();
  await expect(page.getByRole('link', { name: '打开缴费通知单' })).toBeVisible(LONG);
  await page.keyboard.press('Escape');

  await menu(page, '线上开票录入');
  await find(page, number);
  await row(page, number).getByRole('link', { name: '录入' }).click();
  const drawer = page.getByRole('dialog');
  const due = 8;
  for (const [source, price] of [
    ['工会经费', '10.00'],
    ['会员自付', 'rest'],
  ] as const) {
    await page.getByRole('button', { name: '新增开票信息' }).click();
    await choose(page, drawer.getByRole('combobox', { name: '会费来源' }), source);
    await drawer.getByLabel('电子邮箱').fill('finance@example.com');
    await drawer.getByLabel('税号', { exact: true }).fill('12370200MB12345671');
    if (price !== 'rest') {
      await drawer.getByRole('spinbutton', { name: '人数' }).fill(String(due));
      await drawer.getByLabel('每人金额（元）').fill(price);
    }
    await expect(drawer.getByRole('region', { name: '票据预览' })).toContainText(/元整|角|分/);
    if (price === 'rest') await judged(page);
    await drawer.getByRole('button', { name: '保存' }).click();
    await expect(drawer).toBeHidden();
  }
  await expect(page.getByText('各活动的剩余开票金额都为0时才能提交。')).toBeHidden();
  await judged(page);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '确定' }).click();
  await expect(page.getByText('已提交，等待到账确认')).toBeVisible();
  await leave(page, 'zhangsan');
});

let settles_on = 25;

test('finance confirms the payment to the fen', async ({ browser }) => {
  // Receipts are issued at once, whatever day it is.
  settles_on = await settlementDay(browser, 31);
  const page = await at(browser, 'zhoucaiwu');
  await acquire(page, '到账确认', number);
  const hint = await page.getByText(/^应付[\d,.]+元$/).innerText();
  const amount = hint.replace(/[^\d.]/g, '');
  await page.getByLabel('银行流水号').fill('20260101000001');
  await page.getByLabel('到账金额（元）').fill((Number(amount) - 0.01).toFixed(2));
  await page.getByRole('button', { name: '确认到账' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await judged(page);
  await page.getByLabel('到账金额（元）').fill(amount);
  await page.getByRole('button', { name: '确认到账' }).click();
  await expect(page.getByText(/到账已确认/)).toBeVisible();
  await leave(page, 'zhoucaiwu');
});

test('the unit confirms the roster, prints, and uploads the scan', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await menu(page, '确认书打印');
  await find(page, number);
  await row(page, number).getByRole('button', { name: '打印' }).click();
  const drawer = page.getByRole('dialog');
  const print = drawer.getByRole('button', { name: '打印', exact: true });
  await expect(print).toBeDisabled(LONG);
  await drawer.getByRole('button', { name: '下载人员清单' }).click();
  await expect(drawer.getByRole('link', { name: /^参保人员名单-.*xlsx$/ })).toBeVisible();
  await drawer.getByLabel('我已确认人员名单无误').check(LONG);
  await judged(page);
  await print.click();
  const open = drawer.getByRole('link', { name: '打开确认书' });
  await expect(open).toBeVisible(LONG);
  verification = (await drawer.getByRole('link', { name: '公开验证页' }).getAttribute('href')) ?? '';
  // What was printed, signed and sealed comes back as a PDF.
  const answer = await page.request.get((await open.getAttribute('href')) ?? '');
  certificate = await answer.body();
  expect(certificate.subarray(0, 4).toString()).toBe('%PDF');
  await drawer.locator('input[type=file]').setInputFiles({ name: '确认书扫描件.pdf', mimeType: 'application/pdf', buffer: certificate });
  await expect(page.getByText('扫描件已上传，等待归档')).toBeVisible(LONG);
  await page.goto('/certificate-printing?printed=yes');
  await find(page, number);
  await expect(row(page, number)).toContainText('已上传');
  await leave(page, 'zhangsan');
});

test('the archivist sees scan and data side by side, and archives', async ({ browser }) => {
  const page = await at(browser, 'wuguidang');
  await acquire(page, '确认书归档', number);
  await expect(page.locator('iframe[title=扫描件]')).toBeVisible();
  await judged(page);
  await page.getByRole('button', { name: '提交结论' }).click();
  await expect(page.getByText('已归档').first()).toBeVisible();
  await leave(page, 'wuguidang');
});

test('the unit exports its roster with numbers in full, and the trail says so', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  await menu(page, '参保查询');
  await find(page, number);
  await row(page, number).getByRole('link', { name: '查看' }).click();
  await page.getByRole('tab', { name: '人员清单' }).click();
  const address = page.url();
  await page.getByRole('button', { name: '导出人员清单' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('完整号码').check();
  await expect(dialog.getByText('完整的身份证号码和手机号码将离开本平台')).toBeVisible();
  await judged(page);
  await dialog.getByRole('button', { name: '导出完整号码' }).click();
  await expect(page.getByText('已开始导出')).toBeVisible();
  await expect(dialog).toBeHidden();
  await menu(page, '导出');
  const job = page.getByRole('row').filter({ hasText: '完整号码' }).first();
  await expect(job.getByRole('button', { name: '下载' })).toBeVisible(LONG);
  await page.goto(address);
  await expect(page.getByText('导出参保人员，含完整证件号码')).toBeVisible();
  await leave(page, 'zhangsan');
});

test('finance voids a receipt and issues another, made out correctly', async ({ browser }) => {
  const page = await at(browser, 'zhoucaiwu');
  await menu(page, '到账查询');
  await find(page, number);
  await row(page, number).getByRole('link', { name: '票据' }).click();
  const receipts = page.getByRole('tabpanel', { name: '开票信息' });
  await expect(receipts.getByText('已开具').first()).toBeVisible(LONG);
  await receipts.getByRole('button', { name: '作废' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '作废' }).click();
  await expect(dialog.getByText('请填写原因')).toBeVisible();
  await judged(page);
  await dialog.getByLabel('作废原因').fill('抬头有误');
  await dialog.getByRole('button', { name: '作废' }).click();
  await expect(page.getByText('票据已作废')).toBeVisible();
  await expect(receipts.getByText('抬头有误')).toBeVisible();
  await receipts.getByRole('button', { name: '重开' }).click();
  await dialog.getByLabel('抬头').fill('岐山县第一机械厂工会委员会');
  await dialog.getByRole('button', { name: '重开' }).click();
  await expect(page.getByText('已重开，电子票据将发送到所填邮箱')).toBeVisible();
  await expect(receipts.getByText('岐山县第一机械厂工会委员会')).toBeVisible();
  await expect(receipts.getByRole('button', { name: '重开' })).toHaveCount(0);
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await judged(page);
  }
  await leave(page, 'zhoucaiwu');
  await settlementDay(browser, settles_on);
});

test('finance exports the ledger, and downloads the workbook once it is ready', async ({ browser }) => {
  const page = await at(browser, 'zhoucaiwu');
  await menu(page, '业财明细');
  await page.getByRole('button', { name: '导出', exact: true }).click();
  await page.getByRole('link', { name: '查看进度' }).click();
  const exported = row(page, '业财明细').first();
  await expect(exported.getByText('已完成')).toBeVisible(LONG);
  await judged(page);
  const download = page.waitForEvent('download');
  await exported.getByRole('button', { name: '下载' }).click();
  expect((await download).suggestedFilename()).toMatch(/^业财明细-\d{8}\.xlsx$/);
  await leave(page, 'zhoucaiwu');
});

test('anybody verifies the certificate, and a forged code is refused', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(verification);
  await expect(page.getByText('确认书真实有效，为最新版本')).toBeVisible();
  await judged(page);
  await page.goto(`${verification.slice(0, -3)}AAA`);
  await expect(page.getByText(/无法验证/)).toBeVisible();
  await page.context().close();
});
