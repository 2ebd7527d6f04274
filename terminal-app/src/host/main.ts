import { join } from 'node:path';
import { EXIT_AGAIN, howToRestart } from '../policy/leaving.ts';
import { loadHostEnvironment } from './env.ts';
import { startHost } from './host.ts';
import { createLog, sentenceOf } from './log.ts';

/** The Chromium shell's host as a program: one line on standard output when it is ready, its log on standard error. */
async function main(): Promise<void> {
  const env = loadHostEnvironment(process.env);
  const log = createLog(env.LOG_LEVEL);
  // Node would print all that a library hangs on an error, and end it, too.
  process.on('uncaughtException', (error: unknown) => {
    log.fatal({ err: error }, 'an error that nobody took');
    process.exit(1);
  });
  const host = await startHost({
    ...{ env, log, shell: 'loopback' },
    // The browser is not this program's to picture, and without a supervisor nothing would start it again.
    far:
      howToRestart(process.env).by === 'supervisor'
        ? {
            restart: () => {
              close(EXIT_AGAIN);
            },
          }
        : {},
  });
  // The address with its one-time token is in a file that only this user can read, never in an output that is kept.
  process.stdout.write(`kiosk ready at ${host.origin}; open ${join(env.BIANMIN_DATA_DIR, 'kiosk.html')}\n`);

  let closing = false;
  const close = (code: number): void => {
    if (closing) return;
    closing = true;
    host.close().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ err: error }, 'the host did not close');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      close(0);
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The kiosk's host cannot start: ${sentenceOf(error)}\n`);
  process.exit(1);
});
