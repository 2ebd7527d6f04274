import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import type { AccessServices } from './access.ts';
import { StandIns } from '../adapters/mongo/stand-ins.ts';
import type { Deps } from '../config/deps.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { AcceptAllowanceStore } from '../fleet/store/accept-allowances.ts';
import { EnrolCodeStore } from '../fleet/store/enrol-codes.ts';
import { Orgs } from '../people/orgs/orgs.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { AcceptAllowance } from '../fleet/terminals/accept-allowance.ts';
import { TerminalAuthenticator } from '../fleet/terminals/authenticate.ts';
import { BeatKeys } from '../fleet/terminals/beat-keys.ts';
import { RolloutJournal } from '../fleet/releases/journal-store.ts';
import { TerminalCommandStore } from '../fleet/store/terminal-commands.ts';
import { Cohorts } from '../fleet/terminals/cohorts.ts';
import { createCommands, type CommandServices } from './commands.ts';
import { CutOff } from '../fleet/terminals/cut-off.ts';
import { Enrolment } from '../fleet/terminals/enrolment.ts';
import { Repairs } from '../fleet/repairs/repairs.ts';
import { RepairStore } from '../fleet/repairs/repair-store.ts';
import { KioskRoll, type UpdatesUnderWay } from '../fleet/terminals/kiosk-roll.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { beatIntervals, type BeatIntervals } from '../fleet/terminals/presence-rule.ts';
import { presenceViews, type PresenceViews } from '../fleet/terminals/presence-view.ts';
import { ReplayGuard } from '../fleet/terminals/replay.ts';
import { MachineReports } from '../fleet/terminals/reports.ts';
import { TimeSigner } from '../fleet/terminals/signed-time.ts';
import { TerminalTokens } from '../fleet/terminals/tokens.ts';

/** The fleet's identity and its package, wired once for each web process. */
export interface FleetServices {
  readonly terminals: TerminalStore;
  readonly orgs: Orgs;
  readonly codes: EnrolCodeStore;
  /** How many terminals one person lets in. */
  readonly allowance: AcceptAllowance;
  readonly enrolment: Enrolment;
  readonly tokens: TerminalTokens;
  readonly authenticator: TerminalAuthenticator;
  /** Absent where no key was configured. */
  readonly time: TimeSigner | undefined;
  readonly board: PresenceBoard;
  /** What takes beats in. */
  readonly beats: {
    readonly board: PresenceBoard;
    readonly beatKeys: BeatKeys;
    readonly commands: CommandServices['commands'];
    readonly intervals: BeatIntervals;
    readonly random: () => number;
  };
  readonly cutOff: CutOff;
  readonly health: TerminalHealthStore;
  readonly presence: PresenceViews;
  readonly cohorts: Cohorts;
  readonly roll: KioskRoll;
  /** Those that somebody has to go to. */
  readonly repairs: Repairs;
  /** What terminals say of themselves. */
  readonly reports: MachineReports;
  /** What they are told to do. */
  readonly commands: CommandServices;
}

/** Makes the indexes, and the configured one-time code valid if it never was. */
export async function createFleet(
  deps: Pick<Deps, 'db' | 'redis' | 'marks' | 'clock' | 'config' | 'log'>,
  access: Pick<
    AccessServices,
    'approvals' | 'guesses' | 'limiter' | 'audit' | 'checkers' | 'orgs' | 'userStore'
  >,
): Promise<FleetServices> {
  const { clock, config } = deps;
  const terminals = new TerminalStore(deps.db);
  const codes = new EnrolCodeStore(deps.db);
  const health = new TerminalHealthStore(deps.db);
  const reports = new MachineReports({ db: deps.db, clock });
  const allowances = new AcceptAllowanceStore(deps.db);
  const repairs = new RepairStore(deps.db);
  await Promise.all([terminals, health, reports, allowances, repairs].map((store) => store.prepare()));
  if (config.ENROL_CODE !== undefined) {
    await codes.add(config.ENROL_CODE, { by: 'environment', at: new Date(clock.now()) });
  }
  const replay = new ReplayGuard(deps.marks ?? deps.redis, new StandIns(deps.db, clock));
  const { guesses, limiter, audit } = access;
  const orgs = new Orgs({
    ...{ store: access.orgs, users: access.userStore },
    terminals: {
      countsWithin: (scope) => terminals.countsWithin(scope),
      place: (id, org) => terminals.place(id, org),
      displace: (id, org) => terminals.displace(id, org),
      moved: async (org, path) => {
        await terminals.moved(org, path);
        await repairs.moved(org, path);
      },
    },
    ...{ checkers: access.checkers, audit },
  });
  const place = async (terminalId: string, org: string): Promise<void> => {
    await orgs.place(terminalId, org, WHOLE_PROVINCE);
  };
  const tokens = new TerminalTokens({
    secret: config.TOKEN_SECRETS,
    find: (id) => terminals.get(id),
    replay,
    clock,
  });
  const board = new PresenceBoard(deps.redis, clock, deps.marks);
  const beatKeys = new BeatKeys({ secret: config.TOKEN_SECRETS, clock });
  const commands = await createCommands(deps, access, { orgs, reports });
  const commandKey = commands.signer?.publicKey;
  const intervals = beatIntervals(config);
  const heard = { board, store: health, clock, intervals };
  return {
    board,
    beats: {
      ...{ board, beatKeys, commands: commands.commands },
      ...{ intervals, random: Math.random },
    },
    cutOff: new CutOff({ store: terminals, clock }),
    health,
    presence: presenceViews(heard),
    cohorts: new Cohorts({ ...heard, terminals }),
    repairs: new Repairs({ store: repairs, terminals, clock }),
    roll: new KioskRoll({ ...heard, terminals, updates: updatesIn(deps.db) }),
    terminals,
    orgs,
    codes,
    allowance: new AcceptAllowance({
      ...{ store: allowances, orgs, approvals: access.approvals, clock },
      alone: config.TERMINALS_ALONE_PER_DAY,
    }),
    enrolment: new Enrolment({
      ...{ terminals, codes, place, replay, guesses, limiter, audit, clock, commandKey, beatKeys },
    }),
    commands,
    tokens,
    authenticator: new TerminalAuthenticator({ tokens, terminals, replay, clock }),
    time: config.TIME_SIGN_KEY === undefined ? undefined : new TimeSigner(config.TIME_SIGN_KEY, clock),
    reports,
  };
}

/** Releases that are taken, and restarts that were commanded. */
function updatesIn(db: Deps['db']): UpdatesUnderWay {
  const [journal, commands] = [new RolloutJournal(db), new TerminalCommandStore(db)];
  return async (ids) => {
    const [releases, restarts] = await Promise.all([journal.underWay(ids), commands.restarting(ids)]);
    return new Map([...releases, ...restarts]);
  };
}
