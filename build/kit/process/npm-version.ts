import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bringByNpm } from './brought-by-npm.ts';
import { cacheFolder } from './cache.ts';

/** The newest of each line when they were last looked at. Pinned: another may do other things. */
const NPM_VERSIONS = { 10: '10.9.9', 11: '11.19.1' } as const;

/** This npm's program for Node, brought by npm into the user's cache; or, in a sentence, why it cannot be had. */
export async function npmCli(
  line: `${keyof typeof NPM_VERSIONS}`,
  report: (text: string) => void,
): Promise<{ readonly cli: string } | { readonly absent: string }> {
  const version = NPM_VERSIONS[line];
  const kept = cacheFolder('npm', version);
  const cli = join(kept, 'node_modules/npm/bin/npm-cli.js');
  if (existsSync(cli)) return { cli };
  const problem = await bringByNpm({ kept, spec: `npm@${version}`, name: `npm ${version}` }, report);
  return problem === undefined ? { cli } : { absent: problem };
}
