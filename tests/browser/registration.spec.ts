/** A unit's way onto the platform: it applies, is returned, corrects, is approved, and its handler signs in for the first time. */
import { expect, test, type Page } from '@playwright/test';
import { judged } from './axe';
import { LONG, acquire, answerCaptcha, at, choose, find, leave, menu, row, signIn } from './desk';
import { message, messages } from './inbox';
import { creditCode, fresh } from './people';
import { png } from './picture';

test.describe.configure({ mode: 'serial' });

const serial = fresh();
const code = creditCode('91', serial);
const mobile = `139${(serial % 100_000_000).toString().padStart(8, '0')}`;
const name = `岐山县新厂${serial}`;
const passwords = ['Xin-Mima-2026-ok', 'Geng-Xin-Mima-2026'] as const;
let user = '';
/** When the contact's number got its code, in milliseconds: it gets one a minute. */
let coded_at = 0;

interface Applying {
  unit: string;
  code: string;
  union_code: string;
  contact: string;
  mobile: string;
}

/** Fills the application of a unit of 岐山县, with its papers. */
async function fillApplication(page: Page, { unit, code: unitCode, union_code, contact, mobile: number }: Applying): Promise<void> {
  await choose(page, page.getByRole('combobox', { name: '办事处' }), '陕西');
  await page.getByRole('combobox', { name: '归属代办处' }).click();
  await page.locator('.ant-select-tree-title').filter({ hasText: '岐山' }).click();
  await page.getByLabel('单位名称').fill(unit);
  await choose(page, page.getByRole('combobox', { name: '单位性质' }), '国有企业');
  await choose(page, page.getByRole('combobox', { name: '证件类型' }), '营业执照');
  await page.getByLabel('统一社会信用代码', { exact: true }).fill(unitCode);
  await page.getByLabel('工会名称').fill(`${unit}工会委员会`);
  await page.getByLabel('工会统一社会信用代码').fill(union_code);
  await page.getByLabel('省、自治区、直辖市').fill('陕西省');
  await page.getByLabel('市、州').fill('宝鸡市');
  await page.getByLabel('区、县').fill('岐山县');
  await page.getByLabel('地址').fill('人民路1号');
  await page.getByLabel('姓名').fill(contact);
  await page.getByLabel('手机号码').fill(number);
  await page.getByLabel('电子邮箱').fill('lv@example.com');
  await page.getByLabel('办公电话区号').fill('0917');
  await page.getByLabel('办公电话号码').fill('8212345');
  const paper = { name: '证件.png', mimeType: 'image/png', buffer: png(400) };
  for (const i of [0, 1]) {
    await page.locator('input[type=file]').nth(i).setInputFiles(paper);
    await expect(page.locator('.upload-list').nth(i).getByText('已完成')).toBeVisible(LONG);
  }
}

test('a unit applies, with papers and the code of its contact', async ({ page }) => {
  await page.goto('/register');
  // One digit is wrong: the server says so beside the field.
  const wrong = code.slice(0, 17) + (code.endsWith('0') ? '1' : '0');
  await fillApplication(page, { unit: name, code: wrong, union_code: creditCode('81', serial), contact: '吕新', mobile });
  const before = await messages(page);
  await page.getByRole('button', { name: '下一步：验证手机' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: '验证联系人手机' });
  await answerCaptcha(dialog);
  await dialog.getByRole('button', { name: '获取短信验证码' }).click();
  const [, digits = ''] = await message(page, /验证码(\d{6})，用于单位注册/, before);
  coded_at = Date.now();
  await dialog.getByLabel('短信验证码').fill(digits);
  await dialog.getByRole('button', { name: '提交申请' }).click();
  const fault = dialog.getByRole('alert').filter({ hasText: '信用代码' });
  await expect(fault).toBeVisible();
  await judged(page);
  await dialog.getByRole('button', { name: /取\s*消/ }).click();
  await page.getByLabel('统一社会信用代码', { exact: true }).fill(code);
  await page.getByRole('button', { name: '下一步：验证手机' }).click();
  await dialog.getByLabel('短信验证码').fill(digits);
  await dialog.getByRole('button', { name: '提交申请' }).click();
  await expect(page.getByText('申请正在审核，结果以短信通知联系人。')).toBeVisible();
});

