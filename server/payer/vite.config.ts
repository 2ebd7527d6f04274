import { defineConfig, type Plugin } from 'vite';

/** Modules need a browser of 2017; a plain script, run once the page is parsed, needs none. */
const plainScript: Plugin = {
  name: 'plain-script',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replace(/<script type="module" crossorigin/g, '<script defer').replace(/ crossorigin/g, ''),
  },
};

/** Old phones' browsers: no framework, one script, and syntax of 2015. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/p/',
  plugins: [plainScript],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2015',
    cssTarget: 'chrome49',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rollupOptions: { output: { format: 'iife', inlineDynamicImports: true } },
  },
});
