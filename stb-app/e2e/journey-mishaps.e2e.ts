import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onFamilyTv, type FamilyTv } from './family-tv.ts';
import { expectCreditedOnce, toCode } from './journey-kit.ts';

/** What goes wrong at home, put right by who is in front of the TV. Built pages, real server; the meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-journey');

let at: FamilyTv;
onFamilyTv('box-mishaps', SHOTS, (now) => {
  at = now;
});

describe('when things go wrong at home', () => {
  it('asks for the same card when it is pulled out after paying', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at, home);
    await bench.sandbox.readerFaults(readerId, { removeAfterApdus: 4 });
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了', '钱没有丢');
    await bench.sandbox.insert(readerId, home.cardId);
    await tv.reads('写好了');
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });

  it('offers what was not finished first, when the box lost its power in the middle of a write', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at, home);
    // The card leaves in the middle, and the process ends before it is back: storage and card as they were.
    await bench.sandbox.readerFaults(readerId, { removeAfterApdus: 10 });
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了');
    await tv.page.reload();
    await tv.reads('上次付的钱还没有写进卡里');
    await bench.sandbox.insert(readerId, home.cardId);
    await tv.reads('有 50.00 元已经付过钱，还没写进卡里');
    expect(await tv.focused()).toBe('现在写卡');
    await tv.press('ok');
    await tv.reads('写好了');
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });

  it('goes on when the reader’s cable comes out and back in', async () => {
    const { bench, tv, box, readerId } = at;
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at, home);
    box.usb.unplugged = true;
    await box.usb.tell();
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了');
    box.usb.unplugged = false;
    await box.usb.tell();
    await tv.reads('写好了');
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });

  it('writes when the network comes back after the phone paid', async () => {
    const { bench, tv, box, readerId } = at;
    const home = await bench.household('CPU');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at, home);
    box.shell.offline = true;
    await bench.sandbox.pay(code);
    await tv.reads('网络断了，正在重新连接');
    box.shell.offline = false;
    await tv.reads('写好了');
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });

  it('names a reader that it does not know, and where to plug one', async () => {
    const { tv, box } = at;
    await tv.begins();
    box.usb.unplugged = true;
    await box.usb.tell();
    await tv.reads('请把读卡器插到盒子上');
    box.usb.strangers.push({ id: 'x', vendorId: 0x1a86, productId: 0x7523, product: 'Smart Pad 3' });
    box.usb.unplugged = false;
    box.usb.onlyStrangers = true;
    await box.usb.tell();
    await tv.reads('这个读卡器用不了', 'Smart Pad 3');
    box.usb.onlyStrangers = false;
    await box.usb.tell();
    await tv.begins();
  });

  it('asks again for a reader that was not allowed', async () => {
    const { tv, box } = at;
    await tv.begins();
    box.usb.allowed = false;
    await tv.page.reload();
    await tv.reads('请允许使用读卡器');
    box.usb.allowed = true;
    await tv.choose('再试一次');
    await tv.begins();
  });
});
