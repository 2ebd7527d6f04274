import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import { systemClock } from '@bianmin/card/node/system-clock';
import { queueRedisOf, type Config } from './config/config.ts';
import { redisAddress, type RedisAddress } from './adapters/redis/address.ts';
import { mongoTls } from './config/stores.ts';
import { requireSoundStores } from './config/sound-stores.ts';
import type { Deps } from './config/deps.ts';
import { gridFrom } from './config/grid.ts';
import { secretValuesOf } from './config/secret-values.ts';
import { createLogger } from './adapters/log/log.ts';
import { agreeOnKeys } from './wiring/keys.ts';
import { passGate } from './upkeep/migrations/gate.ts';
import { createGridMetrics } from './gateways/observed/line-metrics.ts';
import { createStoreMetrics } from './adapters/metrics/stores.ts';
import { channelsFrom, complaintSourcesFrom } from './config/channels.ts';
import { currentConfig } from './wiring/payment-keys.ts';
import { SwappableChannel } from './gateways/payment/swappable.ts';
import { connectDatabase } from './adapters/mongo/connection.ts';
import { connectRedis } from './adapters/redis/connection.ts';
import { tracingFrom } from './config/tracing.ts';
import { gridTold } from './gateways/observed/grid-spans.ts';

/**
 * Connects what a process is made of, from its configuration, measured in `registry`. `close` undoes it, in the right order. Throws
 * `MigrationError` where the database is of another version (`migrations/gate.ts`), `KeySetupError` where it is sealed with keys that
 * this configuration lacks, `StoreError` where a store evicts what must stay or lets anybody in; whatever it throws, nothing stays
 * open.
 */
export async function openDeps(
  config: Config,
  processName: 'web' | 'worker',
  registry: Registry,
  openTracing: typeof tracingFrom = tracingFrom,
): Promise<{ deps: Deps; close: () => Promise<void> }> {
  const open: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let last = open.pop(); last !== undefined; last = open.pop()) await last();
  };
  const log = createLogger({
    ...{ level: config.LOG_LEVEL, process: processName, secrets: secretValuesOf(config) },
  });
  const clock = systemClock;
  try {
    const tracing = await openTracing(config, { service: `bianmin-${processName}`, clock });
    open.push(() => tracing?.close());
    const spans = tracing?.sink;
    const grid = gridFrom(config, clock, gridTold(createGridMetrics(registry), spans));
    const stores = createStoreMetrics(registry);
    const db = await connectDatabase(config.MONGODB_URI, { monitorCommands: true, ...mongoTls(config) });
    open.push(() => db.close());
    await passGate({ db, clock, mode: config.MIGRATIONS });
    const { DATA_KEYS: keys, TOKEN_SECRETS: tokens } = config;
    open.push(await agreeOnKeys({ db, keys, tokens, kind: processName, clock, log }));
    stores.watchMongo(db.getClient());
    const connect = (address: RedisAddress): Redis => {
      const made = connectRedis(address);
      open.push(() => {
        made.disconnect();
      });
      made.on('error', (error: unknown) => {
        log.warn({ err: error }, 'redis cannot be reached');
      });
      made.on('away', () => {
        log.warn('redis is away; this process goes on without it, at a lower pace');
      });
      made.on('back', () => {
        log.info('redis is back');
      });
      return made;
    };
    const redis = connect(redisAddress(config.REDIS_URL, config));
    stores.watchRedis(redis);
    const marks = config.REDIS_QUEUE_URL === undefined ? redis : connect(queueRedisOf(config));
    await requireSoundStores(config, { marks, log });
    // As uploaded keys make it: also what is not changed while it runs begins with the keys of now.
    const current = await currentConfig({ db, config, clock });
    const channels = new Map(
      [...channelsFrom(current, clock)].map(([name, channel]) => [name, new SwappableChannel(channel)]),
    );
    return {
      deps: {
        ...{
          config,
          clock,
          log,
          lines: () => log.tail.lines,
          db,
          redis,
          marks,
          ...grid,
          channels,
          ...(spans === undefined ? {} : { spans }),
        },
        complaintSources: complaintSourcesFrom(current, clock),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
