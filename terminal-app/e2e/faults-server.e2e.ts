import { describe, expect, it } from 'vitest';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { ClockStatus } from '../src/ipc/map.ts';
import { clear, expectBoughtOnce, FACE_FEN } from './fault-kit.ts';
import type { FaultBench } from './fault-kit.ts';
import {
  inFaultySurroundings,
  PAYMENT_TTL_MS,
  SLOW,
  type FaultySurroundings,
} from './faulty-surroundings.ts';

/** A server that is away, has another time than the kiosk, or is killed. The meter and the wallet's books judge. */

/** An idle kiosk asks every ten seconds. */
const WITHIN_POLL = { timeout: 12_000, interval: 100 };

let bench: FaultBench;
let kiosk: Kiosk;
let atCode: FaultySurroundings['atCode'];
let expectDone: FaultySurroundings['expectDone'];
inFaultySurroundings((on) => {
  ({ bench, kiosk, atCode, expectDone } = on);
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
});
