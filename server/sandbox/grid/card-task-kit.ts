import { expect } from 'vitest';
import type { Clock } from '@bianmin/card/clock';
import { systemClock } from '@bianmin/card/node/system-clock';
import { createCollectionV1 } from '../../src/gateways/grid/collection-v1.ts';
import { RemoteCardWorld } from '../../src/testing/remote-card-world.ts';
import type { RemoteKiosk } from '../../src/testing/remote-kiosk.ts';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import type { CardTaskEntry, StepWanted } from './platform/card-tasks.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';

type GridDriver = Awaited<ReturnType<RemoteCardWorld['driver']>>;
type Session = Awaited<ReturnType<RemoteCardWorld['admin']>>['session'];

const LOOK: readonly StepWanted[] = [{ do: 'identify' }, { do: 'read-card' }];
export const WRITE: readonly StepWanted[] = [...LOOK, { do: 'write' }];
const INSPECT = ['identify', 'read-card', 'tries'];
export const REWRITE = ['identify', 'read-card', 'write'];

/** The real line to the sandbox, the real web process, terminals with their readers: the grid drives a card. */
export class GridDrivesCards {
  readonly sandbox: GridSandbox;
  readonly w: RemoteCardWorld;
  /** Token of a staff user. */
  readonly staff: string;
  /** The driver of a test; `fresh` makes it. */
  driver: GridDriver;
  /** The driver's pace is the test's: it looks as if time had passed. */
  passed = 0;
  readonly clock: Clock = {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() + this.passed,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
  };

  private constructor(sandbox: GridSandbox, init: { w: RemoteCardWorld; staff: string; driver: GridDriver }) {
    this.sandbox = sandbox;
    this.w = init.w;
    this.staff = init.staff;
    this.driver = init.driver;
  }

  static async open(): Promise<GridDrivesCards> {
    const keys = makeGridKeys();
    const sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...keys.sandbox }) });
    const grid = createCollectionV1({
      url: sandbox.collectUrl,
      agent: keys.server.GRID_AGENT,
      signKey: keys.server.GRID_SIGN_KEY,
      gridPublicKey: keys.server.GRID_PUBLIC_KEY,
      timeoutMs: 60_000,
      clock: systemClock,
    });
    const w = await RemoteCardWorld.open({
      cardTasks: (asked) => grid.cardTasks(asked),
      cardStep: (report) => grid.cardStep(report),
      endCardTask: (end) => grid.endCardTask(end),
    });
    const staff = await w.staff('somebody');
    return new GridDrivesCards(sandbox, { w, staff, driver: await w.driver(systemClock) });
  }

  async close(): Promise<void> {
    await this.w.close();
    await this.sandbox.close();
  }

  /** Nothing goes wrong, and the driver knows nothing of the test before. */
  async fresh(): Promise<void> {
    this.sandbox.faults.clear();
    this.driver = await this.w.driver(this.clock);
  }

  /** A kiosk that the server has heard of. */
  async kioskHere(): Promise<RemoteKiosk> {
    const kiosk = await this.w.kiosk();
    const { redis } = this.w.t;
    await this.until(kiosk, async () => (await redis.zscore('card-tasks:there', kiosk.terminal.id)) !== null);
    return kiosk;
  }

  /** A card session that the grid wants; gives the task's number. */
  wanted(kiosk: RemoteKiosk, over: Partial<Omit<CardTaskEntry, 'taskNo' | 'heard' | 'end'>> = {}): string {
    return this.sandbox.world.cardTasks.want({
      ...{ terminalId: kiosk.terminal.id, kind: 'inspect', orderNo: null, serial: null },
      ...{ askedBy: '李工', reason: '电表报错，看看卡', minutes: 10, commands: INSPECT },
      ...{ steps: LOOK, open: false },
      ...over,
    }).taskNo;
  }

  task(taskNo: string): CardTaskEntry {
    return this.sandbox.world.cardTasks.get(taskNo);
  }

  /** Rounds of the driver and of the terminal, each as if seconds had passed, until it is so. */
  async until(kiosk: RemoteKiosk, look: () => unknown, drive?: () => GridDriver): Promise<void> {
    await expect
      .poll(
        async () => {
          this.passed += 11_000;
          await drive?.().round();
          kiosk.remote.kick();
          return look();
        },
        { interval: 10 },
      )
      .toBeTruthy();
  }

  driven(kiosk: RemoteKiosk, look: () => unknown): Promise<void> {
    return this.until(kiosk, look, () => this.driver);
  }

  /** The person at the terminal says yes to what the grid asks. */
  async agreed(kiosk: RemoteKiosk): Promise<void> {
    await this.driven(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('yes');
  }

  /** The newest session of a terminal, as the console reads it. */
  async recordOf(kiosk: RemoteKiosk): Promise<Session> {
    const { session } = await this.w.admin(this.staff, `GET ?terminalId=${kiosk.terminal.id}`);
    return (session as unknown as { sessions: Session[] }).sessions[0] as Session;
  }
}
