import { join } from 'node:path';
import { transformAsync, types as t, type PluginObj } from '@babel/core';
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

/** What is unconfirmed of chips and readers is written down for people, and read by no code. */
export function notesLeftOut(): Plugin {
  return {
    name: 'notes-left-out',
    enforce: 'post',
    async transform(code, id) {
      if (!/shared[\\/]src[\\/](?:chip|reader)[\\/]/.test(id) || !code.includes('unconfirmed')) return null;
      const result = await transformAsync(code, {
        babelrc: false,
        configFile: false,
        plugins: [unconfirmedIsEmpty],
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}

function unconfirmedIsEmpty(): PluginObj {
  return {
    visitor: {
      ObjectProperty({ node }) {
        const { key, value } = node;
        if (t.isIdentifier(key, { name: 'unconfirmed' }) && t.isArrayExpression(value)) value.elements = [];
      },
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
