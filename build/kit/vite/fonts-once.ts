import type { Plugin } from 'vite';

/** Behind a .woff2 in fontsource's style sheets, the same letters for browsers that cannot read it. */
const OLDER_COPY = /(format\((['"])woff2\2\)),\s*url\([^)]*\.woff\)\s*format\((['"])woff\3\)/g;

/** Fonts once: each engine that we ship for reads .woff2 (Chromium since 36), and the other copies are half of a package. */
export function fontsOnce(): Plugin {
  return {
    name: 'fonts-once',
    enforce: 'pre',
    transform(code, id) {
      if (!/[\\/]@fontsource[\\/].*\.css$/.test(id.split('?')[0] ?? id)) return null;
      return code.replace(OLDER_COPY, '$1');
    },
    generateBundle(_, bundle) {
      const left = Object.keys(bundle).find((name) => name.endsWith('.woff'));
      if (left !== undefined) this.error(`${left} is in the bundle beside a .woff2 of the same letters.`);
    },
  };
}
