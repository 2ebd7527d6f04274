import process from 'node:process';
import type { Config } from './config/config.ts';
import type { RunningWeb } from './web.ts';
import { consoleUrl } from './kernel/site-url.ts';

/** Where there is no administrator yet, prints the link by which the first one sets a password. */
export function sayWhoAdministers(
  web: Pick<RunningWeb, 'access'>,
  config: Pick<Config, 'PUBLIC_URL' | 'ADMIN_ORIGIN'>,
): void {
  const { setupLink } = web.access;
  if (setupLink === null) return;
  process.stdout.write(
    `There is no administrator yet. Within an hour, open ${consoleUrl(config)}${setupLink}\n`,
  );
}
