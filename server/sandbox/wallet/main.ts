import { z } from 'zod';
import { loadOrCreateWalletKeys } from './wallets.ts';
import { createWalletSandbox } from './sandbox.ts';

/** Everything that the process reads from its environment. */
const environment = z.object({
  WALLET_HOST: z.string().default('127.0.0.1'),
  /** 0: any free port. */
  WALLET_PORT: z.coerce.number().int().min(0).max(65535).default(8093),
  /** Folder of the keys, made when absent; the server gets its part of them by `walletEnv`. */
  WALLET_KEYS_DIR: z.string().min(1),
  /** File that keeps the books between runs; absent: in memory only. */
  WALLET_STATE: z.string().min(1).optional(),
  /** 1: they are in it before anybody hears of a change, so that the wallet may be killed; dear with large books. */
  WALLET_STATE_AT_ONCE: z.enum(['0', '1']).default('0'),
  /** The real schedule of retries (15 s, 15 s, 30 s, 3 min, …) is divided by this. */
  WALLET_TIME_SCALE: z.coerce.number().min(1).default(10),
  /** How long a refund is under way. */
  WALLET_REFUND_DELAY_MS: z.coerce.number().int().min(0).default(1_500),
  /** How long after the code's expiry a late payment arrives. */
  WALLET_LATE_MS: z.coerce.number().int().min(0).default(2_000),
});

const parsed = environment.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`The wallet sandbox cannot start.\n${z.prettifyError(parsed.error)}\n`);
  process.exit(2);
}
const env = parsed.data;
const wallet = await createWalletSandbox({
  keys: await loadOrCreateWalletKeys(env.WALLET_KEYS_DIR),
  host: env.WALLET_HOST,
  port: env.WALLET_PORT,
  ...(env.WALLET_STATE === undefined ? {} : { statePath: env.WALLET_STATE }),
  keepAtOnce: env.WALLET_STATE_AT_ONCE === '1',
  faults: {
    timeScale: env.WALLET_TIME_SCALE,
    refundDelayMs: env.WALLET_REFUND_DELAY_MS,
    lateMs: env.WALLET_LATE_MS,
  },
});
process.stdout.write(`wallet sandbox ${wallet.url}\n`);

let closing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    wallet.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The wallet sandbox could not keep its books: ${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
