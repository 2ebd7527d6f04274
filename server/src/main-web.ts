import { loadConfig } from './config.ts';
import { createLogger } from './log.ts';
import { endOnSignal } from './shutdown.ts';
import { startWeb } from './web.ts';

/** The web process. Ends on SIGTERM or SIGINT once the requests in hand are done. */
const config = loadConfig(process.env);
const log = createLogger({ level: config.LOG_LEVEL, process: 'web' });
const web = await startWeb(config);
endOnSignal({
  close: () => web.close(),
  limitMs: 20_000,
  onError: (error) => {
    log.fatal({ err: error }, 'web did not end well');
  },
});
const { setupLink } = web.access;
if (setupLink !== null) {
  process.stdout.write(
    `There is no administrator yet. Within an hour, open ${config.PUBLIC_URL}${setupLink}\n`,
  );
}
process.stdout.write(`web ready ${web.url}\n`);
