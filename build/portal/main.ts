import { ensurePortalPages } from '../dev/renderer.ts';

/** `npx tsx build/portal/main.ts` */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`The portal's pages are in ${await ensurePortalPages(say)}.`);
