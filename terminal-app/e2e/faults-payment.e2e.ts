import { describe, expect, it } from 'vitest';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { clear, expectRefunded, FACE_FEN } from './fault-kit.ts';
import type { FaultBench } from './fault-kit.ts';
import { inFaultySurroundings, type FaultySurroundings } from './faulty-surroundings.ts';
import { SOON } from './patience.ts';

/** Codes, channels and the grid that do wrong. The meter and the wallet's books judge. */

let bench: FaultBench;
let kiosk: Kiosk;
let atCode: FaultySurroundings['atCode'];
let expectDone: FaultySurroundings['expectDone'];
inFaultySurroundings((on) => {
  ({ bench, kiosk, atCode, expectDone } = on);
});

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
  const text = await (await fetch(bench.metricsUrl)).text();
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
