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

/** `portal:qr`: the portal's encoder of codes, which is a plain script there, as a module. */
export function portalScripts(): Plugin {
  const file = join(import.meta.dirname, '../portal/src/qr.js');
  return {
    name: 'portal-scripts',
    resolveId: (id) => (id === 'portal:qr' ? file : null),
    transform: (code, id) => (id === file ? { code: `${code}\nexport { qrOf };\n`, map: null } : null),
  };
}
