import { dirname, join } from 'node:path';
import ts from 'typescript';

const CONFIG = join(import.meta.dirname, '../tsconfig.json');
const TYPED_ARRAY = /^(?:Int|Uint|Float)(?:8|16|32|64)(?:Clamped)?Array(Constructor)?$/;

/**
 * What the box's pages and the shared layers that they import ask of typed arrays, by their types: `slice`, `of`.
 * A polyfill that is chosen by names alone cannot tell `bytes.map` from `list.map`.
 */
export function typedArrayUse(): string[] {
  const { config } = ts.readConfigFile(CONFIG, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(CONFIG));
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const used = new Set<string>();

  function look(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node) && isTypedArray(checker.getTypeAtLocation(node.expression))) {
      used.add(node.name.text);
    }
    ts.forEachChild(node, look);
  }

  function isTypedArray(type: ts.Type): boolean {
    const each = type.isUnion() ? type.types : [type];
    return each.some((one) => TYPED_ARRAY.test(checker.getApparentType(one).getSymbol()?.name ?? ''));
  }

  for (const file of program.getSourceFiles()) {
    if (!file.isDeclarationFile && !file.fileName.includes('/node_modules/')) look(file);
  }
  return [...used].sort();
}
