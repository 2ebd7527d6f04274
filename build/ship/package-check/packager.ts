import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const here = createRequire(import.meta.url);
/** Seen from electron-builder, so that what it uses itself is used here: another `ajv` judges otherwise. */
const builder = createRequire(here.resolve('electron-builder/package.json'));
const lib = createRequire(builder.resolve('app-builder-lib/package.json'));

type Validate = (schema: unknown, data: unknown, options: { name: string }) => void;

/** What electron-builder's own schema says against a configuration; empty where nothing. */
export function schemaProblems(config: unknown): string[] {
  const folder = dirname(builder.resolve('app-builder-lib/package.json'));
  const schema: unknown = JSON.parse(readFileSync(join(folder, 'scheme.json'), 'utf8'));
  const { validateSchema } = lib('./out/util/config/schemaValidator.js') as { validateSchema: Validate };
  try {
    // It may change what it is given.
    validateSchema(schema, structuredClone(config), { name: 'electron-builder.yml' });
    return [];
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').slice(1);
  }
}

/** A YAML file by electron-builder's own parser. */
export function readYaml(path: string): unknown {
  const { load } = lib('js-yaml') as { load: (text: string) => unknown };
  return load(readFileSync(path, 'utf8'));
}

/** The states of the fuses in a binary, by name, as the tool that flips them reads them. */
export async function fusesOf(binary: string): Promise<Record<string, boolean>> {
  const { FuseV1Options, getCurrentFuseWire } = lib('@electron/fuses') as {
    FuseV1Options: Record<string, string | number>;
    getCurrentFuseWire: (path: string) => Promise<Record<string, number>>;
  };
  const wire = await getCurrentFuseWire(binary);
  return Object.fromEntries(
    Object.entries(FuseV1Options)
      .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
      .map(([name, index]) => [name, wire[String(index)] === '1'.charCodeAt(0)]),
  );
}
