import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'child']);

/** The fields that a folder's code gives to its log, as written there, and where. */
export async function saidFields(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
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
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  if (!LEVELS.has(name.text) || !/(?:^|[.#])log$/.test(expression.getText(file))) return [];
  const [fields] = node.arguments;
  if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return [];
  return fields.properties.flatMap((property) =>
    property.name !== undefined && ts.isIdentifier(property.name) ? [property.name.text] : [],
  );
}
