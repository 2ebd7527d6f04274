import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { fontsOnce } from '../build/kit/vite/fonts-once.ts';
import { lettersByUse } from '../build/kit/vite/letters-by-use.ts';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), fontsOnce(), lettersByUse(/noto-sans-sc-chinese-simplified-.*\.woff2$/)],
  build: {
    outDir: 'dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 300,
  },
});
