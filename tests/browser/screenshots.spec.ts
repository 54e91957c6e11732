/** A picture of every page at 1280 and 1920 pixels, in pictures: `npm run screenshots`, on a cloud that holds data. */
import { expect, test, type Page } from '@playwright/test';
import { at, leave } from './desk';

const WIDTHS = [1280, 1920];
const PICTURES = new URL('pictures/', import.meta.url).pathname;

async function picture(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
    // Fonts and pictures are there, and nothing moves any more.
    await page.evaluate(async () => {
      await document.fonts.ready;
      await Promise.all(Array.from(document.images).map((image) => image.decode().catch(() => undefined)));
    });
    await page.screenshot({ path: `${PICTURES}${name}-${width}.png`, fullPage: true, animations: 'disabled' });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Pages of which there is a picture: several people see the same ones. */
const taken = new Set<string>();

/** The page of every entry of the menu, and the first detail behind it where its list has one. */
async function everyPage(page: Page, user: string): Promise<void> {
  const menu = page.getByRole('navigation', { name: '主菜单' }).getByRole('link');
  const paths = await menu.evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  for (const path of paths) {
    if (path !== '/' && taken.has(path)) continue;
    taken.add(path);
    const name = `${user}-${path.slice(1) || 'home'}`;
    await page.goto(path);
    await picture(page, name);
    const detail = page.locator(`main tbody a[href^="${path}/"]`).first();
    if (path === '/' || (await detail.count()) === 0) continue;
    await detail.click();
    await expect(page).not.toHaveURL(new RegExp(`${path}$`));
    await picture(page, `${name}-one`);
    for (const tab of await page.getByRole('tab').all()) {
      if (!(await tab.isVisible()) || (await tab.getAttribute('aria-selected')) === 'true') continue;
      await tab.click();
      await picture(page, `${name}-one-${((await tab.textContent()) ?? '').replace(/[\s\d*]/g, '')}`);
    }
  }
}

for (const user of ['zhangsan', 'dengjihong', 'wangchushen', 'liuzhongshen', 'zhoucaiwu', 'wuguidang', 'zhengzhuguan', 'tanghuodong', 'songguanli', 'qianshenji']) {
  test(`pages of ${user}`, async ({ browser }) => {
    const page = await at(browser, user);
    await everyPage(page, user);
    await leave(page, user);
  });
}

test('pages before signing in', async ({ page }) => {
  for (const path of ['/sign-in', '/forgotten-password', '/set-password#token', '/register', '/registration', '/verify/forged']) {
    await page.goto(path);
    await picture(page, `door${path.replace(/[/#]/g, '-')}`);
  }
});
