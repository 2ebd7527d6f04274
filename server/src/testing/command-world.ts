import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { pino } from 'pino';
import { expect } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { commandPayload, type CommandPayload } from '@bianmin/purchase/api/command';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { AuditRecord } from '../access/audit.ts';
import { CommandBatchStore } from '../fleet/store/command-batches.ts';
import { TerminalCommandStore } from '../fleet/store/terminal-commands.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { BeatKeys } from '../fleet/terminals/beat-keys.ts';
import { CommandArchives } from '../fleet/terminals/command-archive.ts';
import { CommandBatches } from '../fleet/terminals/command-batches.ts';
import { CommandHints } from '../fleet/terminals/command-hints.ts';
import { CommandKeeper } from '../fleet/terminals/command-keeper.ts';
import { CommandRefusals } from '../fleet/terminals/command-refusals.ts';
import { CommandSigner } from '../fleet/terminals/command-signer.ts';
import { Commands } from '../fleet/terminals/commands.ts';
import { MachineReports } from '../fleet/terminals/reports.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { presenceViews } from '../fleet/terminals/presence-view.ts';
import { Targets } from '../fleet/terminals/targets.ts';
import { WatchedTerminals } from '../fleet/terminals/watched.ts';
import { ProblemError } from '../kernel/problem.ts';
import { adminCommandRoutes } from '../fleet/terminals/command-routes.ts';
import { terminalCommandRoutes } from '../fleet/terminals/command-result-routes.ts';
import { terminalReportRoutes } from '../fleet/terminals/report-routes.ts';
import { terminalHeartbeatRoutes } from '../fleet/terminals/heartbeat-routes.ts';
import { serveAdmin, type AdminCalls } from './admin-calls.ts';
import { openTestContext, type TestContext } from './context.ts';
import { fakeTerminal, type FakeTerminal } from './order-world.ts';

export const MINUTE = 60_000;
const INTERVALS = { kiosk: MINUTE, box: 60 * MINUTE };
export const URUMQI = [PROVINCE, '650100', 'c0000000000000001'];
const PATHS: Readonly<Record<string, readonly string[]>> = {
  [PROVINCE]: [PROVINCE],
  '650100': [PROVINCE, '650100'],
  '653100': [PROVINCE, '653100'],
};
export const terminalId = (no: number): string => `t${no.toString(16).padStart(30, '0')}`;
/** The terminal that beats here. */
export const HERE = terminalId(1);
const signKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  .privateKey.export({ format: 'der', type: 'pkcs8' })
  .toString('base64');
export const reason = 'a test of commands';

type Answer = ReturnType<AdminCalls['call']>;

/** Commands from console to terminals, by the real endpoints and stores; the audit only remembers what was done. */
export class CommandWorld {
  readonly t: TestContext;
  readonly kiosk: FakeTerminal;
  readonly terminals: TerminalStore;
  readonly store: TerminalCommandStore;
  readonly batchStore: CommandBatchStore;
  readonly health: TerminalHealthStore;
  readonly reports: MachineReports;
  readonly signer = new CommandSigner(signKey);
  clock = new ManualClock();
  board!: PresenceBoard;
  calls!: AdminCalls;
  keeper!: CommandKeeper;
  /** What the trail has. */
  trail: AuditRecord[] = [];
  /** As when its database does not answer. */
  trailFails = false;
  /** How often MongoDB was asked what waits. */
  asked = 0;

  private constructor(t: TestContext, kiosk: FakeTerminal) {
    this.t = t;
    this.kiosk = kiosk;
    this.terminals = new TerminalStore(t.db);
    this.store = new TerminalCommandStore(t.db);
    this.batchStore = new CommandBatchStore(t.db);
    this.health = new TerminalHealthStore(t.db);
    this.reports = new MachineReports({ db: t.db, clock: { now: () => this.clock.now() } });
  }

  static async open(): Promise<CommandWorld> {
    const world = new CommandWorld(await openTestContext(), await fakeTerminal(HERE));
    const { terminals, store, batchStore, health, reports } = world;
    const stores = [terminals, store, batchStore, health, reports];
    await Promise.all(stores.map((each) => each.prepare()));
    return world;
  }

  close(): Promise<void> {
    return this.t.close();
  }

  /** Nothing of the test before; served anew. */
  async fresh(): Promise<void> {
    for (const name of ['terminals', 'terminal_commands', 'command_batches', 'terminal_health']) {
      await this.t.db.collection(name).deleteMany({});
    }
    await this.t.redis.flushdb();
    this.clock = new ManualClock();
    this.trail = [];
    this.trailFails = false;
    this.asked = 0;
    this.calls = await this.serve(this.signer);
  }

