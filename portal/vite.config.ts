import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

// `npm run dev` serves the sources with reload; it asks the API that PORTAL_API names, as `serve/main.mjs` does.
const api = process.env['PORTAL_API'] ?? 'http://127.0.0.1:4566';

const SIGN_IN = '/src/pages/sign-in/index.tsx';
const FIRST_LOAD_MAX_KB = 250;

/**
 * Says how much JavaScript a browser loads before the sign-in page shows, gzipped, and fails a build that is above the limit.
 * Counted are the entry, the chunk of the sign-in page, and everything the two import.
 */
function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    generateBundle(_, bundle) {
      const counted = new Map<string, number>();
      const count = (name: string) => {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || counted.has(name)) return;
        counted.set(name, gzipSync(chunk.code, { level: 9 }).length);
        chunk.imports.forEach(count);
      };
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type === 'chunk' && (chunk.isEntry || chunk.facadeModuleId?.endsWith(SIGN_IN))) count(name);
      }
      const kb = [...counted.values()].reduce((sum, size) => sum + size, 0) / 1000;
      const said = `first load of the sign-in page: ${kb.toFixed(1)} KB of JavaScript gzipped, in ${counted.size} files (at most ${FIRST_LOAD_MAX_KB} KB)`;
      if (kb > FIRST_LOAD_MAX_KB) this.error(said);
      console.log(said);
    },
  };
}

export default defineConfig({
  plugins: [react(), firstLoad()],
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
