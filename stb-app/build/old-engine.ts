import { createRequire } from 'node:module';
import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';
import { privateNames } from './private-names.ts';

const require = createRequire(import.meta.url);

/** Android 5.0 ships it, and boxes without an app store stay with it. */
export const FLOOR = { chrome: '37' };
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
        plugins: [privateNames()],
        // `class` as functions, `async` as a state machine.
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
