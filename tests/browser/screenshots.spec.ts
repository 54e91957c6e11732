/** A picture of every page at 1280 and 1920 pixels, in pictures: `npm run screenshots`, on a cloud that holds data. */
import { expect, test, type Page } from '@playwright/test';
import { at, draft, importRoster, leave } from './desk';
import { csv, fresh, people } from './people';

const WIDTHS = [1280, 1920];
const PICTURES = new URL('pictures/', import.meta.url).pathname;

async function picture(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    // What a click asked for has begun by then.
    await page.waitForTimeout(300);
    await page.waitForLoadState('networkidle');
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

for (const user of ['zhangsan', 'dengjihong', 'xiezhuce', 'wangchushen', 'liuzhongshen', 'zhoucaiwu', 'wuguidang', 'zhengzhuguan', 'tanghuodong', 'songguanli', 'qianshenji']) {
  test(`pages of ${user}`, async ({ browser }) => {
    const page = await at(browser, user);
    await everyPage(page, user);
    await leave(page, user);
  });
}

/** Pages that no menu and no list leads to. */
const BEHIND: Record<string, string[]> = {
  dengjihong: ['/unit-merger?unit=unit-qishan-1&survivor=unit-qishan-2', '/registration-query?state=submitted', '/registration-query?state=approved'],
  songguanli: ['/accounts/_new', '/organisation?node=0012'],
  tanghuodong: ['/plan-variants/_new', '/plan-variants/hospital-a/_new', '/self-check-rules/_new'],
  zhengzhuguan: ['/messages?tab=all'],
};

for (const [user, paths] of Object.entries(BEHIND)) {
  test(`pages behind a choice of ${user}`, async ({ browser }) => {
    const page = await at(browser, user);
    for (const path of paths) {
      await page.goto(path);
      await picture(page, `${user}${path.replace(/[/?&=]+/g, '-')}`);
    }
    await leave(page, user);
  });
}

test('the steps of an enrolment', async ({ browser }) => {
  const page = await at(browser, 'zhangsan');
  const { address } = await draft(page);
  await importRoster(page, '人员清单.csv', csv([...people(20, fresh()), ...people(3, fresh() + 500).map((person) => ({ ...person, id_number: person.id_number.replace(/.$/, '') }))]));
  for (const step of ['plans', 'rosters', 'details']) {
    await page.goto(`${address}?step=${step}`);
    await picture(page, `zhangsan-step-${step}`);
  }
  await leave(page, 'zhangsan');
});

test('pages before signing in', async ({ page }) => {
  for (const path of ['/sign-in', '/forgotten-password', '/set-password#token', '/register', '/registration', '/verify/forged']) {
    await page.goto(path);
    await picture(page, `door${path.replace(/[/#]/g, '-')}`);
  }
});
