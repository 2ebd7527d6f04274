import { relative, sep } from 'node:path';
import { importedPath } from '../../kit/imported-path.mjs';
import { layerProblem } from './layers.mjs';

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
