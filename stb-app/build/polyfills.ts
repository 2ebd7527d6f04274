import { createRequire } from 'node:module';
import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';
import { FLOOR } from './old-engine.ts';

const require = createRequire(import.meta.url);

const CORE_JS = '3.51';

/**
 * Polyfills that are left out. "By use" goes by names alone, so that it takes every `.map` for an iterator's and every
 * `new Uint8Array` for a faulty one; and core-js replaces what the floor has but has not to the letter of the standard.
 */
const LEFT_OUT = [
  // Nothing here calls these: iterator helpers, set algebra, resizable buffers, proposals.
  /^es\.(?:iterator|async-iterator|data-view|suppressed-error|aggregate-error|error|uint8-array)\b/,
  /^es\.(?:set|map)\../,
  /^es\.(?:array|typed-array)\.(?:to-|with|unscopables)/,
  /^es\.typed-array\.(?:at|copy-within|filter|find|find-last|includes|index-of|join|last-index-of|reduce-right|reverse|sort)$/,
  /^es\.(?:reflect|json)\./,
  /^es\.object\.get-own-property-/,
  /^es\.promise\.(?:with-resolvers|try|any)/,
  /^es\.string\.(?:at-alternative|is-well-formed|to-well-formed|replace-all|match-all|raw)/,
  /^(?:esnext|web)\./,
  // The floor has these.
  /^es\.(?:array-buffer|regexp|date|function|number|parse-int|parse-float|weak-map|weak-set|global-this)\b/,
  /^es\.promise(?:$|\.(?!finally|all-settled))/,
  /^es\.symbol(?:$|\.)/,
  /^es\.typed-array\.(?:.*-array$|set$|subarray|to-string|to-locale-string)/,
  /^es\.array\.(?:sort|splice|slice|push|unshift|concat|map|filter|for-each|join|reduce|reduce-right|some|every|index-of|last-index-of|reverse|is-array|species)$/,
  /^es\.string\.(?:replace|match|search|split|trim|link|anchor|sub|big|bold|fixed|small|strike)$/,
  /^es\.object\.(?:create|define-property|define-properties|keys|freeze|seal|is-|get-prototype|set-|prevent|to-string|define-|lookup-|proto)/,
];
/** Whether the bundle comes without a polyfill of core-js, `es.typed-array.slice`, that something may be named for. */
export const isLeftOut = (name: string): boolean => LEFT_OUT.some((each) => each.test(name));

/** They bring what they need, or look for it themselves. */
const CARES_FOR_ITSELF = /[\\/]node_modules[\\/](?:core-js|vue|vue-demi|@vue)[\\/]/;

/**
 * Adds, to each module, the polyfills of what it uses (core-js); nothing is added for what no module names. The entry
 * of a page must import `polyfills.ts` first: for what Babel's own helpers use.
 */
export function polyfillsByUse(): Plugin {
  return {
    name: 'polyfills-by-use',
    enforce: 'post',
    async transform(code, id) {
      const file = id.split('?')[0] ?? id;
      if (CARES_FOR_ITSELF.test(file) || /\.css$/.test(file) || id.includes('type=style')) return null;
      if (!/\.(?:ts|vue|m?js)$/.test(file)) return null;
      const result = await transformAsync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceType: 'module',
        compact: false,
        plugins: [
          [
            require.resolve('babel-plugin-polyfill-corejs3'),
            { method: 'usage-global', version: CORE_JS, targets: FLOOR, exclude: LEFT_OUT },
          ],
        ],
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}
