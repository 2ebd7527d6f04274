import { z } from 'zod';
import { createStringServer } from './agent-string/server.ts';
import { gridKeysFrom, loadOrCreateGridKeys } from './keys.ts';
import { createGridSandbox } from './sandbox.ts';

/** Everything that the process reads from its environment. */
const environment = z.object({
  SANDBOX_GRID_HOST: z.string().default('127.0.0.1'),
  /** 0: any free port. */
  SANDBOX_GRID_PORT: z.coerce.number().int().min(0).max(65535).default(8092),
  /** The same grid over the string profile (`tcp://`); absent: only collection v1 is spoken. */
  SANDBOX_GRID_STRING_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** Folder of the keys, made when absent; the server gets its part of them by `loadOrCreateGridKeys(dir).server`. */
  SANDBOX_GRID_KEYS_DIR: z.string().min(1),
  /** File that keeps the world between runs; absent: in memory only. */
  SANDBOX_GRID_STATE: z.string().min(1).optional(),
  /** 1: chips and readers take the time that real ones take. */
  SANDBOX_GRID_REAL_TIME: z.enum(['0', '1']).default('0'),
});

const parsed = environment.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`The grid sandbox cannot start.\n${z.prettifyError(parsed.error)}\n`);
  process.exit(2);
}
const env = parsed.data;
const keys = gridKeysFrom({ ...(await loadOrCreateGridKeys(env.SANDBOX_GRID_KEYS_DIR)).sandbox });
const host = env.SANDBOX_GRID_HOST;
const sandbox = await createGridSandbox({
  keys,
  host,
  port: env.SANDBOX_GRID_PORT,
  realTime: env.SANDBOX_GRID_REAL_TIME === '1',
  ...(env.SANDBOX_GRID_STATE === undefined ? {} : { stateFile: env.SANDBOX_GRID_STATE }),
});
const stringLine =
  env.SANDBOX_GRID_STRING_PORT === undefined
    ? undefined
    : await createStringServer({
        keys,
        host,
        port: env.SANDBOX_GRID_STRING_PORT,
        world: sandbox.world,
        faults: sandbox.faults,
      });
const lines = [sandbox.url, ...(stringLine === undefined ? [] : [`string profile ${stringLine.url}`])];
process.stdout.write(`grid sandbox ${lines.join(', ')}\n`);

let closing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The grid sandbox could not keep its world: ${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}

async function close(): Promise<void> {
  await stringLine?.close();
  await sandbox.close();
}
