import { z } from 'zod';
import { startBoxDouble } from './server.ts';

/** Everything that the process reads from its environment. */
const environment = z.object({
  BIANMIN_SERVER_URL: z.url(),
  BIANMIN_DATA_DIR: z.string().min(1),
  BIANMIN_SANDBOX_URL: z.url(),
  BIANMIN_WALLET_URL: z.url(),
  BIANMIN_READER_ID: z.string().min(1),
  PORT: z.coerce.number().int().min(0).max(65535),
});

const parsed = environment.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`The home box's double cannot start.\n${z.prettifyError(parsed.error)}\n`);
  process.exit(2);
}
const env = parsed.data;
const box = await startBoxDouble({
  dir: env.BIANMIN_DATA_DIR,
  serverUrl: env.BIANMIN_SERVER_URL.replace(/\/+$/, ''),
  sandboxUrl: env.BIANMIN_SANDBOX_URL,
  walletUrl: env.BIANMIN_WALLET_URL,
  readerId: env.BIANMIN_READER_ID,
  port: env.PORT,
});
process.stdout.write(`tv ready ${box.deskUrl}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void box.close().then(() => process.exit(0)));
}
