import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'child']);

/** The fields that a folder's code gives to its log, as written there, and where. */
export async function saidFields(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!name.endsWith('.ts') || /\.test\.ts$|(?:^|\/)testing\//.test(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      for (const field of fieldsOfCall(node, file)) found.set(field, name);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function fieldsOfCall(node: ts.Node, file: ts.SourceFile): string[] {
  if (!ts.isCallExpression(node) || !saysSomething(node.expression, file)) return [];
  const [fields] = node.arguments;
  if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return [];
  return fields.properties.flatMap((property) =>
    property.name !== undefined && ts.isIdentifier(property.name) ? [property.name.text] : [],
  );
}

/** `log.info`, `this.#log.warn`, `log[level]`. */
function saysSomething(called: ts.Expression, file: ts.SourceFile): boolean {
  const isLog = (expression: ts.Expression): boolean => /(?:^|[.#])log$/.test(expression.getText(file));
  if (ts.isElementAccessExpression(called)) return isLog(called.expression);
  return ts.isPropertyAccessExpression(called) && LEVELS.has(called.name.text) && isLog(called.expression);
}
