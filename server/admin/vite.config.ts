import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The administrators' pages, which the web process serves at `/admin/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/admin/',
  plugins: [vue()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'chrome109',
    // Its policy lets nothing in but files of ours.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
