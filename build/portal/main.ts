import { buildPortal } from './build.ts';

/** `npx tsx build/portal/main.ts` */
process.stdout.write(`The portal's pages are in ${await buildPortal()}.\n`);
