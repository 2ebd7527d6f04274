import { defineConfig } from 'vite';

/** Old phones' browsers: no framework, no preloading, and syntax of 2017. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/p/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2017',
    cssTarget: 'chrome61',
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
