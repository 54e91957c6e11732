import { theme as antTheme } from 'antd';
import { expect, test } from 'vitest';
import { theme } from './theme';

/** Relative luminance of `#rrggbb` (WCAG 2.1). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (colour: string) => 1.05 / (luminance(colour) + 0.05);

test('links and buttons can be read on white, also under the pointer and while they are pressed', () => {
  const token = antTheme.getDesignToken(theme(false));
  for (const colour of ['colorPrimary', 'colorPrimaryHover', 'colorPrimaryActive', 'colorLink', 'colorLinkHover', 'colorLinkActive', 'colorError', 'colorErrorHover', 'colorErrorActive'] as const) {
    expect(token[colour]).toMatch(/^#[0-9a-f]{6}$/);
    expect(contrast(token[colour]), `${colour} ${token[colour]}`).toBeGreaterThanOrEqual(4.5);
  }
});
