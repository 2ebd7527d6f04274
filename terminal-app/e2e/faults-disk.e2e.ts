import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { clear, expectBoughtOnce, FACE_FEN, openBench } from './fault-kit.ts';
import type { FaultBench, Home } from './fault-kit.ts';
import { SOON } from './patience.ts';
import { smallDisk } from '../../build/kit/process/small-disk.ts';

/** Disks that fill up and journals that cannot be read. The meter and the wallet's books judge. */

const disk = await smallDisk();
if (disk === undefined) process.stderr.write('faults-disk is left out: this user may not mount a disk.\n');

describe.skipIf(disk === undefined)('a kiosk whose disk', () => {
  let bench: FaultBench;
  let kiosk: Kiosk;
  beforeAll(async () => {
    bench = await openBench({ server: { LEASE_MS: '2000' } });
    kiosk = await bench.kiosk('disk', { dir: disk?.dir ?? '' });
  });
  afterAll(async () => {
    await bench.close();
    await disk?.close();
  });
  afterEach(async () => {
    await bench.sandbox.readerFaults(kiosk.readerId, {});
    await bench.sandbox.eject(kiosk.readerId);
    await sellsAgain();
  });

  /** Room is made and the kiosk started again: it sells, whatever has been. */
  async function sellsAgain(): Promise<void> {
    await disk?.makeRoom();
    await kiosk.restart();
    await kiosk.patron.until('wait');
    const bought = await atCode();
    await bench.sandbox.pay(bought.codeUrl);
    await expectDone(bought);
    kiosk.patron.forget();
  }

  async function atCode(): Promise<Home & { orderNo: string; codeUrl: string }> {
    const home = await bench.household('SLE4442');
    await bench.sandbox.insert(kiosk.readerId, home.cardId);
    return { ...home, ...(await toCode(kiosk.patron, FACE_FEN)) };
  }

  async function expectDone(bought: Home & { orderNo: string }): Promise<void> {
    expect(await kiosk.patron.until('done')).toMatchObject({ orderNo: bought.orderNo });
    await clear(bench.sandbox, kiosk);
    await expectBoughtOnce(bench.sandbox, bought);
  }

  /** Out of service in words, and a card that comes is not sold to. */
  async function expectStopped(staffCode: string): Promise<void> {
    const { sandbox } = bench;
    const stopped = { code: 'journal-broken', staffCode, moneySafe: 'nothing-taken', orderNo: null };
    const payments = await sandbox.paymentCount();
    const home = await bench.household('SLE4442');
    await sandbox.insert(kiosk.readerId, home.cardId);
    expect(await kiosk.patron.until('problem', 'who')).toMatchObject(stopped);
    await sandbox.eject(kiosk.readerId);
    expect(await sandbox.paymentCount()).toBe(payments);
    expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({ creditedFen: 0 });
  }

  it('was full when it started says so, and sells nothing', async () => {
    disk?.fill();
    await kiosk.restart();
    expect(await kiosk.patron.until('problem', 'wait')).toMatchObject({ code: 'journal-broken' });
    await expectStopped('journal.not-durable');
  });

  it('filled up while the kiosk was idle says so to the next card, before anything is sold', async () => {
    disk?.fill();
    await expectStopped('journal.not-durable');
  });

  it.each(['SLE4442', 'CPU'])(
    'fills up while the code is on the screen finishes that purchase (%s), claims it, and sells no other',
    async (chip) => {
      const { sandbox } = bench;
      const home = await bench.household(chip);
      await sandbox.insert(kiosk.readerId, home.cardId);
      const { orderNo, codeUrl } = await toCode(kiosk.patron, FACE_FEN);
      disk?.fill();
      await sandbox.pay(codeUrl);
      await expectDone({ ...home, orderNo });
      // Whatever filled the disk takes the room that was held, too.
      disk?.fill();
      await expectStopped('journal.not-durable');
    },
  );

  it('fills up in the middle of a write that cannot be claimed yet claims it later, out of service or not', async () => {
    const { sandbox, stack } = bench;
    const bought = await atCode();
    await sandbox.readerFaults(kiosk.readerId, { slowMs: 60 });
    await sandbox.pay(bought.codeUrl);
    await kiosk.patron.until('writing');
    disk?.fill();
    await stack.kill('web');
    const end = await kiosk.patron.until('done', 'problem');
    await stack.restart('web');
    await sandbox.eject(kiosk.readerId);
    await kiosk.restart();
    expect(await kiosk.patron.until('problem', 'wait')).toMatchObject({ code: 'journal-broken' });
    if (end.screen === 'done') {
      await expect
        .poll(() => sandbox.sales(bought.meterNo), SOON)
        .toMatchObject([{ status: 'sold', writeClaimed: true }]);
      await expectBoughtOnce(sandbox, bought);
    } else {
      // The server went before the plan was released: nothing was begun, and the order keeps.
      expect(end).toMatchObject({ moneySafe: 'safe-with-order', orderNo: bought.orderNo });
    }
  });

  it('holds an entry that was damaged says so, and sells nothing until that is gone', async () => {
    const journal = join(disk?.dir ?? '', 'journal');
    await mkdir(journal, { recursive: true });
    const entry = join(journal, '260115020000000001.json');
    await writeFile(entry, '{"version":1,"ent');
    await kiosk.restart();
    expect(await kiosk.patron.until('problem', 'wait')).toMatchObject({ code: 'journal-broken' });
    await expectStopped('journal.unreadable');
    await rm(entry);
  });
});
