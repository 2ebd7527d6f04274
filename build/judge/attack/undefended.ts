import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { Attack } from './attack.ts';
import { patched, type Patch } from './patch.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** No product's name begins so. */
const SWITCH = '__defenceIsOff';

/** Changes by the file that they are of, each bound to the switches of the attacks that name it. */
function changesOf(attacks: readonly Attack[]): Map<string, Patch[]> {
  const named = new Map<string, { patch: Patch; by: string[] }>();
  for (const { attack, removes = [] } of attacks) {
    for (const patch of removes) {
      const key = JSON.stringify([patch.file, patch.find, patch.replace]);
      const known = named.get(key) ?? { patch, by: [] };
      named.set(key, { patch, by: [...known.by, attack] });
    }
  }
  const files = new Map<string, Patch[]>();
  for (const { patch, by } of named.values()) {
    const off = `${SWITCH}(${JSON.stringify(by)})`;
    const bound = { ...patch, replace: patch.replace.replaceAll('OFF', () => off) };
    files.set(patch.file, [...(files.get(patch.file) ?? []), bound]);
  }
  return files;
}

/** What is wrong with an attack's changes; undefined where each fits its file. */
export async function misfitOf({ removes = [], removesAtProxy = [] }: Attack): Promise<string | undefined> {
  try {
    for (const patch of [...removes, ...removesAtProxy]) {
      patched(await readFile(join(ROOT, patch.file), 'utf8'), [patch]);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Every source that these attacks change, by its file, as it is with the switches in it. */
export async function undefendedSources(attacks: readonly Attack[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const [file, changes] of changesOf(attacks)) {
    sources.set(file, patched(await readFile(join(ROOT, file), 'utf8'), changes));
  }
  return sources;
}

/**
 * Bundles the product with switches where these attacks' defences are. `switchFile` holds the name of the attack whose defence
 * is off; the product itself has no such switch.
 */
export function withSwitches(attacks: readonly Attack[], switchFile: string): Plugin {
  const files = changesOf(attacks);
  const reading = [
    `import { readFileSync as __readSwitch } from 'node:fs';`,
    `const ${SWITCH} = (names) => names.includes(__readSwitch(${JSON.stringify(switchFile)}, 'utf8'));\n`,
  ].join('');
  return {
    name: 'defences-off',
    enforce: 'pre',
    transform(code, id) {
      const file = id.startsWith(`${ROOT}/`) ? id.slice(ROOT.length + 1) : '';
      const changes = files.get(file);
      return changes === undefined ? null : { code: reading + patched(code, changes), map: null };
    },
  };
}
