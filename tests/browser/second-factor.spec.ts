/** A back-office account sets up an authenticator, and from then on signs in with its code. */
import { expect, test, type Browser } from '@playwright/test';
import { answerCaptcha, at, leave, signIn } from './desk';
import { code, totp } from './totp';

const USER = 'henanguidang';

/** An administrator takes the authenticator away, if there is one: the account is as it was. */
async function reset(browser: Browser): Promise<void> {
  const admin = await at(browser, 'songguanli');
  const read = await admin.request.get(`/api/accounts/${USER}`);
  const headers = { 'X-Requested-By': 'portal', 'Idempotency-Key': crypto.randomUUID(), 'If-Match': read.headers()['etag'] ?? '' };
  if (((await read.json()) as { totp: boolean }).totp) {
    const done = await admin.request.post(`/api/accounts/${USER}/totp-reset`, { headers, data: { reason: '更换手机' } });
    expect(done.ok(), await done.text()).toBe(true);
  }
  await leave(admin, 'songguanli');
}

test('the codes are those of RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect([59, 1_111_111_109, 2_000_000_000].map((at_s) => totp(secret, at_s))).toEqual(['287082', '081804', '279037']);
});

test('an authenticator is set up by its first code, and asked for at the next sign-in', async ({ browser }) => {
  await reset(browser);
  const page = await (await browser.newContext()).newPage();
  const form = page.locator('main');
  await page.goto('/sign-in');
  await signIn(form, USER);
  await expect(page.getByRole('heading', { name: '您好，何归档' })).toBeVisible();

  await page.getByRole('button', { name: /何归档/ }).click();
  await page.getByRole('menuitem', { name: '设置动态口令' }).click();
  const dialog = page.getByRole('dialog', { name: '设置动态口令' });
  const key = dialog.getByLabel('密钥');
  await expect(key).toHaveValue(/^[A-Z2-7]{16,}$/);
  await expect(dialog.locator('.qr svg')).toBeVisible();
  const secret = await key.inputValue();
  const wrong = code(secret) === '000000' ? '000001' : '000000';
  await dialog.getByLabel('动态口令', { exact: true }).fill(wrong);
  await dialog.getByRole('button', { name: '启用' }).click();
  await expect(dialog.getByRole('alert').first()).toBeVisible();
  await dialog.getByLabel('动态口令', { exact: true }).fill(code(secret));
  await dialog.getByRole('button', { name: '启用' }).click();
  await expect(page.getByText(/动态口令已启用/)).toBeVisible();

  await page.getByRole('button', { name: /何归档/ }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible();
  await signIn(form, USER);
  const asked = form.getByLabel('动态口令');
  await expect(asked).toBeVisible();
  // A code counts once: the one of the next half minute is good already.
  await asked.fill(wrong);
  await answerCaptcha(form);
  await form.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await asked.fill(code(secret, 1));
  await answerCaptcha(form);
  await form.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('heading', { name: '您好，何归档' })).toBeVisible();
  await page.context().close();
  await reset(browser);
});
