import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import type { Deps } from '../config/deps.ts';
import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { RedisEphemeral } from '../adapters/redis/ephemeral.ts';
import type { Services } from './orders.ts';
import type { TerminalStore } from '../fleet/store/terminals.ts';
import { KeptPayloads } from '../cards/remote/kept.ts';
import { RemoteSessionStore } from '../cards/remote/session-store.ts';
import { RemoteSessions } from '../cards/remote/sessions.ts';
import { RemoteSteps } from '../cards/remote/steps.ts';
import { TerminalPresence } from '../cards/remote/terminal-presence.ts';
import {
  orderWriter,
  replacementWriter,
  undoWriter,
  type RemoteWriters,
  type ReplacementDesk,
} from '../cards/remote/writers.ts';

/** Remote card sessions, wired once for each process. */
export interface RemoteCardServices {
  readonly sessions: RemoteSessions;
  readonly steps: RemoteSteps;
  readonly kept: KeptPayloads;
  readonly terminals: Pick<TerminalStore, 'get'>;
  readonly there: TerminalPresence;
  /** By which single readings are permitted. */
  readonly layouts: CardLayouts;
}

/** Makes the indexes. Without `replacements` no session of kind `replace` opens. */
export async function createRemoteCards(init: {
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'config' | 'log'>;
  services: Pick<Services, 'store' | 'writes' | 'undos' | 'keys'>;
  terminals: Pick<TerminalStore, 'get'>;
  replacements?: ReplacementDesk;
  /** In force on this server. */
  layouts: CardLayouts;
}): Promise<RemoteCardServices> {
  const { db, redis, clock, config, log } = init.deps;
  const store = new RemoteSessionStore(db);
  await store.prepare();
  const writers: RemoteWriters = {
    rewrite: orderWriter(init.services.store, init.services.writes),
    undo: undoWriter(init.services.store, init.services.undos, init.services.writes),
    ...(init.replacements === undefined ? {} : { replace: replacementWriter(init.replacements) }),
  };
  const keys = config.DATA_KEYS;
  const kept = new KeptPayloads(new RedisEphemeral(redis, new StandIns(db, clock)), keys);
  const { terminals, layouts } = init;
  const sessions = new RemoteSessions({ store, terminals, writers, keys, clock });
  const steps = new RemoteSteps({ sessions, kept, writers, keys: init.services.keys, layouts, log });
  return { sessions, steps, kept, terminals, there: new TerminalPresence(redis, clock), layouts };
}
