/** What an office does for its units, and a unit for itself: maintaining, enrolling on behalf, dispatching. */
import { expect, test, type Page } from '@playwright/test';
import { LONG, at, choose, complete, draft, find, headcounts, importRoster, leave, menu, row } from './desk';
import { message, messages } from './inbox';
import { creditCode, csv, fresh, people } from './people';
import { png } from './picture';

const SCHOOL = '岐山县中心小学';
const serial = fresh();

/** Opens the school for maintenance. */
async function maintain(page: Page): Promise<void> {
  await menu(page, '信息维护');
  await find(page, SCHOOL, '单位名称');
  await row(page, SCHOOL).getByRole('link', { name: '维护' }).click();
  await expect(page.getByRole('heading', { name: SCHOOL })).toBeVisible();
}

/** Everything a unit must have on record. */
async function fillFacts(page: Page, industry: string): Promise<void> {
  await choose(page, page.getByRole('combobox', { name: '单位性质' }), '事业单位');
  await choose(page, page.getByRole('combobox', { name: '证件类型' }), '事业单位法人证书');
  await page.getByLabel('统一社会信用代码', { exact: true }).fill(creditCode('12', 7));
  await page.getByLabel('工会统一社会信用代码').fill(creditCode('81', 7));
  await page.getByLabel('省、自治区、直辖市').fill('陕西省');
  await page.getByLabel('市、州').fill('宝鸡市');
  await page.getByLabel('区、县').fill('岐山县');
  await page.getByLabel('所属行业').fill(industry);
}

test('a registrar edits a unit, and the trail tells every field before and after', async ({ browser }) => {
  const page = await at(browser, 'dengjihong');
  await maintain(page);
  await fillFacts(page, '');
  const name = page.getByLabel('单位名称');
  await name.fill('');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText('请填写单位名称')).toBeVisible();
  await name.fill(SCHOOL);
  // One digit too many: the server says so beside the field.
  await page.getByLabel('工会统一社会信用代码').fill(`${creditCode('81', 7)}0`);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.locator('.ant-form-item-explain-error').first()).toBeVisible();
  const industry = `教育${serial}`;
  await fillFacts(page, industry);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await page.getByRole('tab', { name: '操作轨迹' }).click();
  const change = page.getByRole('tabpanel', { name: '操作轨迹' }).getByRole('row').filter({ hasText: '所属行业' }).first();
  await expect(change).toContainText(industry);
  await leave(page, 'dengjihong');
});

test('who comes second at a unit sees both versions and decides', async ({ browser }) => {
  const page = await at(browser, 'dengjihong');
  await maintain(page);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByLabel('所属行业')).toBeVisible();
  for (const [where, industry] of [
    [other, `甲${serial}`],
    [page, `乙${serial}`],
  ] as const) {
    await where.getByLabel('所属行业').fill(industry);
    await where.getByRole('button', { name: '保存', exact: true }).click();
    if (where === other) await expect(other.getByText('已保存').first()).toBeVisible();
  }
  const dialog = page.getByRole('dialog').filter({ hasText: '内容已被他人更新' });
  await expect(dialog.getByRole('cell', { name: `甲${serial}` })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: `乙${serial}` })).toBeVisible();
  await dialog.getByRole('button', { name: '以现在的内容为准' }).click();
  await expect(page.getByLabel('所属行业')).toHaveValue(`甲${serial}`);
  await leave(page, 'dengjihong');
});

