import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformAsync, type PluginObj } from '@babel/core';
import type { Plugin } from 'vite';

/** What a box has no use for, left out of its bundle. */

/** A schema that nothing uses is left out: what makes one changes nothing else. */
export function schemasByUse(): Plugin {
  return {
    name: 'schemas-by-use',
    enforce: 'post',
    async transform(code, id) {
      if (!/shared[\\/]src[\\/]api[\\/]/.test(id)) return null;
      const result = await transformAsync(code, {
        babelrc: false,
        configFile: false,
        plugins: [callsArePure],
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}

/** Marks each call that is made as the module is read. */
function callsArePure(): PluginObj {
  return {
    visitor: {
      CallExpression(path) {
        if (path.getFunctionParent() === null) path.addComment('leading', '#__PURE__');
      },
    },
  };
}

const WORDS = join(import.meta.dirname, '../../shared/src/i18n');

/** Words that no screen of the box has: cash by staff, cards driven from afar, the sandbox's drawer, what it says in its own way. */
export function wordsOfTheBox(): Plugin {
  return {
    name: 'words-of-the-box',
    enforce: 'pre',
    async transform(code, id) {
      const language = /shared[\\/]src[\\/]i18n[\\/](zh-CN|en|ug)\.ts$/.exec(id)?.[1];
      if (language === undefined) return null;
      const own = await readFile(join(WORDS, `tv-${language}.ts`), 'utf8');
      return code.replace(/^ {2}'([^']+)':(?:\n {4}| )'[^\n]*',\n/gm, (line, key: string) =>
        /^(?:cash|remote|sandbox)\./.test(key) || own.includes(`'tv.${key}':`) ? '' : line,
      );
    },
  };
}

/** `portal:qr`: the portal's encoder of codes, which is a plain script there, as a module. */
export function portalScripts(): Plugin {
  const file = join(import.meta.dirname, '../portal/src/qr.js');
  return {
    name: 'portal-scripts',
    resolveId: (id) => (id === 'portal:qr' ? file : null),
    transform: (code, id) => (id === file ? { code: `${code}\nexport { qrOf };\n`, map: null } : null),
  };
}