test('the registrar returns it, and the applicant corrects it by the link of the text message', async ({ browser }) => {
  const registrar = await at(browser, 'dengjihong');
  const before = await messages(registrar);
  await acquire(registrar, '注册审核', code, '统一社会信用代码');
  await registrar.getByRole('radio', { name: '退回更正' }).check();
  await registrar.getByLabel('退回原因').fill('地址与证件不符');
  await registrar.getByRole('button', { name: '提交结论' }).click();
  await expect(registrar.getByText('审核结论已提交')).toBeVisible();
  const [, link = ''] = await message(registrar, /申请未通过，原因：.*地址与证件不符.*?(https?:\S+#\S+)/, before);
  await leave(registrar, 'dengjihong');

  // The link was passed on: two people have it open.
  const [page, other] = [await (await browser.newContext()).newPage(), await (await browser.newContext()).newPage()];
  for (const applicant of [page, other]) {
    await applicant.goto(link);
    await expect(applicant.getByRole('alert').filter({ hasText: '地址与证件不符' })).toBeVisible();
    await expect(applicant.getByLabel('单位名称')).toHaveValue(name);
    await expect(applicant.locator('img.paper')).toHaveCount(2);
    expect(applicant.url(), 'the token is out of the address').not.toContain('#');
  }
  await judged(page);
  await page.getByLabel('地址').fill('人民路9号');
  // The number was shown to be the contact's own before, so no code is asked for.
  await page.getByRole('button', { name: '更正后重新提交' }).click();
  await expect(page.getByText('申请正在审核，结果以短信通知联系人。')).toBeVisible();

  await other.getByLabel('地址').fill('人民路7号');
  await other.getByRole('button', { name: '更正后重新提交' }).click();
  const late = other.getByRole('dialog').filter({ hasText: '内容已被他人更新' });
  await expect(late.getByText(/不能再更正/)).toBeVisible();
  await expect(late.getByRole('cell', { name: '人民路7号' })).toBeVisible();
  await judged(other);
  await late.getByRole('button', { name: '以现在的内容为准' }).click();
  await expect(other.getByText('申请正在审核，结果以短信通知联系人。')).toBeVisible();
  for (const applicant of [page, other]) await applicant.context().close();
});

test('the registrar approves, and the handler sets a password and signs in', async ({ browser }) => {
  const registrar = await at(browser, 'dengjihong');
  const before = await messages(registrar);
  await acquire(registrar, '注册审核', code, '统一社会信用代码');
  await expect(registrar.locator('.papers img').first()).toBeVisible(LONG);
  await expect(registrar.getByText('人民路9号')).toBeVisible();
  await judged(registrar);
  await registrar.getByRole('button', { name: '提交结论' }).click();
  await expect(registrar.getByText('审核结论已提交')).toBeVisible();
  const [, userName = '', link = ''] = await message(registrar, /您的用户名是(\w+)，.*?(https?:\S+\/set-password#\S+)/, before);
  user = userName;
  await leave(registrar, 'dengjihong');

  const page = await (await browser.newContext()).newPage();
  await page.goto(link);
  await page.getByLabel('新密码', { exact: true }).fill(passwords[0]);
  await page.getByLabel('再次输入新密码').fill(passwords[0]);
  await page.getByRole('button', { name: '设置密码' }).click();
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible();
  await signIn(page.locator('main'), user, passwords[0]);
  await expect(page.getByRole('heading', { name: '您好，吕新' })).toBeVisible();
  await page.context().close();
});

test('the handler forgets the password, and sets another by the code of a text message', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: '忘记密码' }).click();
  await expect(page.getByRole('heading', { name: '忘记密码' })).toBeVisible();
  await expect.poll(() => Date.now() - coded_at, { timeout: 90_000 }).toBeGreaterThan(61_000);
  const before = await messages(page);
  const form = page.locator('main');
  await form.getByLabel('用户名').fill(user);
  await answerCaptcha(form);
  await form.getByRole('button', { name: '获取短信验证码' }).click();
  await expect(page.getByText(/验证码已发送到其登记的手机/)).toBeVisible();
  const [, digits = ''] = await message(page, /验证码(\d{6})/, before);
  const wrong = digits.slice(0, 5) + ((Number(digits.slice(5)) + 1) % 10).toString();
  await page.getByLabel('新密码', { exact: true }).fill('duan');
  await page.getByLabel('短信验证码').fill(wrong);
  await page.getByLabel('再次输入新密码').fill('bu-yi-yang');
  await page.getByRole('button', { name: '设置新密码' }).click();
  await expect(page.getByText('至少10个字符', { exact: true })).toBeVisible();
  await expect(page.getByText('两次输入的密码不一致')).toBeVisible();
  await page.getByLabel('新密码', { exact: true }).fill(passwords[1]);
  await page.getByLabel('再次输入新密码').fill(passwords[1]);
  await page.getByRole('button', { name: '设置新密码' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await page.getByLabel('短信验证码').fill(digits);
  await page.getByRole('button', { name: '设置新密码' }).click();
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible();
  // The old one no longer counts.
  await signIn(page.locator('main'), user, passwords[0]);
  await expect(page.getByRole('alert').first()).toBeVisible();
  await signIn(page.locator('main'), user, passwords[1]);
  await expect(page.getByRole('heading', { name: '您好，吕新' })).toBeVisible();
  await page.context().close();
});

test('somebody without an account learns nothing from asking', async ({ page }) => {
  await page.goto('/forgotten-password');
  const form = page.locator('main');
  await form.getByLabel('用户名').fill(`nobody${serial}`);
  await answerCaptcha(form);
  await form.getByRole('button', { name: '获取短信验证码' }).click();
  await expect(page.getByText(/如果该用户名存在/)).toBeVisible();
});

const second = { unit: `岐山县分厂${serial}`, code: creditCode('91', serial + 1), union_code: creditCode('81', serial + 1), contact: '吕分', mobile: `136${(serial % 100_000_000).toString().padStart(8, '0')}` };

test('the county registers a unit on its behalf, the office returns it, and the county finds and corrects it', async ({ browser }) => {
  const county = await at(browser, 'dengjihong');
  await menu(county, '单位注册');
  await fillApplication(county, second);
  await county.getByRole('button', { name: '提交申请' }).click();
  await expect(county.getByText('已提交，由其他人审核')).toBeVisible();
  await expect(county.getByRole('heading', { level: 1 })).toContainText(second.unit);
  // Whoever entered it may take it, and not conclude it.
  await leave(county, 'dengjihong');

  const office = await at(browser, 'xiezhuce');
  await acquire(office, '注册审核', second.code, '统一社会信用代码');
  await office.getByRole('radio', { name: '退回更正' }).check();
  await office.getByRole('button', { name: '提交结论' }).click();
  await expect(office.getByText('请填写原因')).toBeVisible();
  await office.getByLabel('退回原因').fill('单位地址与证件不符');
  await office.getByRole('button', { name: '提交结论' }).click();
  await expect(office.getByText('审核结论已提交')).toBeVisible();
  await leave(office, 'xiezhuce');

  const again = await at(browser, 'dengjihong');
  await menu(again, '注册查询');
  await expect(row(again, second.code)).toContainText('单位地址与证件不符');
  await row(again, second.code).getByRole('link').first().click();
  await again.getByRole('button', { name: '代单位更正' }).click();
  await expect(again.getByLabel('单位名称')).toHaveValue(second.unit);
  await expect(again.getByLabel('手机号码')).toHaveValue(second.mobile);
  await expect(again.locator('img.paper').first()).toBeVisible();
  await again.getByLabel('地址').fill('人民路9号');
  await again.getByRole('button', { name: '更正后重新提交' }).click();
  await expect(again.getByText('已提交，由其他人审核')).toBeVisible();
  await expect(again.getByText('人民路9号')).toBeVisible();
  await leave(again, 'dengjihong');

  const reviewer = await at(browser, 'xiezhuce');
  await acquire(reviewer, '注册审核', second.code, '统一社会信用代码');
  await reviewer.getByRole('button', { name: '提交结论' }).click();
  await expect(reviewer.getByText('审核结论已提交')).toBeVisible();
  await leave(reviewer, 'xiezhuce');
});

test('two units become one, once both were looked at', async ({ browser }) => {
  const page = await at(browser, 'dengjihong');
  await menu(page, '单位合并');
  for (const [field, unit] of [
    ['被合并单位', name],
    ['存续单位', second.unit],
  ] as const) {
    await page.getByRole('combobox', { name: field }).fill(unit);
    await page.locator('.ant-select-item-option:visible').filter({ hasText: unit }).click();
    // The list goes before the next one comes.
    await expect(page.locator('.ant-select-dropdown:visible')).toHaveCount(0);
  }
  await expect(page.getByRole('region', { name: '被合并单位' })).toContainText(code);
  await expect(page.getByRole('region', { name: '存续单位' })).toContainText(second.code);
  await page.getByRole('checkbox', { name: /吕新/ }).check();
  await page.getByRole('button', { name: /合\s*并$/ }).click();
  await expect(page.getByText('请先核对并勾选')).toBeVisible();
  await page.getByRole('checkbox', { name: '我已核对两个单位，知道合并不能撤销' }).check();
  await page.getByRole('button', { name: /合\s*并$/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: second.unit })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '吕新' })).toBeVisible();
  await menu(page, '信息查询');
  await find(page, name, '单位名称');
  await row(page, name).getByRole('link').click();
  await expect(page.getByText('已合并到')).toBeVisible();
  await leave(page, 'dengjihong');
});

