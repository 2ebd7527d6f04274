import { ensureConsolePages, ensurePayerPages, ensurePortalPages } from '../../../run/dev/renderer.ts';

/** Builds the pages that web serves: the phone's, the portal's, the administrators'. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
for (const build of [ensurePayerPages, ensurePortalPages, ensureConsolePages]) await build(say);
