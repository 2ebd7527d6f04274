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
      if (!/shared[\\/]purchase[\\/]src[\\/]api[\\/]/.test(id)) return null;
      const result = await transformAsync(code, {
        babelrc: false,
        configFile: false,
        plugins: [callsArePure],
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}

/** Errors without their sentences: the box shows its own words, and what it reports of an error is its code. */
export function codesAlone(): Plugin {
  return {
    name: 'codes-alone',
    enforce: 'post',
    async transform(code, id) {
      if (!/shared[\\/](?:card|purchase)[\\/]src[\\/]/.test(id)) return null;
      const result = await transformAsync(code, {
        babelrc: false,
        configFile: false,
        plugins: OF_READERS.test(id) ? [withoutSentences, withoutTables] : [withoutSentences],
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}

/** Where tables have a sentence for each error of a reader, its transport or the box's shell. */
const OF_READERS = /shared[\\/](?:card[\\/]src[\\/](?:framing|reader|usb)|purchase[\\/]src[\\/]android)[\\/]/;
const SENTENCE = /^[A-Z].{15,}\.$/;

/** Functions of the shared core that make an error of what they are given of its sentence. */
const OF_SENTENCES: ReadonlySet<string> = new Set([
  'refused',
  'malformed',
  'notPermitted',
  'unsupported',
  'protocolError',
]);

/** Leaves `message` out where an object has a `code` beside it, and empties what those functions are given. */
function withoutSentences(): PluginObj {
  return {
    visitor: {
      ObjectExpression({ node }) {
        const named = (name: string) =>
          node.properties.find(
            (each): each is t.ObjectProperty =>
              t.isObjectProperty(each) && t.isIdentifier(each.key, { name }),
          );
        const message = named('message');
        const isText = t.isStringLiteral(message?.value) || t.isTemplateLiteral(message?.value);
        if (message !== undefined && isText && named('code') !== undefined)
          node.properties.splice(node.properties.indexOf(message), 1);
      },
      CallExpression({ node }) {
        if (!t.isIdentifier(node.callee) || !OF_SENTENCES.has(node.callee.name)) return;
        const [said] = node.arguments;
        if (t.isStringLiteral(said) || t.isTemplateLiteral(said)) node.arguments[0] = t.stringLiteral('');
      },
    },
  };
}

/** Empties every sentence of such a table. */
function withoutTables(): PluginObj {
  return {
    visitor: {
      StringLiteral({ node }) {
        if (SENTENCE.test(node.value)) node.value = '';
      },
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

/** Written down of chips and readers for people, or for the PC/SC service, which no box has. */
const NOTES: readonly string[] = ['unconfirmed', 'source', 'sourceOrder', 'pcscNames'];

/** What no code of a box reads of them. */
export function notesLeftOut(): Plugin {
  return {
    name: 'notes-left-out',
    enforce: 'post',
    async transform(code, id) {
      if (!/shared[\\/]card[\\/]src[\\/](?:chip|reader)[\\/]/.test(id)) return null;
      const result = await transformAsync(code, {
        babelrc: false,
        configFile: false,
        plugins: [withoutNotes],
      });
      return result?.code == null ? null : { code: result.code, map: null };
    },
  };
}

function withoutNotes(): PluginObj {
  return {
    visitor: {
      ObjectProperty(path) {
        const { key, value } = path.node;
        if (
          t.isIdentifier(key) &&
          NOTES.includes(key.name) &&
          !t.isPattern(value) &&
          path.parentPath.isObjectExpression()
        )
          path.remove();
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
