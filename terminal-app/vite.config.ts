import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { fontsOnce } from '../build/vite/fonts-once.ts';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), fontsOnce()],
  build: {
    outDir: 'dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 300,
  },
});
