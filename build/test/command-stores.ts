import { join } from 'node:path';
import { loadOrCreateKeys, serverEnvironment } from '../run/dev/parts.ts';
import { ANY_PORTS, choosePorts } from '../run/dev/ports.ts';
import { loadOrCreateSecrets } from '../run/dev/secrets.ts';
import { Stores } from '../run/dev/stores.ts';

export interface CommandStores {
  /** As a server has it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

/** An empty database and a Redis, for commands that are given a server's environment. */
export async function openCommandStores(
  folder: string,
  report: (line: string) => void,
): Promise<CommandStores> {
  const dir = join(folder, 'stores');
  const stores = new Stores({}, report);
  try {
    const [{ database, redis }, keys, secrets, ports] = await Promise.all([
      stores.open(dir),
      loadOrCreateKeys(dir),
      loadOrCreateSecrets(dir),
      choosePorts(dir, ANY_PORTS),
    ]);
    const parts = { keys, secrets, mongodbUri: database.uri, redisUrl: redis.url };
    const env = serverEnvironment({ dir, ports }, { ...parts, gridProfile: 'collection-v1' });
    return { env: { ...env, LOG_LEVEL: 'warn' }, close: () => stores.close() };
  } catch (error) {
    await stores.close();
    throw error;
  }
}
