import { describe, expect, it } from 'vitest';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { DoomedKiosk } from './doomed-kiosk.ts';
import { clear, expectBoughtOnce, FACE_FEN } from './fault-kit.ts';
import type { FaultBench } from './fault-kit.ts';
import { inFaultySurroundings, SLOW, type FaultySurroundings } from './faulty-surroundings.ts';

/** A kiosk that is restarted or killed in the middle of a purchase. The meter and the wallet's books judge. */

let bench: FaultBench;
let kiosk: Kiosk;
let atCode: FaultySurroundings['atCode'];
inFaultySurroundings((on) => {
  ({ bench, kiosk, atCode } = on);
});

describe('a kiosk that ends while it writes', () => {
  it('by a restart: it ends the write first', async () => {
    const { sandbox } = bench;
    const bought = await atCode();
    await sandbox.readerFaults(kiosk.readerId, SLOW);
    await sandbox.pay(bought.codeUrl);
    await kiosk.patron.until('writing');
    await kiosk.restart();
    // The claim is delivered while the card is read again: whichever comes first, nothing is written twice.
    if ((await kiosk.patron.until('resume', 'uncredited', 'who')).screen === 'resume') {
      await kiosk.patron.command({ type: 'resume' });
      await kiosk.patron.until('done');
    } else {
      expect(kiosk.patron.view).toMatchObject({ screen: 'uncredited', shown: null });
    }
    await clear(sandbox, kiosk);
    await expectBoughtOnce(sandbox, bought);
  });

  it.each([
    ['code', 'SLE4442'],
    ['write', 'SLE4442'],
    ['write', 'CPU'],
    ['read-back', 'CPU'],
  ] as const)('by being killed (%s, %s): it offers to finish', async (phase, chip) => {
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
