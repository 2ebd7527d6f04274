import { join } from 'node:path';
import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { DOCKER_HUB, pin, unpinned } from './images.ts';

const USAGE = `Usage: npm run images -- check | pin [--registry URL]
  check   whether every image of a deployment is named by its digest; ends with 1 where one is not
  pin     asks the registry (Docker Hub, or a mirror) what each tag is now, and writes the digests down
`;
const DEPLOY = join(import.meta.dirname, '../deploy');

const { positionals, values } = readOptions({
  usage: USAGE,
  words: 1,
  options: { registry: { type: 'string' } },
});
const [what] = positionals;
if (what === 'pin') {
  const registry = values.registry === undefined ? DOCKER_HUB : { api: values.registry.replace(/\/+$/, '') };
  for (const image of Object.values(await pin(DEPLOY, registry))) process.stdout.write(`${image}\n`);
} else if (what === 'check') {
  const missing = await unpinned(DEPLOY);
  for (const sentence of missing) process.stdout.write(`${sentence}\n`);
  process.exitCode = missing.length === 0 ? 0 : 1;
} else {
  failUsage(USAGE, 'Name what to do: check or pin.');
}
