import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import { serverSupport, SUPPORT_LOG_LINES, type ServerSupport } from '@bianmin/purchase/api/support';
import { cleanSupport } from '@bianmin/purchase/node/support/clean';
import { supportLog } from '@bianmin/purchase/node/support/log-lines';
import { settingsOf } from '@bianmin/purchase/node/support/settings';
import { systemFacts } from '@bianmin/purchase/node/support/system';
import manifest from '../../../package.json' with { type: 'json' };
import type { Config } from '../../config/config.ts';
import { keyFactsOf } from '../../config/key-facts.ts';
import { secretValuesOf } from '../../config/secret-values.ts';
import { linesOf } from './lines.ts';
import { databaseState, redisState } from './stores.ts';
import { workState } from './work.ts';

export interface ServerSupportInit {
  readonly config: Config;
  readonly clock: Clock;
  /** Absent: it could not be connected to, for `databaseFault`. */
  readonly db: Connection | undefined;
  readonly databaseFault?: string;
  readonly redis: Redis;
  /** Absent: `redis` is it. */
  readonly marks?: Redis | undefined;
  /** Newest last, of one process a list. */
  readonly logs: readonly (readonly string[])[];
}

/**
 * All that helps to find a server's fault. Made of what is named here and nothing else, and held to the schema: it is given to who
 * helps. Whatever is away is said to be, and keeps nothing else from being said.
 */
export async function collectServerSupport(init: ServerSupportInit): Promise<ServerSupport> {
  const { config, clock, db, redis, marks } = init;
  const secrets = secretValuesOf(config);
  const monotonic = (): number => clock.monotonic();
  const [system, database, cache, queue, lines] = await Promise.all([
    systemFacts(config.RELEASE_DIR ?? '.', { tries: config.RELEASE_DIR !== undefined }),
    databaseState(db, { monotonic, fault: init.databaseFault ?? null }),
    redisState('redis', redis, monotonic),
    marks === undefined || marks === redis ? undefined : redisState('redis-queue', marks, monotonic),
    linesOf(config, clock),
  ]);
  const work =
    db === undefined || database.fault !== null
      ? null
      : await workState({ db, config, clock }).catch(() => null);
  const parts = serverSupport.parse({
    ...{ kind: 'server', at: new Date(clock.now()).toISOString(), version: manifest.version },
    ...{ system, work, lines, settings: settingsOf(config, secrets) },
    stores: [database, cache, ...(queue === undefined ? [] : [queue])],
    certificates: keyFactsOf(config).flatMap(({ name, notAfter }) =>
      notAfter === null ? [] : [{ name, until: notAfter.toISOString() }],
    ),
    log: init.logs
      .flatMap((text) => supportLog(text, { most: SUPPORT_LOG_LINES, secrets }))
      .slice(-4 * SUPPORT_LOG_LINES),
  });
  return cleanSupport(parts, secrets);
}