test('the office hands a unit over to another county, which is told once everything has followed', async ({ browser }) => {
  const page = await at(browser, 'xiezhuce');
  await menu(page, '信息维护');
  await find(page, second.unit, '单位名称');
  await row(page, second.unit).getByRole('link', { name: '维护' }).click();
  await page.getByRole('tab', { name: /^归属变更/ }).click();
  const panel = page.getByRole('tabpanel', { name: /归属变更/ });
  await expect(panel.getByText('岐山县总工会')).toBeVisible();
  const place = async (agency: string) => {
    await panel.getByRole('combobox', { name: '新归属代办处' }).click();
    await page.locator('.ant-select-tree-title:visible').filter({ hasText: agency }).click();
    await panel.getByRole('button', { name: '变更归属' }).click();
  };
  await place('岐山');
  await expect(panel.getByText('单位已归属该代办处')).toBeVisible();
  await place('凤县');
  await expect(page.getByText('归属已变更，参保单正在移交')).toBeVisible();
  await expect(panel.getByText(/凤县/).first()).toBeVisible();
  await expect(page.locator('.tag').getByText('移交中', { exact: true })).toHaveCount(0, LONG);
  await page.getByRole('tab', { name: '操作轨迹' }).click();
  await expect(page.getByText('移交完成').first()).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '岐山县总工会' }).filter({ hasText: '凤县' })).toBeVisible();
  await leave(page, 'xiezhuce');
});
