import { posix, relative, sep } from 'node:path';
import { layerProblem } from './layers.mjs';

const SHARED = '@bianmin/shared/';

/**
 * The project's own module that an import means, from the root; nothing for packages. Every import carries its
 * extension or goes through the one workspace pattern, so no file has to be looked up.
 *
 * @param {string} from path from the root
 * @param {string} source as written
 */
export function importedPath(from, source) {
  if (source.startsWith(SHARED)) return `shared/src/${source.slice(SHARED.length)}.ts`;
  return source.startsWith('.') ? posix.join(posix.dirname(from), source) : undefined;
}

/** Fails on an import that goes up or sideways; types count, since a type is a dependency of the mind. */
export const layering = {
  meta: {
    type: /** @type {const} */ ('problem'),
    docs: { description: 'Arrows between the layers point down.' },
    schema: [],
    messages: { layer: '{{problem}}' },
  },
  /** @param {import('eslint').Rule.RuleContext} context */
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/');
    /** @param {any} node any that has a `source` */
    const check = (node) => {
      const source = node.source?.value ?? node.source?.literal?.value;
      if (typeof source !== 'string') return;
      const to = importedPath(from, source);
      const problem = to === undefined ? undefined : layerProblem(from, to);
      if (problem !== undefined) context.report({ node, messageId: 'layer', data: { problem } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};
