import type { AuditTrail } from '../access/audit.ts';
import type { AccessServices } from './access.ts';
import type { Deps } from '../config/deps.ts';
import type { Orgs } from '../people/orgs/orgs.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { CommandBatchStore } from '../fleet/store/command-batches.ts';
import { TerminalCommandStore } from '../fleet/store/terminal-commands.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { CommandArchives } from '../fleet/terminals/command-archive.ts';
import { CommandBatches } from '../fleet/terminals/command-batches.ts';
import { CommandHints } from '../fleet/terminals/command-hints.ts';
import { CommandKeeper } from '../fleet/terminals/command-keeper.ts';
import { CommandRefusals } from '../fleet/terminals/command-refusals.ts';
import { CommandSigner } from '../fleet/terminals/command-signer.ts';
import { Commands } from '../fleet/terminals/commands.ts';
import type { MachineReports } from '../fleet/terminals/reports.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { beatIntervals } from '../fleet/terminals/presence-rule.ts';
import { presenceViews } from '../fleet/terminals/presence-view.ts';
import { Targets } from '../fleet/terminals/targets.ts';
import { WatchedTerminals } from '../fleet/terminals/watched.ts';

const MAKE_EVERY_MS = 1_000;
const TIDY_EVERY_MS = 5_000;

type Stores = Pick<Deps, 'db' | 'redis' | 'clock' | 'config'>;

export interface CommandServices {
  readonly commands: Commands;
  readonly batches: CommandBatches;
  readonly archives: CommandArchives;
  readonly signer: CommandSigner | undefined;
}

/** The web's part: what people send, and what terminals are handed and answer. */
export async function createCommands(
  deps: Stores & Pick<Deps, 'log'>,
  { audit }: Pick<AccessServices, 'audit'>,
  { orgs, reports }: { readonly orgs: Pick<Orgs, 'getWithin'>; readonly reports: MachineReports },
): Promise<CommandServices> {
  const { clock, config, log } = deps;
  const { store, batches, hints, terminals, targets } = await partsOf(deps);
  const watched = new WatchedTerminals(deps.redis, clock);
  const signer = signerOf(config);
  const refusals = new CommandRefusals({ audit, clock });
  const commands = new Commands({
    ...{ store, hints, watched, terminals, signer, refusals, audit, clock, log },
  });
  return {
    signer,
    commands,
    archives: new CommandArchives({ commands, reports, audit, clock }),
    batches: new CommandBatches({ batches, store, commands, targets, orgs, audit, clock }),
  };
}

/** The worker's part. Gives what stops it. */
export async function workOnCommands(
  deps: Stores & Pick<Deps, 'log'>,
  audit: AuditTrail,
): Promise<() => Promise<void>> {
  const { clock, config, log } = deps;
  const signer = signerOf(config);
  if (signer === undefined) log.info('without COMMAND_SIGN_KEY, this worker makes no batches of commands');
  const refusals = new CommandRefusals({ audit, clock });
  const keeper = new CommandKeeper({ ...(await partsOf(deps)), signer, refusals, clock });
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

function signerOf({ COMMAND_SIGN_KEY: key }: Deps['config']): CommandSigner | undefined {
  return key === undefined ? undefined : new CommandSigner(key);
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