  get recorded(): string[] {
    return this.trail.map(({ action }) => action);
  }

  /** `by` absent: a server that has no key for commands. */
  async serve(by: CommandSigner | undefined): Promise<AdminCalls> {
    const { t, clock, store, terminals, health } = this;
    this.board = new PresenceBoard(t.redis, clock);
    const hints = new CommandHints(t.redis);
    const audit = {
      record: (entry: AuditRecord) =>
        this.trailFails ? Promise.reject(new Error('gone')) : Promise.resolve(void this.trail.push(entry)),
    } as never;
    const presence = presenceViews({ board: this.board, store: health, clock, intervals: INTERVALS });
    const targets = new Targets({ terminals, health, presence });
    const watched = new WatchedTerminals(t.redis, clock);
    const log = pino({ level: 'silent' });
    const refusals = new CommandRefusals({ audit, clock });
    const commands = new Commands({
      ...{ store, hints, watched, terminals, signer: by, refusals, audit, clock, log },
    });
    const batches = new CommandBatches({
      ...{ batches: this.batchStore, store, commands, targets, orgs: ORGS, audit, clock },
    });
    const archives = new CommandArchives({ commands, reports: this.reports, audit, clock });
    this.keeper = new CommandKeeper({
      ...{ store, batches: this.batchStore, hints, targets, signer: by, refusals, clock },
    });
    const counted = {
      handOut: (id: string) => {
        this.asked += 1;
        return commands.handOut(id);
      },
    };
    return serveAdmin(
      [
        ...adminCommandRoutes({ commands, batches, archives }),
        ...terminalReportRoutes({ reports: this.reports, terminals }),
        ...terminalCommandRoutes({ commands }),
        ...terminalHeartbeatRoutes({
          ...{ board: this.board, commands: counted, intervals: INTERVALS, random: () => 0.5 },
          beatKeys: new BeatKeys({ secret: new Uint8Array(32), clock }),
        }),
      ],
      { log },
      this.kiosk,
    );
  }

  /** An accepted terminal, a kiosk in Ürümqi unless said otherwise. */
  async enrol(
    no: number,
    more: { kind?: 'kiosk' | 'box'; path?: readonly string[]; version?: string } = {},
  ): Promise<void> {
    const { kind = 'kiosk', path = URUMQI, version = '1.0.0' } = more;
    const { terminals } = this;
    const [_id, at] = [terminalId(no), new Date(this.clock.now())];
    const { sealKey } = this.kiosk;
    await terminals.enrol({ _id, signKey: sealKey, sealKey, kind, name: 'k', version, enrolledAt: at });
    await terminals.decide({ id: _id, from: ['pending'], to: 'accepted', by: 'test', at });
    await terminals.place(_id, { _id: path.at(-1) ?? '', path });
  }

  send(kind: string, more: { key?: string; to?: string; as?: string; ttlS?: number } = {}): Answer {
    const { key = randomUUID(), to = HERE, as, ttlS } = more;
    return this.calls.call('post', `/v1/admin/terminals/${to}/commands`, {
      body: { key, kind, reason, ...(ttlS === undefined ? {} : { ttlS }) },
      ...(as === undefined ? {} : { as }),
    });
  }

  /** What came with the answer to a beat. */
  async beat(): Promise<string[]> {
    const { body } = await this.calls.call('post', '/v1/terminal/heartbeat', {
      body: { version: '1.0.0', readers: [] },
    });
    return (body['commands'] ?? []) as string[];
  }

  async opened(jws: string): Promise<CommandPayload> {
    const key = await importJWK(this.signer.publicKey, 'ES256');
    const { payload, protectedHeader } = await compactVerify(jws, key);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'command+jws' });
    return commandPayload.parse(JSON.parse(new TextDecoder().decode(payload)));
  }

  async states(): Promise<string[][]> {
    return (await this.store.of(HERE, 20)).map(({ kind, state }) => [kind, state]).toSorted();
  }

  answer(command: string, body: object): Answer {
    return this.calls.call('post', `/v1/terminal/commands/${command}/result`, { body });
  }
}

const ORGS = {
  getWithin: (org: string, scope: string) => {
    const path = PATHS[org];
    if (path?.includes(scope) === true) return Promise.resolve({ _id: org, path } as never);
    return Promise.reject(new ProblemError({ code: 'request.not-found', message: 'None.' }));
  },
};
