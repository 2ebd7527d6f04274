import { readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { defineConfig, type Plugin } from 'vite';
import { UYGHUR_FONTS } from './src/host/printer/font.ts';

/** Loaded from the package at run time: Electron itself, Node, and what holds native code. */
const OUTSIDE = [
  'electron',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  'usb',
  'node-hid',
  '@pokusew/pcsclite',
  '@napi-rs/canvas',
];

/** Puts the font that receipts are drawn with beside the program that draws them. */
const fontsBeside: Plugin = {
  name: 'fonts-beside',
  generateBundle() {
    for (const { file, module } of UYGHUR_FONTS) {
      const source = readFileSync(createRequire(import.meta.url).resolve(module));
      this.emitFile({ type: 'asset', fileName: file, source });
    }
  },
};

const ENTRIES: Readonly<Record<string, { entry: string; format: 'es' | 'cjs'; file: string }>> = {
  main: { entry: 'src/main/main.ts', format: 'es', file: 'main.js' },
  'device-child': { entry: 'src/main/device-child.ts', format: 'es', file: 'device-child.js' },
  // A sandboxed preload is loaded as CommonJS (electron/electron docs/tutorial/esm.md).
  preload: { entry: 'src/preload/preload.ts', format: 'cjs', file: 'preload.cjs' },
};

/** Bundles one of Electron's programs into one file: `--mode main`, `--mode device-child` or `--mode preload`. */
export default defineConfig(({ mode }) => {
  const program = ENTRIES[mode];
  if (program === undefined) throw new Error(`--mode must be one of ${Object.keys(ENTRIES).join(', ')}`);
  return {
    root: import.meta.dirname,
    publicDir: false,
    plugins: mode === 'main' ? [fontsBeside] : [],
    ssr: { noExternal: true },
    build: {
      ssr: program.entry,
      outDir: `dist/${mode}`,
      emptyOutDir: true,
      target: 'node22',
      rollupOptions: {
        external: OUTSIDE,
        output: { format: program.format, entryFileNames: program.file, inlineDynamicImports: true },
      },
    },
  };
});
