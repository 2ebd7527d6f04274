import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { codeOf } from '@bianmin/card/errors';
import { FEED_FILES } from '@bianmin/purchase/api/release';
import { loadHostEnvironment } from '../../../../terminal-app/src/host/env.ts';
import { startHost } from '../../../../terminal-app/src/host/host.ts';
import { createLog } from '../../../../terminal-app/src/host/log.ts';
import { releaseChecks } from '../../../../terminal-app/src/host/release-check.ts';
import { HOST_VERSION } from '../../../../terminal-app/src/host/version.ts';

/**
 * The kiosk's host without a screen, which looks for a release once and does with it what the packaged kiosk does before it
 * starts an installer; Electron's own part is left out. Says on standard output what became of it.
 */
const KIND = 'kiosk-linux';

const env = loadHostEnvironment(process.env);
const host = await startHost({ env, log: createLog(env.LOG_LEVEL), shell: 'none' });
process.once('SIGTERM', () => {
  void host.close().finally(() => process.exit(0));
});
const check = releaseChecks({ settings: env, running: HOST_VERSION, trust: () => host.trust })(KIND);
const verdict = await installs().catch(
  (error: unknown) => codeOf(error) ?? (error instanceof Error ? error.message : String(error)),
);
process.stdout.write(`kiosk says ${verdict}\n`);

/** What would be installed, `none` where nothing is offered. Throws what the checks throw. */
async function installs(): Promise<string> {
  if (check === undefined) throw new Error('This kiosk knows nobody who may release.');
  const offer = await host.release({ kind: KIND, version: HOST_VERSION, refused: [] });
  if (offer === undefined) return 'none';
  const signed = check.open(offer);
  const feed = (await fetched(offer.path + FEED_FILES[KIND])).toString('utf8');
  const name = /^path: (\S+)$/mu.exec(feed)?.[1] ?? '';
  const installer = join(env.BIANMIN_DATA_DIR, 'installer');
  await writeFile(installer, await fetched(offer.path + name));
  await signed.verify(installer);
  return `installs ${offer.version}`;
}

async function fetched(path: string): Promise<Buffer> {
  const response = await fetch(new URL(path, env.BIANMIN_SERVER_URL));
  return Buffer.from(await response.arrayBuffer());
}
