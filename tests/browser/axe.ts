/** No serious fault of accessibility on what is shown, and no name that could mean two things. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/**
 * Identifiers that two fields have, or that a label, title or description means one of two elements by: the second one has
 * no name then, and a click on its label goes to the first. Axe does not tell.
 */
async function ambiguous(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const count = new Map<string, number>();
    for (const { id } of document.querySelectorAll('[id]')) count.set(id, (count.get(id) ?? 0) + 1);
    const meant = [...document.querySelectorAll('label[for], [aria-labelledby], [aria-describedby]')].flatMap((element) =>
      ['for', 'aria-labelledby', 'aria-describedby'].flatMap((name) => element.getAttribute(name)?.split(/\s+/) ?? []),
    );
    const fields = [...document.querySelectorAll('input[id], select[id], textarea[id], button[id]')].map(({ id }) => id);
    return [...new Set([...meant, ...fields])].filter((id) => (count.get(id) ?? 0) > 1);
  });
}

/** Judges the page as it stands, once it has settled: while a colour still changes from one to another, it may be neither. */
export async function judged(page: Page): Promise<void> {
  await expect(page.locator('.ant-skeleton, .ant-spin-spinning')).toHaveCount(0);
  await expect(async () => {
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const said = serious.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `   ${node.target.join(' ')}  ${node.failureSummary ?? ''}`).join('\n')}`);
    expect(said, page.url()).toEqual([]);
    expect(await ambiguous(page), page.url()).toEqual([]);
  }).toPass({ timeout: 20_000 });
}
