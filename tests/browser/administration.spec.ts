/** 权限管理 and 活动管理: accounts and the tree; plans, rules and reliefs as versions. What is changed is changed back. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { judged } from './axe';
import { at, choose, leave, menu } from './desk';
import { message, messages } from './inbox';
import { fresh } from './people';

const serial = fresh();
const tag = serial.toString(36);

/** Today and the days after it as business dates, where the offices are. */
function day(after: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(Date.now() + after * 86_400_000);
}

async function fillDate(field: Locator, date: string): Promise<void> {
  await field.fill(date);
  await field.press('Enter');
}

async function saved(page: Page, said: string | RegExp = '已保存'): Promise<void> {
  await expect(page.locator('.ant-message').getByText(said).first()).toBeVisible();
}

/** Chooses a place in the tree that a field opens. */
async function place(page: Page, field: Locator, name: string): Promise<void> {
  await field.click();
  await field.fill(name);
  await page.locator('.ant-select-tree-title').filter({ hasText: name }).first().click();
}

/** Closes or reopens the account that is shown. */
async function giveReason(page: Page, button: string, reason: string, said: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await expect(dialog.getByText('请填写原因')).toBeVisible();
  await dialog.getByLabel('原因').fill(reason);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await saved(page, said);
  await expect(dialog).toBeHidden();
}

test('an administrator opens an account of the back office, and its owner is texted a link', async ({ browser }) => {
  const page = await at(browser, 'songguanli');
  const before = await messages(page);
  await menu(page, '账号管理');
  await page.getByRole('button', { name: '新建账号' }).click();
  // The list that is being left has a field of a similar name.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('新建账号');
  await page.getByLabel('姓名', { exact: true }).fill('吕新办');
  await page.getByLabel('用户名').fill(`lv${tag}`);
  await page.getByLabel('手机号码').fill(`137${(serial % 100_000_000).toString().padStart(8, '0')}`);
  await place(page, page.getByRole('combobox', { name: '所在机构' }), '岐山县总工会');
  await choose(page, page.getByRole('combobox', { name: '角色' }), '参保初审');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '建立账号' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('吕新办');
  await expect(page.getByRole('cell', { name: '新建账号' })).toBeVisible();
  await message(page, new RegExp(`lv${tag}`), before);
  await leave(page, 'songguanli');
});

