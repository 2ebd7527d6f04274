import { readOptions } from '@bianmin/purchase/node/cli-options';
import { loadConfig } from './config/config.ts';
import { secretValuesOf } from './config/secret-values.ts';
import { crashInto, endOnCrash } from './crash.ts';
import { createLogger } from './adapters/log/log.ts';
import { sayWhoAdministers } from './setup-sentence.ts';
import { endOnSignal } from './shutdown.ts';
import { showSignsOfLife } from './signs-of-life.ts';
import { startWeb } from './web.ts';

/** The web process. Ends on SIGTERM or SIGINT once the requests in hand are done. */
readOptions({ usage: 'Usage: node main-web.js. Everything is set by its environment: docs/operations.md.' });
const config = loadConfig(process.env);
const log = createLogger({ level: config.LOG_LEVEL, process: 'web', secrets: secretValuesOf(config) });
endOnCrash(crashInto(log));
showSignsOfLife();
const web = await startWeb(config);
endOnSignal({
  close: () => web.close(),
  limitMs: config.DRAIN_MS + 20_000,
  onError: (error) => {
    log.fatal({ err: error }, 'web did not end well');
  },
});
sayWhoAdministers(web, config);
process.stdout.write(`web ready ${web.url}\n`);
