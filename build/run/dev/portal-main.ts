import { readOptions } from '@bianmin/purchase/node/cli-options';
import { ensurePortalPages } from './renderer.ts';

readOptions({
  usage: "Usage: npx tsx build/run/dev/portal-main.ts. Builds the portal's pages where they are not of now.",
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`The portal's pages are in ${await ensurePortalPages(say)}.`);
