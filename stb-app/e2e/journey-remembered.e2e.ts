import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onFamilyTv, type FamilyTv } from './family-tv.ts';
import { toCode } from './journey-kit.ts';

/** Households that the box remembers: bought for without a card. Built pages, real server; the meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-journey');

let at: FamilyTv;
onFamilyTv('box-family', SHOTS, (now) => {
  at = now;
});

describe('a household that the box remembers', () => {
  it('is remembered after a purchase, topped up without its card, shown with what it bought, and removed', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('SLE4442');
    await tv.begins();
    const code = await toCode(at, home);
    await bench.sandbox.pay(code);
    await tv.reads('写好了');
    expect(await tv.focused()).toBe('知道了');
    await tv.choose('在这台电视上记住这一家');
    await tv.reads('已记住，下次不用卡');
    await bench.sandbox.eject(readerId);
    await bench.sandbox.meterInsert(home.meterNo, home.cardId);

    // The card brings back that the meter has it; what was bought is there while it is in.
    await bench.sandbox.insert(readerId, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await tv.choose('购电记录');
    await tv.reads('50.00 元', '已到电表', '电视');
    await tv.press('back');
    await tv.reads('这是您的电卡吗？');
    await bench.sandbox.eject(readerId);
    await tv.begins();

    const before = await bench.sandbox.meter(home.meterNo);
    // One that remembers a household offers that first, on a day that begins with it, too.
    await tv.page.reload();
    await tv.reads('给记住的家充值');
    await expect.poll(() => tv.focused()).toBe('给记住的家充值');
    await tv.press('ok');
    await tv.reads('给哪一家充值？', '****');
    expect(await tv.focused()).toContain('****');
    await tv.press('ok');
    await tv.reads('充多少？', '上次剩余');
    await tv.press('back');
    await tv.reads('给哪一家充值？');
    await tv.press('ok');
    await tv.reads('充多少？');
    await tv.choose('50 元');
    await tv.reads('请用手机扫码付款');
    await bench.sandbox.pay(await tv.codeUrl());
    await tv.reads('电表已到账');
    expect(await tv.page.getByText('记住这一家').count()).toBe(0);
    await tv.press('ok');
    await tv.begins();
    const after = await bench.sandbox.meter(home.meterNo);
    expect(after.balanceFen - before.balanceFen).toBe(5000);

    await tv.choose('给记住的家充值');
    await tv.choose('记录');
    await tv.reads('购电记录', '已到电表');
    await tv.press('back');
    await tv.reads('给哪一家充值？');
    await tv.choose('移除');
    await tv.press('left', 'right');
    expect(await tv.focused()).toBe('移除');
    await tv.press('ok');
    expect(await tv.focused()).toBe('确定移除');
    await tv.press('ok');
    await tv.reads('这台电视还没有记住哪一家');
    await tv.press('back');
    await tv.begins();
    // Nor is anything offered that there is not.
    expect(await tv.page.getByText('给记住的家充值').count()).toBe(0);
    expect(await tv.focused()).toBe('没有带卡？用户号充值');
  });

  it('says that nothing can be looked up while the server is away, and goes on when it is back', async () => {
    const { bench, tv, box, readerId } = at;
    await tv.begins();
    box.usb.unplugged = true;
    await box.usb.tell();
    await tv.reads('请把读卡器插到盒子上');
    box.shell.offline = true;
    await tv.choose('不用卡充值');
    await tv.reads('现在查不到');
    expect(await tv.focused()).toBe('再试一次');
    box.shell.offline = false;
    await tv.press('ok');
    await tv.reads('这台电视还没有记住哪一家');
    // A card that is put in comes first.
    box.usb.unplugged = false;
    await box.usb.tell();
    const home = await bench.household('SLE4442');
    await bench.sandbox.insert(readerId, home.cardId);
    await tv.reads('这是您的电卡吗？');
  });

  it('asks before it leaves the screen: any key answers, and without one the screen before is back', async () => {
    const { tv, box } = at;
    await tv.begins();
    box.usb.unplugged = true;
    await box.usb.tell();
    await tv.reads('请把读卡器插到盒子上');
    await tv.page.clock.install();
    await tv.choose('不用卡充值');
    const list = tv.page.getByText('给哪一家充值？');
    for (let press = 0; press < 2; press += 1) {
      await list.waitFor();
      await tv.page.clock.runFor(100_000);
      await tv.press('down');
    }
    const before = await tv.focused();
    await tv.page.clock.runFor(120_001);
    await tv.reads('您还在吗？');
    expect(await tv.focused()).toBe('我还在');
    await tv.press('back');
    await expect.poll(() => tv.page.getByText('您还在吗？').count()).toBe(0);
    expect(await list.count()).toBe(1);
    expect(await tv.focused()).toBe(before);
    await tv.page.clock.runFor(120_001);
    await tv.reads('您还在吗？');
    await tv.page.clock.runFor(30_001);
    await tv.reads('请把读卡器插到盒子上');
  });

  it('is reached without a reader, too', async () => {
    const { tv, box } = at;
    await tv.begins();
    box.usb.unplugged = true;
    await box.usb.tell();
    await tv.choose('不用卡充值');
    await tv.reads('这台电视还没有记住哪一家');
    await tv.choose('输入户号');
    await tv.reads('户号');
    await tv.press('back');
    await tv.reads('请把读卡器插到盒子上');
  });
});
