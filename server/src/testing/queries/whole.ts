import { pino } from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Connection } from 'mongoose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { startWeb } from '../../web.ts';
import { startWorker } from '../../worker.ts';
import { testConfig } from '../config.ts';
import { rootFile } from '../release-kit.ts';
import type { TestContext } from '../context.ts';
import type { Index } from './rule.ts';
import { collectionNames } from '../../adapters/mongo/connection.ts';

/** Starts and ends web and worker with all that can be switched on, so that every collection is made ready. */
export async function prepareWhole(t: TestContext): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'bianmin-releases-'));
  const config = testConfig({
    ...{
      MONGODB_URI: t.mongodbUri,
      REDIS_URL: t.redisUrl,
      PORT: 0,
      ADMIN_PASSWORD: 'a password of the tests',
    },
    RELEASE_DIR: root,
    RELEASE_ROOT_FILE: rootFile(join(root, 'roots'), new ReleaseSigners()),
  });
  const deps = {
    ...{ config, clock: systemClock, log: pino({ level: 'silent' }), db: t.db, redis: t.redis },
    ...{ grid: { grid: 'none' } as GridGateway, channels: new Map() },
  };
  try {
    const web = await startWeb(config, { deps, metrics: createMetrics({ defaults: false }) });
    const worker = await startWorker(config, { deps, registry: new Registry() });
    await worker.close();
    await web.close();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The indexes of every collection, besides that of `_id`, as the database has them. */
export async function indexesIn(db: Connection): Promise<Map<string, Index[]>> {
  const names = await collectionNames(db);
  const found = await Promise.all(
    names.map(async (name): Promise<[string, Index[]]> => {
      const listed = await db.collection(name).indexes();
      return [
        name,
        listed
          .filter(({ name: called }) => called !== '_id_')
          .map(({ key, unique, sparse, expireAfterSeconds }) => ({
            key: key as Index['key'],
            ...(unique === true ? { unique } : {}),
            ...(sparse === true ? { sparse } : {}),
            ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds: Number(expireAfterSeconds) }),
          })),
      ];
    }),
  );
  return new Map(found);
}
