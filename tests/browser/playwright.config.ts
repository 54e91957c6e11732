/**
 * The portal in a browser, against a local cloud that runs: `cargo xtask test` does it, or by hand with PORTAL_URL.
 * One worker and long deadlines: the machine may be small and busy. Nothing sleeps, everything waits for what it needs.
 */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  // `npm test` runs the journeys; figures and pictures are made by `npm run bench` and `npm run screenshots`.
  projects: [
    { name: 'journeys', testIgnore: ['bench.spec.ts', 'screenshots.spec.ts'] },
    { name: 'bench', testMatch: 'bench.spec.ts' },
    { name: 'screenshots', testMatch: 'screenshots.spec.ts' },
  ],
  use: {
    baseURL: process.env['PORTAL_URL'] ?? 'http://localhost:5173',
    locale: 'zh-CN',
    // Where the browser is must not matter: business dates are those of UTC+8.
    timezoneId: 'America/New_York',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
