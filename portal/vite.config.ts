import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` serves the sources with reload; it asks the API that PORTAL_API names, as `serve/main.mjs` does.
const api = process.env['PORTAL_API'] ?? 'http://127.0.0.1:4566';

export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': { target: api, changeOrigin: true, rewrite: (path) => new URL(api).pathname.replace(/\/$/, '') + path.replace(/^\/api/, '') } },
  },
  build: {
    target: 'es2023',
    // Nothing inline: the content security policy takes scripts from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: 'src/test-setup.ts', restoreMocks: true, testTimeout: 120_000 },
});
