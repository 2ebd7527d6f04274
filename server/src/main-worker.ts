import { loadConfig } from './config.ts';
import { startWorker } from './worker.ts';

/** The worker process. Ends on SIGTERM or SIGINT once the orders in hand are done. */
const worker = await startWorker(loadConfig(process.env));
process.stdout.write('worker ready\n');

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    worker.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The worker did not end well: ${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