test('contacts are added, texted, disabled; papers are replaced; a unit is restricted for a while', async ({ browser }) => {
  const page = await at(browser, 'dengjihong');
  await maintain(page);
  const before = await messages(page);
  await page.getByRole('tab', { name: /^联系人/ }).click();
  const contact = people(1, serial)[0]?.name ?? '';
  await page.getByRole('button', { name: '新增联系人' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('姓名').fill(contact);
  await dialog.getByLabel('手机号码').fill(`137${(serial % 100_000_000).toString().padStart(8, '0')}`);
  await dialog.getByLabel('电子邮箱').fill('zhou@example.com');
  await dialog.getByLabel('办公电话区号').fill('0917');
  await dialog.getByLabel('办公电话号码').fill('8212345');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText(/已新增/)).toBeVisible();
  await message(page, /用户名.*set-password#/s, before);
  await row(page, contact).getByRole('button', { name: '停用' }).click();
  await page.locator('.ant-popconfirm:visible').getByRole('button', { name: '确定' }).click();
  await expect(row(page, contact).getByText('停用', { exact: true })).toBeVisible();

  await page.getByRole('tab', { name: '证件图片' }).click();
  const papers = page.getByRole('tabpanel', { name: /证件图片/ });
  for (const i of [0, 1]) {
    await papers.locator('input[type=file]').nth(i).setInputFiles({ name: '证件.png', mimeType: 'image/png', buffer: png(320) });
    await expect(papers.locator('.upload-list').nth(i).getByText('已完成')).toBeVisible(LONG);
  }
  await papers.getByRole('button', { name: '保存' }).click();
  await expect(papers.locator('.papers img').first()).toBeVisible(LONG);

  await page.getByRole('tab', { name: /^单位状态/ }).click();
  const standing = page.getByRole('tabpanel', { name: /单位状态/ });
  for (const tag of [true, false]) {
    await standing.getByRole('switch', { name: '限制参保' }).click();
    await standing.getByRole('button', { name: '保存' }).click();
    await expect(page.locator('.tag').getByText('限制', { exact: true })).toHaveCount(tag ? 1 : 0);
  }
  await leave(page, 'dengjihong');
});

test('a unit changes its address, and nothing that its papers say', async ({ browser }) => {
  const page = await at(browser, 'sunliu');
  await menu(page, '信息维护');
  await expect(page.getByLabel('单位名称')).toHaveCount(0);
  const address = page.getByLabel('地址');
  await address.fill('');
  await page.getByRole('button', { name: '保存地址' }).click();
  await expect(page.getByText('请填写地址')).toBeVisible();
  await address.fill(`人民路${serial}号`);
  await page.getByRole('button', { name: '保存地址' }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await page.getByRole('tab', { name: '操作轨迹' }).click();
  await expect(page.getByRole('tabpanel', { name: '操作轨迹' }).getByRole('row').filter({ hasText: `人民路${serial}号` }).first()).toBeVisible();
  await leave(page, 'sunliu');
});

test('an office opens an enrolment on behalf of a unit it looks for', async ({ browser }) => {
  const page = await at(browser, 'dengjihong');
  await menu(page, '参保录入');
  await page.getByRole('button', { name: '代单位新建参保录入' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '新建' }).click();
  await expect(dialog.getByText('请选择单位')).toBeVisible();
  await dialog.getByRole('combobox', { name: '单位' }).fill('中心小学');
  await page.locator('.ant-select-item-option').filter({ hasText: SCHOOL }).click();
  // The complaint goes before the button is pressed: the dialog gets shorter.
  await expect(dialog.getByText('请选择单位')).toHaveCount(0);
  await dialog.getByRole('button', { name: '取消' }).click();
  await page.getByRole('button', { name: '继续填写' }).click();
  await expect(page.getByRole('dialog').filter({ hasText: '有尚未保存的修改' })).toHaveCount(0);
  await dialog.getByRole('button', { name: '新建' }).click();
  await expect(page.getByRole('heading', { name: /参保录入 A\d+/ })).toBeVisible();
  const number = (await page.locator('h1 .figures').innerText()).trim();
  await menu(page, '参保录入');
  await find(page, number);
  await expect(row(page, number)).toContainText(SCHOOL);
  await leave(page, 'dengjihong');
});

test('a supervisor hands a task to one of those who work it', async ({ browser }) => {
  const unit = await at(browser, 'zhangsan');
  const { number } = await draft(unit);
  await importRoster(unit, '人员清单.csv', csv(people(8, fresh() + 90_000)));
  await headcounts(unit, 10, 5);
  await complete(unit);
  await leave(unit, 'zhangsan');

  const page = await at(browser, 'zhengzhuguan');
  await menu(page, '调度');
  await find(page, number);
  await row(page, number).getByRole('button', { name: '调度' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '调度' }).click();
  await expect(dialog.getByText('请选择接办人')).toBeVisible();
  await dialog.getByRole('combobox', { name: '接办人' }).fill('马');
  const options = page.locator('.ant-select-item-option');
  await expect(options).toHaveCount(1);
  await options.filter({ hasText: '马初审' }).click();
  await dialog.getByRole('button', { name: '调度' }).click();
  await expect(page.getByText('已调度')).toBeVisible();
  await expect(row(page, number)).toHaveCount(0);
  await leave(page, 'zhengzhuguan');

  const reviewer = await at(browser, 'machushen');
  await reviewer.goto('/first-review?tab=mine');
  await find(reviewer, number);
  await expect(row(reviewer, number)).toContainText('调度');
  await menu(reviewer, '首页');
  await expect(reviewer.getByRole('region', { name: '我的任务' }).getByRole('link', { name: '继续办理' }).first()).toBeVisible();
  await leave(reviewer, 'machushen');

  // What somebody holds is found among what is held, and handed on from the enrolment itself.
  const again = await at(browser, 'zhengzhuguan');
  await again.goto(`/dispatch?tab=held&application_number=${number}`);
  await expect(row(again, number)).toContainText('马初审');
  await menu(again, '参保查询');
  await find(again, number);
  await row(again, number).getByRole('link', { name: '查看' }).click();
  await again.getByRole('button', { name: '调度' }).click();
  const second = again.getByRole('dialog');
  await second.getByRole('combobox', { name: '接办人' }).fill('王初');
  await again.locator('.ant-select-item-option').filter({ hasText: '王初审' }).click();
  await second.getByRole('button', { name: '调度' }).click();
  await expect(again.getByText('已调度')).toBeVisible();
  await leave(again, 'zhengzhuguan');
});