test('an administrator looks an account up, changes, closes and reopens it, and the trail says so', async ({ browser }) => {
  const page = await at(browser, 'songguanli');
  await menu(page, '账号管理');
  await page.getByLabel('姓名或用户名').fill('henanguidang');
  await page.getByRole('button', { name: '查询' }).click();
  expect(new URL(page.url()).search).not.toContain('henanguidang');
  await page.getByRole('link', { name: 'henanguidang' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('henanguidang');
  for (const name of ['何归', '何归档']) {
    await page.getByRole('button', { name: '修改', exact: true }).click();
    await page.getByLabel('手机号码').fill('123');
    await page.getByLabel('姓名').fill(name);
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('手机号码应为11位数字，以1开头')).toBeVisible();
    await page.getByLabel('手机号码').clear();
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByRole('button', { name: '修改', exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  }
  await giveReason(page, '停用', '离岗', '已停用');
  await giveReason(page, '启用', '返岗', '已启用');
  for (const action of ['修改账号', '停用账号', '启用账号']) await expect(page.getByRole('cell', { name: action }).first()).toBeVisible();
  await leave(page, 'songguanli');
});

test('an auditor finds what was done to an account, and what a role grants', async ({ browser }) => {
  const page = await at(browser, 'qianshenji');
  await menu(page, '轨迹查询');
  await page.getByLabel('编号').fill('henanguidang');
  await page.getByRole('combobox', { name: '操作' }).fill('停用账号');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '查询' }).click();
  expect(new URL(page.url()).search).not.toContain('henanguidang');
  const row = page.getByRole('row').filter({ hasText: '停用账号' }).first();
  await expect(row).toContainText('宋管理');
  await expect(row).toContainText('原因：离岗');
  await row.getByRole('link', { name: 'henanguidang' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('何归档');
  await menu(page, '角色');
  const finance = page.getByRole('row').filter({ has: page.getByRole('cell', { name: '财务', exact: true }) });
  await expect(finance).toContainText('作废和重开票据');
  await finance.getByRole('link', { name: '查看账号' }).click();
  await expect(page.getByRole('link', { name: 'zhoucaiwu' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'zhangsan', exact: true })).toBeHidden();
  await menu(page, '票据号段');
  await expect(page.getByText('尚未接入财政票据系统')).toBeVisible();
  await expect(page.getByRole('cell', { name: '样例', exact: true })).toBeVisible();
  await leave(page, 'qianshenji');
});

test('nobody manages the own account', async ({ browser }) => {
  const page = await at(browser, 'tangguanli');
  await page.goto('/accounts/tangguanli');
  await expect(page.getByText('不能管理自己的账号，请由上级管理员办理。')).toBeVisible();
  await expect(page.getByRole('button', { name: '修改', exact: true })).toBeHidden();
  await leave(page, 'tangguanli');
});

test('an agency is added and renamed; two who change the settings of an office see both versions', async ({ browser }) => {
  const page = await at(browser, 'songguanli');
  await page.goto('/organisation?node=0012');
  await page.getByRole('button', { name: '新增代办处' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('名称').fill(`试点代办处${tag}`);
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('heading', { name: `试点代办处${tag}` })).toBeVisible();
  await page.getByRole('button', { name: '修改名称' }).click();
  await dialog.getByLabel('名称').fill(`示范代办处${tag}`);
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('heading', { name: `示范代办处${tag}` })).toBeVisible();

  const address = '/organisation?node=0012';
  const other = await page.context().newPage();
  for (const one of [page, other]) {
    await one.goto(address);
    await expect(one.getByLabel('结算日')).toBeVisible();
  }
  await other.getByLabel('联系电话').fill(`0451-${String(serial).slice(-8)}`);
  await other.getByRole('button', { name: '保存' }).click();
  await saved(other);
  await other.close();
  await page.getByLabel('通讯地址').fill(`哈尔滨市南岗区${tag}号`);
  await page.getByRole('button', { name: '保存' }).click();
  const clash = page.getByRole('dialog').filter({ hasText: '内容已被他人更新' });
  await expect(clash.locator('mark').filter({ hasText: String(serial).slice(-8) })).toBeVisible();
  await clash.getByRole('button', { name: '以现在的内容为准' }).click();
  await expect(page.getByLabel('联系电话')).toHaveValue(`0451-${String(serial).slice(-8)}`);
  await page.getByLabel('通讯地址').fill(`哈尔滨市南岗区${tag}号`);
  await menu(page, '首页');
  await page.getByRole('dialog').filter({ hasText: '有尚未保存的修改' }).getByRole('button', { name: '留在本页' }).click();
  const targets = page.getByRole('group', { name: /各环节时限/ });
  await targets.getByLabel('到账确认').fill('1');
  await page.getByRole('button', { name: '保存' }).click();
  await saved(page);
  await page.reload();
  await expect(targets.getByLabel('到账确认')).toHaveValue('1');
  await page.getByRole('tab', { name: '变更轨迹' }).click();
  await expect(page.getByRole('cell', { name: '修改设置' }).first()).toBeVisible();
  await leave(page, 'songguanli');
});

test('a version of a plan is drafted, compared, tried, published and taken back', async ({ browser }) => {
  const page = await at(browser, 'tanghuodong');
  const version = `t-${tag}`;
  await menu(page, '保障活动');
  await page.getByLabel('名称或代码').fill('women-25');
  await page.getByRole('button', { name: '查询' }).click();
  await page.getByRole('row').filter({ hasText: 'women-25' }).getByRole('link').click();
  await page.getByRole('row').filter({ hasText: '生效中' }).getByRole('button', { name: '以此起草' }).click();
  await page.getByLabel('版本号').fill(version);
  await page.getByLabel('标准会费（元）').fill('30');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await expect(page.getByText('高危职业会费不应低于标准会费')).toBeVisible();
  await judged(page);
  await page.getByLabel('高危职业会费（元）').fill('32.5');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await expect(page.getByRole('heading', { name: new RegExp(`版本${version}`) })).toBeVisible();

  await page.getByRole('tab', { name: /^与.*比较$/ }).click();
  await expect(page.getByRole('row').filter({ hasText: '标准会费' }).filter({ hasText: '25.00' }).getByText('30.00')).toBeVisible();
  await page.getByRole('tab', { name: '试算' }).click();
  await page.getByLabel('一般职业人数').fill('10');
  await page.getByRole('tabpanel').getByRole('button', { name: '试算' }).click();
  await expect(page.getByRole('row').filter({ hasText: '会费（元）' }).filter({ hasText: '300.00' }).first()).toBeVisible();

  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await judged(page);
  }
  await page.getByRole('tab', { name: '对样例的影响' }).click();
  // 25 × 30.00 instead of 25 × 25.00.
  const paid = page.getByRole('row').filter({ hasText: '一般职业，每人一份' });
  await expect(page.getByRole('tabpanel').locator(paid)).toContainText(/625\.00.*750\.00/);
  const row = page.locator(`tr[data-row-key="${version}"]`);
  await row.getByRole('button', { name: '发布' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator(paid)).toContainText(/625\.00.*750\.00/);
  await judged(page);
  await fillDate(dialog.getByLabel('生效日期'), day(300));
  await dialog.getByRole('button', { name: '发布' }).click();
  await saved(page, '已发布');
  await row.getByRole('button', { name: '撤回' }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '确定' }).click();
  await row.getByRole('button', { name: '删除' }).click();
  await page.locator('.ant-popconfirm:visible').getByRole('button', { name: '确定' }).click();
  await expect(row).toBeHidden();
  await page.getByRole('tab', { name: '变更轨迹' }).click();
  await expect(page.getByRole('cell', { name: '撤回发布' }).first()).toBeVisible();
  await leave(page, 'tanghuodong');
});

test('rules of the self-check are drafted and run dry on a stored enrolment', async ({ browser }) => {
  const reader = await at(browser, 'tanghuodong');
  await reader.goto('/enrolment-query?state=first-review');
  const stored = reader.getByRole('row').filter({ hasText: /A\d{20}/ }).first();
  await expect(stored.or(reader.getByText('没有符合条件的记录'))).toBeVisible();
  const number = (await stored.isVisible()) ? (/A\d{20}/.exec(await stored.innerText())?.[0] ?? '') : '';
  const version = `r-${tag}`;
  await menu(reader, '自核规则');
  await reader.getByRole('row').filter({ hasText: '生效中' }).getByRole('button', { name: '以此起草' }).click();
  await reader.getByLabel('版本号').fill(version);
  await reader.getByRole('checkbox', { name: '续保间隔' }).uncheck();
  await reader.getByRole('button', { name: '参保率下移' }).click();
  await reader.getByRole('button', { name: '添加参数' }).click();
  await reader.getByRole('button', { name: '保存草稿' }).click();
  await expect(reader.getByText('请填写最低参保率或全员参保的单位规模')).toBeVisible();
  await judged(reader);
  await reader.getByLabel('最低参保率').fill('1');
  await reader.getByRole('button', { name: '保存草稿' }).click();
  await expect(reader.getByRole('heading', { name: new RegExp(`版本${version}`) })).toBeVisible();
  await reader.getByRole('tab', { name: '试运行' }).click();
  await reader.getByLabel('申请书号').fill('A00002024010110000001');
  await reader.getByRole('tabpanel').getByRole('button', { name: '试运行' }).click();
  await expect(reader.getByText('没有这个申请书号的参保单，或不在您的查看范围内').first()).toBeVisible();
  if (number) {
    await reader.getByLabel('申请书号').fill(number);
    await reader.getByRole('tabpanel').getByRole('button', { name: '试运行' }).click();
    await expect(reader.getByRole('heading', { name: '试运行的结果' })).toBeVisible();
    await expect(reader.getByRole('row').filter({ hasText: '续保间隔' }).getByText('未运行')).toBeVisible();
  }
  const row = reader.locator(`tr[data-row-key="${version}"]`);
  await row.getByRole('button', { name: '发布' }).click();
  const dialog = reader.getByRole('dialog');
  // The draft asks for 1 % where the plan asks for more, and does not look at renewals.
  await expect(dialog.getByRole('row').filter({ hasText: '比最低参保率要求少一人' }).first()).toContainText('由提示变为通过');
  await expect(dialog.getByRole('row').filter({ hasText: '续保间隔超过宽限期' })).toContainText('不再提示');
  await judged(reader);
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(dialog).toBeHidden();
  await reader.getByRole('tab', { name: '对样例的影响' }).click();
  await expect(reader.getByRole('tabpanel').getByRole('row').filter({ hasText: '续保间隔超过宽限期' })).toContainText('不再提示');
  await row.getByRole('button', { name: '删除' }).click();
  await reader.locator('.ant-popconfirm').getByRole('button', { name: '确定' }).click();
  await expect(row).toBeHidden();
  await leave(reader, 'tanghuodong');
});

test('an office grants a subsidy for later days and takes it back; plans are not its to change', async ({ browser }) => {
  const page = await at(browser, 'fanhuodong');
  const title = `试点总工会${tag}`;
  await menu(page, '补贴和赠险');
  await page.getByRole('button', { name: '设立补贴或赠险' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(dialog.getByText('请选择保障活动细类')).toBeVisible();
  await judged(page);
  await choose(page, dialog.getByRole('combobox', { name: '保障活动细类' }), '重大疾病');
  await choose(page, dialog.getByRole('combobox', { name: '计算方式' }), '按会费比例');
  await dialog.getByLabel('比例').fill('33.5');
  await dialog.getByLabel('补贴单位').fill(title);
  await fillDate(dialog.getByLabel('自'), day(200));
  await expect(dialog.getByText('填写完整后，这里显示对样例的影响。')).toBeHidden();
  await fillDate(dialog.getByLabel('至'), day(210));
  // 25 × 35.00 = 875.00, of which 33.5 % are 293.13, rounded half up.
  const paid = page.getByRole('row').filter({ hasText: '一般职业，每人一份' });
  await expect(dialog.locator(paid)).toContainText('293.13');
  await expect(dialog.locator(paid)).toContainText('581.87');
  await judged(page);
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: title });
  await expect(row.getByText('会费的33.5%')).toBeVisible();
  await expect(row.getByText('未开始')).toBeVisible();
  await row.getByRole('button', { name: '终止' }).click();
  await expect(dialog.locator(paid)).toContainText(/293\.13.*0\.00/);
  await dialog.getByRole('button', { name: '终止' }).click();
  await expect(row).toBeHidden();
  await page.getByRole('tab', { name: '变更轨迹' }).click();
  await expect(page.getByRole('cell', { name: '终止补贴或赠险' }).first()).toBeVisible();
  await page.goto('/plan-variants');
  await expect(page.getByRole('link', { name: /住院医疗/ }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: '新建细类' })).toBeHidden();
  await page.goto('/plan-variants/_new');
  await expect(page.getByText('您没有使用此功能的权限')).toBeVisible();
  await leave(page, 'fanhuodong');
});
