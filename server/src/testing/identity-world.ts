import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { KeySource } from '../kernel/key-ring.ts';
import { EnrolCodeStore } from '../fleet/store/enrol-codes.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { TerminalAuthenticator } from '../fleet/terminals/authenticate.ts';
import { BeatKeys } from '../fleet/terminals/beat-keys.ts';
import { Enrolment } from '../fleet/terminals/enrolment.ts';
import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { ReplayGuard } from '../fleet/terminals/replay.ts';
import { TerminalTokens } from '../fleet/terminals/tokens.ts';
import { openAccess } from './access.ts';
import { openTestContext, type TestContext } from './context.ts';
import { TestTerminal } from './terminal.ts';

const SECRET = new Uint8Array(32).fill(7);
/** A code that lets one terminal in. */
export const CODE = 'OPEN-SESAME';
export const HERE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };
/** What terminals' keys are made for. */
export const ALGORITHMS = ['ES256', 'RS256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

/** Terminals that say who they are, by keys of one kind. */
export class IdentityWorld {
  readonly alg: Algorithm;
  readonly t: TestContext;
  readonly clock: ManualClock;
  readonly terminals: TerminalStore;
  readonly codes: EnrolCodeStore;
  readonly enrolment: Enrolment;
  readonly tokens: TerminalTokens;
  readonly authenticator: TerminalAuthenticator;
  readonly beatKeys: BeatKeys;
  /** Which terminal went into which organisation. */
  readonly placed: [string, string][] = [];

  private constructor(
    alg: Algorithm,
    t: TestContext,
    parts: { clock: ManualClock; access: Awaited<ReturnType<typeof openAccess>> },
  ) {
    const { clock, access } = parts;
    this.alg = alg;
    this.t = t;
    this.clock = clock;
    this.terminals = new TerminalStore(t.db);
    this.codes = new EnrolCodeStore(t.db);
    const { terminals, codes } = this;
    const replay = new ReplayGuard(t.redis, new StandIns(t.db, clock));
    this.beatKeys = new BeatKeys({ secret: SECRET, clock });
    this.enrolment = new Enrolment({
      place: (id, org) => Promise.resolve(void this.placed.push([id, org])),
      terminals,
      codes,
      replay,
      guesses: access.guesses,
      limiter: access.limiter,
      audit: access.audit,
      clock,
      commandKey: undefined,
      beatKeys: this.beatKeys,
    });
    this.tokens = this.tokensUnder(SECRET);
    this.authenticator = new TerminalAuthenticator({ tokens: this.tokens, terminals, replay, clock });
  }

  static async open(alg: Algorithm): Promise<IdentityWorld> {
    const t = await openTestContext();
    const clock = new ManualClock();
    const world = new IdentityWorld(alg, t, { clock, access: await openAccess(t, clock) });
    await world.terminals.prepare();
    await world.codes.add(CODE, { by: 'environment', at: new Date(clock.now()) });
    return world;
  }

  /** Of a process with these secrets, over the same terminals. */
  tokensUnder(secret: KeySource): TerminalTokens {
    const { terminals, clock } = this;
    const replay = new ReplayGuard(this.t.redis, new StandIns(this.t.db, clock));
    return new TerminalTokens({ secret, find: (id) => terminals.get(id), replay, clock });
  }

  close(): Promise<void> {
    return this.t.close();
  }

  /** A terminal with keys of its own that was let in. */
  async accepted(): Promise<TestTerminal> {
    const terminal = await TestTerminal.create(this.clock, this.alg);
    await this.enrolment.enrol(await terminal.enrolment(), HERE);
    await this.terminals.decide({
      id: terminal.id,
      from: ['pending'],
      to: 'accepted',
      by: 'test',
      at: new Date(this.clock.now()),
    });
    return terminal;
  }
}
