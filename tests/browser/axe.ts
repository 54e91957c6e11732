/** No serious fault of accessibility on what is shown. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** Judges the page as it stands, once it has settled: while a colour still changes from one to another, it may be neither. */
export async function judged(page: Page): Promise<void> {
  await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
  await expect(async () => {
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const said = serious.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `   ${node.target.join(' ')}  ${node.failureSummary ?? ''}`).join('\n')}`);
    expect(said, page.url()).toEqual([]);
  }).toPass({ timeout: 20_000 });
}
