import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PurchaseView } from '@bianmin/shared/purchase/view';
import { programArgs } from '../../build/run/dev/programs.ts';
import { Patron, toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { systemClock } from '@bianmin/shared/node/system-clock';
import type { ClockStatus, HostBridge } from '../src/ipc/map.ts';
import { KIOSK_CHILD } from './build-once.ts';
import { clear, expectBoughtOnce, expectRefunded, FACE_FEN, openBench } from './fault-kit.ts';
import type { FaultBench, Home } from './fault-kit.ts';
import { SOON } from './patience.ts';

/** What happens around the card: codes, channels, the grid, crashes. The meter and the wallet's books judge. */

/** Long enough to be paid on a busy machine, short enough to be waited for. */
const PAYMENT_TTL_MS = 6000;

/** An idle kiosk asks every ten seconds. */
const WITHIN_POLL = { timeout: 12_000, interval: 100 };

/** A reader so slow that a write is under way for long enough to be met in the middle. */
const SLOW = { slowMs: 60 };

let bench: FaultBench;
let kiosk: Kiosk;
beforeAll(async () => {
  bench = await openBench({
    server: {
      PAYMENT_TTL_MS: String(PAYMENT_TTL_MS),
      LEASE_MS: '5000',
      SWEEP_MS: '200',
      GRID_TIMEOUT_MS: '1000',
      GRID_HORIZON_MS: '500',
    },
    // A notification is sent again after 2 s; a refund is through soon; late money comes when a test says so.
    wallet: { WALLET_TIME_SCALE: '7.5', WALLET_REFUND_DELAY_MS: '200', WALLET_LATE_MS: '600000' },
  });
  kiosk = await bench.kiosk('server-1', { timings: { silentMs: 1500 } });
});
afterAll(() => bench.close());
afterEach(async () => {
  await bench.sandbox.clearGridFaults();
  await bench.sandbox.walletFault({ reset: true, timeScale: 7.5, refundDelayMs: 200, lateMs: 600_000 });
  await clear(bench.sandbox, kiosk);
});

/** A card in the reader and its code on the screen. */
async function atCode(
  at: Pick<Kiosk, 'readerId' | 'patron'> = kiosk,
  chip = 'SLE4442',
): Promise<Home & { orderNo: string; codeUrl: string }> {
  const home = await bench.household(chip);
  await bench.sandbox.insert(at.readerId, home.cardId);
  return { ...home, ...(await toCode(at.patron, FACE_FEN)) };
}

/** To "done", the card out, and the meter's word. */
async function expectDone(bought: Home & { orderNo: string }, at: Kiosk = kiosk): Promise<void> {
  expect(await at.patron.until('done')).toMatchObject({ orderNo: bought.orderNo });
  await clear(bench.sandbox, at);
  await expectBoughtOnce(bench.sandbox, bought);
}

describe('money', () => {
  it('closes an unpaid code on the channel’s evidence, and gives money back that comes after', async () => {
    const { sandbox } = bench;
    const { orderNo, codeUrl, ...home } = await atCode();
    await sandbox.pay(codeUrl, 'late');
    expect(await kiosk.patron.until('expired')).toMatchObject({ orderNo });
    expect(await sandbox.paid(orderNo)).toEqual({ takenFen: 0, refundedFen: 0 });
    await sandbox.settleLate();
    await expectRefunded(sandbox, orderNo, { takenFen: FACE_FEN, refundedFen: FACE_FEN });
    expect(await sandbox.sales(home.meterNo)).toEqual([]);
    // Nothing of it is in the way.
    await clear(sandbox, kiosk);
    await sandbox.insert(kiosk.readerId, home.cardId);
    const next = await toCode(kiosk.patron, FACE_FEN);
    await sandbox.pay(next.codeUrl);
    await expectDone({ ...home, orderNo: next.orderNo });
  });

  it('gives back what a second phone paid for the same order', async () => {
    const { sandbox } = bench;
    const bought = await atCode();
    await sandbox.pay(bought.codeUrl, 'twice');
    await kiosk.patron.until('done');
    await expectRefunded(sandbox, bought.orderNo, { takenFen: 2 * FACE_FEN, refundedFen: FACE_FEN });
    await clear(sandbox, kiosk);
    expect(await sandbox.meterInsert(bought.meterNo, bought.cardId)).toMatchObject({
      creditedFen: FACE_FEN,
      balanceFen: 6000,
    });
    expect(await sandbox.sales(bought.meterNo)).toMatchObject([{ status: 'sold' }]);
  });

  it.each([
    ['bad-signature', 'signature'],
    ['stale', 'signature'],
    ['wrong-amount', 'mismatch'],
    ['foreign-merchant', 'merchant'],
  ])('refuses a notification that is %s, counts it, and takes the true one', async (kind, reason) => {
    const { sandbox } = bench;
    const bought = await atCode();
    const before = await refused(reason);
    await sandbox.walletFault({ notify: [{ on: 'payment', kind }] });
    await sandbox.pay(bought.codeUrl);
    await expect.poll(() => refused(reason), SOON).toBe(before + 1);
    expect(kiosk.patron.view).toMatchObject({ screen: 'pay', orderNo: bought.orderNo });
    expect(await sandbox.sales(bought.meterNo)).toEqual([]);
    await expectDone(bought);
  });

  it('takes a notification that is replayed once', async () => {
    const { sandbox } = bench;
    const bought = await atCode();
    await sandbox.walletFault({ notify: [{ on: 'payment', kind: 'replay' }] });
    await sandbox.pay(bought.codeUrl);
    await kiosk.patron.until('done');
    const [notification] = await sandbox.notifications(bought.orderNo);
    expect(notification).toMatchObject({ event: 'TRANSACTION.SUCCESS', status: 'acknowledged' });
    expect(await sandbox.replay(notification?.id ?? '')).toBe(204);
    await expectDone(bought);
  });
});

/** Notifications that web has refused for this reason. */
async function refused(reason: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', bench.stack.urls.webUrl))).text();
  const line = text
    .split('\n')
    .find((each) =>
      each.startsWith(`bianmin_notifications_refused_total{channel="wechat",reason="${reason}"}`),
    );
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('the grid', () => {
  it.each(['after', 'garbage-signature', 'http-500'])(
    'sells and its answer is lost (%s): asked, not sold again',
    async (fault) => {
      const { sandbox } = bench;
      const bought = await atCode();
      await sandbox.gridFault({ operation: 'sell', fault });
      await sandbox.pay(bought.codeUrl);
      const silent = await kiosk.patron.until('grid-silent');
      expect(silent).toMatchObject({ orderNo: bought.orderNo, paidFen: FACE_FEN });
      await expectDone(bought);
    },
  );

  it('sells long after the server stopped waiting: one sale', async () => {
    const { sandbox } = bench;
    const bought = await atCode();
    await sandbox.gridFault({ operation: 'sell', fault: 'late' });
    await sandbox.pay(bought.codeUrl);
    await kiosk.patron.until('grid-silent');
    await sandbox.releaseGrid();
    await expectDone(bought);
  });

  it('never heard of the sale: the number is undone and the money goes back', async () => {
    const { sandbox } = bench;
    const { orderNo, codeUrl, ...home } = await atCode();
    await sandbox.gridFault({ operation: 'sell', fault: 'before' });
    await sandbox.pay(codeUrl);
    expect(await kiosk.patron.until('grid-silent')).toMatchObject({ orderNo, paidFen: FACE_FEN });
    expect(await kiosk.patron.until('refund')).toMatchObject({ orderNo, fen: FACE_FEN });
    await expectRefunded(sandbox, orderNo, { takenFen: FACE_FEN, refundedFen: FACE_FEN });
    expect((await sandbox.sales(home.meterNo)).filter(({ status }) => status === 'sold')).toEqual([]);
    await clear(sandbox, kiosk);
    expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({ creditedFen: 0 });
  });
});

describe('a server that is away', () => {
  it('is told of by an idle kiosk within its poll, sells nothing, and is told of no more when it is back', async () => {
    const { sandbox, stack } = bench;
    const link = async (): Promise<string> => (await kiosk.bridge.call('host.status', null)).server;
    expect(await link()).toBe('online');
    const payments = await sandbox.paymentCount();
    await stack.stop('web');
    await expect.poll(link, WITHIN_POLL).toBe('away');
    const home = await bench.household('SLE4442');
    await sandbox.insert(kiosk.readerId, home.cardId);
    expect(await kiosk.patron.until('problem')).toMatchObject({ moneySafe: 'nothing-taken', orderNo: null });
    await stack.restart('web');
    // The card is still in: it is read again by itself, and the same person goes on.
    const { orderNo, codeUrl } = await toCode(kiosk.patron, FACE_FEN);
    expect(await link()).toBe('online');
    expect(await sandbox.paymentCount()).toBe(payments + 1);
    await sandbox.pay(codeUrl);
    await expectDone({ ...home, orderNo });
    await stack.stop('web');
    await expect.poll(link, WITHIN_POLL).toBe('away');
    await stack.restart('web');
    await expect.poll(link, WITHIN_POLL).toBe('online');
  });

  it('does not stop a write: it is finished and journalled, and claimed when the server is back', async () => {
    const { sandbox, stack } = bench;
    const bought = await atCode();
    await sandbox.readerFaults(kiosk.readerId, SLOW);
    await sandbox.pay(bought.codeUrl);
    await kiosk.patron.when(
      (view): view is Extract<PurchaseView, { screen: 'writing' }> =>
        view.screen === 'writing' && view.phase === 'write',
      'the card being written',
    );
    await stack.kill('web');
    expect(await kiosk.patron.until('done')).toMatchObject({ orderNo: bought.orderNo });
    expect(await sandbox.sales(bought.meterNo)).toMatchObject([{ status: 'sold', writeClaimed: false }]);
    await stack.restart('web');
    await clear(sandbox, kiosk);
    await expectBoughtOnce(sandbox, bought);
  });
});

describe('a clock that is wrong', () => {
  it.each([-5, 5])(
    'by %i hours is noticed, and sells all the same: its code is good as long as the server says',
    async (hours) => {
      const { sandbox } = bench;
      const ms = hours * 3_600_000;
      const shifted = { ...systemClock, now: () => Date.now() + ms };
      const wrong = await bench.kiosk(`clock${hours}`, { clock: shifted });
      const status = async (): Promise<ClockStatus | null> =>
        (await wrong.bridge.call('host.status', null)).clock;
      const home = await bench.household('CPU');
      await sandbox.insert(wrong.readerId, home.cardId);
      const { orderNo, codeUrl } = await toCode(wrong.patron, FACE_FEN);
      expect(await status()).toMatchObject({ wrong: true });
      expect(Math.abs(((await status())?.skewMs ?? 0) - ms)).toBeLessThan(5_000);
      const { view } = wrong.patron;
      const leftMs = (view.screen === 'pay' ? (view.expiresAt ?? 0) : 0) - shifted.now();
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(PAYMENT_TTL_MS + 1_500);
      await sandbox.pay(codeUrl);
      await expectDone({ ...home, orderNo }, wrong);
      expect(await status()).toMatchObject({ wrong: true });
    },
  );

  it('that is right is called so', async () => {
    const status = async (): Promise<ClockStatus | null> =>
      (await kiosk.bridge.call('host.status', null)).clock;
    await expect.poll(status, WITHIN_POLL).toMatchObject({ wrong: false });
  });
});

describe('crashes', () => {
  it.each(['SLE4442', 'CPU'])(
    'web and worker killed between payment and write (%s): goes on',
    async (chip) => {
      const { sandbox, stack } = bench;
      const bought = await atCode(kiosk, chip);
      // Paid, and sold by the grid, whose answer is on its way when both die.
      await sandbox.gridFault({ operation: 'sell', fault: 'delay', ms: 900 });
      await sandbox.pay(bought.codeUrl);
      await expect.poll(() => sandbox.sales(bought.meterNo), { interval: 20 }).toHaveLength(1);
      await Promise.all([stack.kill('web'), stack.kill('worker')]);
      await Promise.all([stack.restart('web'), stack.restart('worker')]);
      await expectDone(bought);
    },
  );

  it('web and worker killed before the payment is reported: goes on', async () => {
    const { sandbox, stack } = bench;
    const bought = await atCode();
    await Promise.all([stack.kill('web'), stack.kill('worker')]);
    await sandbox.pay(bought.codeUrl);
    await Promise.all([stack.restart('web'), stack.restart('worker')]);
    await expectDone(bought);
  });

  it('the kiosk is restarted while it writes: it ends the write first', async () => {
    const { sandbox } = bench;
    const bought = await atCode();
    await sandbox.readerFaults(kiosk.readerId, SLOW);
    await sandbox.pay(bought.codeUrl);
    await kiosk.patron.until('writing');
    await kiosk.restart();
    // The claim is delivered while the card is read again: whichever comes first, nothing is written twice.
    if ((await kiosk.patron.until('resume', 'problem', 'who')).screen === 'resume') {
      await kiosk.patron.command({ type: 'resume' });
      await kiosk.patron.until('done');
    } else {
      expect(kiosk.patron.view).toMatchObject({ code: 'not-yet-used', moneySafe: 'nothing-taken' });
    }
    await clear(sandbox, kiosk);
    await expectBoughtOnce(sandbox, bought);
  });

  it.each([
    ['code', 'SLE4442'],
    ['write', 'SLE4442'],
    ['write', 'CPU'],
    ['read-back', 'CPU'],
  ] as const)('the kiosk is killed while it writes (%s, %s): it offers to finish', async (phase, chip) => {
    const { sandbox } = bench;
    const doomed = await DoomedKiosk.open(bench, `doomed-${phase}-${chip}`);
    const home = await bench.household(chip);
    await sandbox.insert(doomed.readerId, home.cardId);
    const { orderNo, codeUrl } = await toCode(doomed.patron, FACE_FEN);
    await sandbox.readerFaults(doomed.readerId, SLOW);
    await sandbox.pay(codeUrl);
    await doomed.patron.when(
      (view): view is Extract<PurchaseView, { screen: 'writing' }> =>
        view.screen === 'writing' && view.phase === phase,
      phase,
    );
    await doomed.kill();
    await sandbox.readerFaults(doomed.readerId, {});
    await doomed.start();
    expect(await doomed.patron.until('resume')).toMatchObject({ orderNo, faceFen: FACE_FEN });
    await doomed.patron.command({ type: 'resume' });
    await doomed.patron.until('done');
    await sandbox.eject(doomed.readerId);
    await expectBoughtOnce(sandbox, { ...home, orderNo });
    await doomed.close();
  });
});

describe('a kiosk that is killed around the write', () => {
  it('while the code is on the screen, which is paid then: it offers to write', async () => {
    const { sandbox } = bench;
    const doomed = await DoomedKiosk.open(bench, 'doomed-pay');
    const bought = await atCode(doomed);
    await doomed.kill();
    await sandbox.pay(bought.codeUrl);
    await doomed.start();
    await doomed.finish(bought.orderNo);
    await sandbox.eject(doomed.readerId);
    await expectBoughtOnce(sandbox, bought);
    await doomed.close();
  });

  it('while the code is on the screen, which is not paid: the card buys again once that order is closed', async () => {
    const { sandbox } = bench;
    const doomed = await DoomedKiosk.open(bench, 'doomed-unpaid');
    const { orderNo: first, ...home } = await atCode(doomed);
    await doomed.kill();
    await doomed.start();
    const { orderNo, codeUrl } = await toCode(doomed.patron, FACE_FEN);
    expect(orderNo).not.toBe(first);
    expect(await sandbox.paid(first)).toEqual({ takenFen: 0, refundedFen: 0 });
    await sandbox.pay(codeUrl);
    await doomed.patron.until('done');
    await sandbox.eject(doomed.readerId);
    await expectBoughtOnce(sandbox, { ...home, orderNo });
    await doomed.close();
  });

  it('while the grid sells: it goes on from there', async () => {
    const { sandbox } = bench;
    const doomed = await DoomedKiosk.open(bench, 'doomed-selling');
    const bought = await atCode(doomed);
    await sandbox.gridFault({ operation: 'sell', fault: 'delay', ms: 900 });
    await sandbox.pay(bought.codeUrl);
    await doomed.patron.until('selling');
    await doomed.kill();
    await doomed.start();
    await doomed.finish(bought.orderNo);
    await sandbox.eject(doomed.readerId);
    await expectBoughtOnce(sandbox, bought);
    await doomed.close();
  });

  it('with a claim that the server has not heard: it is delivered after the restart', async () => {
    const { sandbox, stack } = bench;
    const doomed = await DoomedKiosk.open(bench, 'doomed-claim');
    const bought = await atCode(doomed);
    await sandbox.readerFaults(doomed.readerId, SLOW);
    await sandbox.pay(bought.codeUrl);
    await doomed.patron.when(
      (view): view is Extract<PurchaseView, { screen: 'writing' }> =>
        view.screen === 'writing' && view.phase === 'write',
      'the card being written',
    );
    await stack.kill('web');
    await doomed.patron.until('done');
    await doomed.kill();
    await sandbox.readerFaults(doomed.readerId, {});
    await sandbox.eject(doomed.readerId);
    await stack.restart('web');
    expect(await sandbox.sales(bought.meterNo)).toMatchObject([{ writeClaimed: false }]);
    await doomed.start();
    await expectBoughtOnce(sandbox, bought);
    await doomed.close();
  });
});

/** A kiosk in a process of its own, with a person in front of it. */
class DoomedKiosk {
  readonly readerId: string;
  readonly patron: Patron;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  readonly #listeners = new Set<(view: PurchaseView) => void>();
  #view: PurchaseView = { screen: 'reading' };

  private constructor(readerId: string, env: Readonly<Record<string, string>>) {
    this.readerId = readerId;
    this.#env = env;
    const bridge: Pick<HostBridge, 'call' | 'on'> = {
      call: (name: string, request: object | null) => {
        if (name === 'purchase.command' && request !== null) this.#child?.send(request);
        return Promise.resolve(name === 'purchase.view' ? this.#view : null);
      },
      on: ((_: string, listener: (view: PurchaseView) => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      }) as unknown as HostBridge['on'],
    };
    this.patron = new Patron(bridge);
  }

  static async open({ stack, operator }: FaultBench, readerId: string): Promise<DoomedKiosk> {
    const kiosk = new DoomedKiosk(readerId, {
      BIANMIN_SERVER_URL: stack.urls.webUrl,
      BIANMIN_SANDBOX_URL: stack.urls.gridUrl,
      BIANMIN_DATA_DIR: await mkdtemp(join(tmpdir(), 'bianmin-doomed-')),
      BIANMIN_READER_ID: readerId,
      BIANMIN_TERMINAL_NAME: readerId,
      BIANMIN_ENROL_CODE: await operator.enrolCode(),
    });
    await kiosk.start();
    return kiosk;
  }

  async start(): Promise<void> {
    const args = programArgs(KIOSK_CHILD);
    const child = fork(args.at(-1) ?? '', {
      execArgv: args.slice(0, -1),
      env: { ...process.env, ...this.#env },
    });
    this.#child = child;
    child.on('message', (view) => {
      this.#view = view as PurchaseView;
      for (const listener of [...this.#listeners]) listener(this.#view);
    });
    await once(child, 'message');
  }

  /** What was paid is offered, or goes on by itself where the grid was not through yet. */
  async finish(orderNo: string): Promise<void> {
    const view = await this.patron.until('resume', 'done');
    expect(view).toMatchObject({ orderNo });
    if (view.screen === 'resume') await this.patron.command({ type: 'resume' });
    await this.patron.until('done');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#env['BIANMIN_DATA_DIR'] ?? '', { recursive: true, force: true });
  }
}
