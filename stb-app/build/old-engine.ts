import { createRequire } from 'node:module';
import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** Android 5.0 ships it, and boxes without an app store stay with it. */
export const FLOOR = { chrome: '37' };
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
  /^es\.promise\.(?:with-resolvers|try|any)/,
  /^es\.string\.(?:at-alternative|is-well-formed|to-well-formed|replace-all|match-all|raw)/,
  /^(?:esnext|web)\./,
  // The floor has these.
  /^es\.(?:array-buffer|regexp|json|date|function|number|parse-int|parse-float|weak-map|weak-set|global-this)\b/,
  /^es\.promise(?:$|\.(?!finally|all-settled))/,
  /^es\.symbol\.(?!iterator)/,
  /^es\.typed-array\.(?:.*-array$|set$|subarray|to-string|to-locale-string)/,
  /^es\.array\.(?:sort|splice|slice|push|unshift|concat|map|filter|for-each|join|reduce|reduce-right|some|every|index-of|last-index-of|reverse|is-array|species)$/,
  /^es\.string\.(?:replace|match|search|split|trim|link|anchor|sub|big|bold|fixed|small|strike)$/,
  /^es\.object\.(?:create|define-property|define-properties|keys|freeze|seal|is-|get-prototype|get-own-property-(?:descriptor$|names|symbols)|set-|prevent|to-string|define-|lookup-|proto)/,
];
/** They bring what they need, or look for it themselves. */
const CARES_FOR_ITSELF = /[\\/]node_modules[\\/](?:core-js|vue|vue-demi|js-sha256|@vue)[\\/]/;

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

/** The whole bundle in syntax that the floor reads. */
export function oldSyntax(): Plugin {
  return {
    name: 'old-syntax',
    async renderChunk(code) {
      const result = await transformAsync(code, {
        babelrc: false,
        configFile: false,
        sourceType: 'script',
        compact: false,
        // `class` and private fields as properties and WeakMaps, `async` as a state machine.
        presets: [[require.resolve('@babel/preset-env'), { targets: FLOOR, modules: false }]],
        // What only code that looks for the difference would see.
        assumptions: {
          constantSuper: true,
          ignoreFunctionLength: true,
          ignoreToPrimitiveHint: true,
          mutableTemplateObject: true,
          noClassCalls: true,
          noDocumentAll: true,
          noNewArrows: true,
          objectRestNoSymbols: true,
          privateFieldsAsProperties: true,
          setClassMethods: true,
          setComputedProperties: true,
          setPublicClassFields: true,
          setSpreadProperties: true,
          skipForOfIteratorClosing: true,
        },
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}

/** Modules need Chromium 61: a plain script, run once the page is parsed. */
export function plainScript(): Plugin {
  return {
    name: 'plain-script',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replace(/<script type="module" crossorigin/g, '<script defer').replace(/ crossorigin/g, ''),
    },
  };
}

/** zod without its way to JSON Schema, which a box has no use for and which is a fifth of it. */
export function noJsonSchema(): Plugin {
  return {
    name: 'no-json-schema',
    load(id) {
      if (/zod[\\/]v4[\\/]core[\\/]json-schema-processors\.js$/.test(id)) {
        return { code: 'export const none = {};', syntheticNamedExports: 'none' };
      }
      if (/zod[\\/]v4[\\/]core[\\/]to-json-schema\.js$/.test(id)) {
        return [
          "const none = () => { throw new Error('There is no JSON Schema in this bundle.'); };",
          'export const createToJSONSchemaMethod = () => none;',
          'export const createStandardJSONSchemaMethod = () => none;',
          'export { none as toJSONSchema, none as initializeContext, none as processSchema };',
          'export { none as extractDefs, none as finalize };',
        ].join('\n');
      }
      return null;
    },
  };
}

/** Words of screens that a box has not: cash by staff, cards driven from afar, the sandbox's drawer. */
export function wordsOfTheBox(): Plugin {
  return {
    name: 'words-of-the-box',
    enforce: 'pre',
    transform(code, id) {
      if (!/shared[\\/]src[\\/]i18n[\\/](?:zh-CN|en|ug)\.ts$/.test(id)) return null;
      return code.replace(/^ {2}'(?:cash|remote|sandbox)\.[^']*':(?:\n {4}| )'[^\n]*',\n/gm, '');
    },
  };
}
