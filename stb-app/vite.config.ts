import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vue from '@vitejs/plugin-vue2';
import { defineConfig, type Plugin } from 'vite';
import { fontsOnce } from '../build/kit/vite/fonts-once.ts';
import { lettersByUse } from '../build/kit/vite/letters-by-use.ts';
import { nightColours } from './build/night.ts';
import { oldSyntax, plainScript } from './build/old-engine.ts';
import { polyfillsByUse } from './build/polyfills.ts';
import { PRIVATE } from './build/private-names.ts';
import { codesAlone, notesLeftOut, portalScripts, schemasByUse } from './build/smaller.ts';

/** From where Pinia sees it. */
const require = createRequire(createRequire(import.meta.url).resolve('pinia'));

/** What `npm run dev` leaves out: it shows the pages to an engine of today. */
const forOldEngines = (plugin: Plugin): Plugin => ({ ...plugin, apply: 'build' });

/** One script, one style sheet, syntax and functions of Chromium 37 (docs/decisions has why). */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [
    nightColours(),
    fontsOnce(),
    vue(),
    portalScripts(),
    forOldEngines(schemasByUse()),
    forOldEngines(notesLeftOut()),
    forOldEngines(codesAlone()),
    forOldEngines(polyfillsByUse()),
    oldSyntax(),
    plainScript(),
    lettersByUse(/noto-sans-sc-.*\.woff2$/),
  ],
  resolve: {
    alias: [
      // Vue 2.7 has what Pinia wants by itself; the package would otherwise choose its file when it is installed.
      {
        find: /^vue-demi$/,
        replacement: join(dirname(require.resolve('vue-demi')), 'v2.7/index.mjs'),
      },
      { find: /^zod$/, replacement: join(import.meta.dirname, 'src/zod-lite/zod.ts') },
    ],
  },
  build: {
    outDir: 'dist/tv',
    emptyOutDir: true,
    target: 'es5',
    minify: 'terser',
    terserOptions: {
      ecma: 5,
      safari10: false,
      compress: { passes: 2 },
      mangle: { properties: { regex: PRIVATE } },
      format: { comments: false },
    },
    cssTarget: 'chrome37',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      output: { format: 'iife', inlineDynamicImports: true },
      onwarn(warning, tell) {
        // `z.something` that the box's reader of answers has not.
        if (warning.code === 'MISSING_EXPORT') throw new Error(warning.message);
        tell(warning);
      },
    },
  },
});
