import type { AccessServices } from '../access/services.ts';
import type { Deps } from '../deps.ts';
import type { Orgs } from '../orgs/orgs.ts';
import { startRounds } from '../queue/rounds.ts';
import { CommandBatchStore } from '../store/command-batches.ts';
import { TerminalCommandStore } from '../store/terminal-commands.ts';
import { TerminalHealthStore } from '../store/terminal-health.ts';
import { TerminalStore } from '../store/terminals.ts';
import { CommandBatches } from './command-batches.ts';
import { CommandHints } from './command-hints.ts';
import { CommandKeeper } from './command-keeper.ts';
import { CommandSigner } from './command-signer.ts';
import { Commands } from './commands.ts';
import { PresenceBoard } from './presence.ts';
import { beatIntervals } from './presence-rule.ts';
import { presenceViews } from './presence-view.ts';
import { Targets } from './targets.ts';
import { WatchedTerminals } from './watched.ts';

const MAKE_EVERY_MS = 1_000;
const TIDY_EVERY_MS = 5_000;

type Stores = Pick<Deps, 'db' | 'redis' | 'clock' | 'config'>;

export interface CommandServices {
  readonly commands: Commands;
  readonly batches: CommandBatches;
  readonly signer: CommandSigner | undefined;
}

/** The web's part: what people send, and what terminals are handed and answer. */
export async function createCommands(
  deps: Stores & Pick<Deps, 'log'>,
  { audit }: Pick<AccessServices, 'audit'>,
  orgs: Pick<Orgs, 'getWithin'>,
): Promise<CommandServices> {
  const { clock, config, log } = deps;
  const { store, batches, hints, terminals, targets } = await partsOf(deps);
  const watched = new WatchedTerminals(deps.redis, clock);
  const signer =
    config.COMMAND_SIGN_KEY === undefined ? undefined : new CommandSigner(config.COMMAND_SIGN_KEY);
  const commands = new Commands({ store, hints, watched, terminals, signer, audit, clock, log });
  return {
    signer,
    commands,
    batches: new CommandBatches({ batches, store, commands, targets, orgs, audit, clock }),
  };
}

/** The worker's part. Gives what stops it. */
export async function workOnCommands(deps: Stores & Pick<Deps, 'log'>): Promise<() => Promise<void>> {
  const { clock, log } = deps;
  const keeper = new CommandKeeper({ ...(await partsOf(deps)), clock });
  const stops = [
    startRounds({
      ...{ work: () => keeper.make(), full: 1, everyMs: MAKE_EVERY_MS, clock, log },
      what: 'batches of commands',
    }),
    startRounds({
      ...{ work: () => keeper.tidy(), everyMs: TIDY_EVERY_MS, clock, log },
      what: 'commands that wait',
    }),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

async function partsOf({ db, redis, clock, config }: Stores) {
  const store = new TerminalCommandStore(db);
  const batches = new CommandBatchStore(db);
  const terminals = new TerminalStore(db);
  const health = new TerminalHealthStore(db);
  await Promise.all([store.prepare(), batches.prepare(), terminals.prepare()]);
  const heard = { board: new PresenceBoard(redis, clock), store: health, clock };
  const presence = presenceViews({ ...heard, intervals: beatIntervals(config) });
  const targets = new Targets({ terminals, health, presence });
  return { store, batches, hints: new CommandHints(redis), terminals, targets };
}
