import { readOptions } from '@bianmin/purchase/node/cli-options';
import { loadConfig } from './config/config.ts';
import { secretValuesOf } from './config/secret-values.ts';
import { crashInto, endOnCrash } from './crash.ts';
import { createLogger } from './adapters/log/log.ts';
import { endOnSignal } from './shutdown.ts';
import { showSignsOfLife } from './signs-of-life.ts';
import { startWorker } from './worker.ts';

/** The worker process. Ends on SIGTERM or SIGINT once the orders in hand are done. */
readOptions({
  usage: 'Usage: node main-worker.js. Everything is set by its environment: docs/operations.md.',
});
const config = loadConfig(process.env);
const log = createLogger({ level: config.LOG_LEVEL, process: 'worker', secrets: secretValuesOf(config) });
endOnCrash(crashInto(log));
showSignsOfLife();
const worker = await startWorker(config);
endOnSignal({
  close: () => worker.close(),
  limitMs: 20_000,
  onError: (error) => {
    log.fatal({ err: error }, 'worker did not end well');
  },
});
process.stdout.write('worker ready\n');
