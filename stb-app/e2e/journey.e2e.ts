import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { WAITS } from './home.ts';
import { expectCreditedOnce, toCode, type AtTv } from './journey-kit.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/**
 * What a household does at its TV beside one purchase after the other (journey.short.e2e.ts), and what goes wrong at home:
 * built pages, real server, a keyboard for a remote. The meter judges.
 */

const SHOTS = join(import.meta.dirname, '../dist/tv-journey');
const READER = 'box-family';

let bench: TvBench;
let box: BoxDouble;
let tv: TvPage;
onTvBench(SHOTS, async (on) => {
  bench = on;
  box = await bench.box(READER);
  const first = await TvPage.open(bench.browser, box.tvUrl);
  await first.reads('这个盒子还没有启用');
  await bench.accept();
  await first.reads(WAITS);
  await first.close();
});

beforeEach(async () => {
  tv = await TvPage.open(bench.browser, box.tvUrl);
});
afterEach(async ({ task }) => {
  await pictureOfFailure(tv.page, task, SHOTS);
  box.shell.offline = false;
  box.usb.unplugged = false;
  box.usb.strangers.length = 0;
  await bench.sandbox.eject(READER);
  await tv.close();
});

const at = (): AtTv => ({ bench, tv, readerId: READER });

describe('the remote', () => {
  it('types an amount with its digits, and "back" takes one away', async () => {
    const home = await bench.household('SLE4442');
    await tv.begins();
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await tv.press('ok');
    await tv.reads('充多少？');
    await tv.type('305');
    await tv.press('back');
    await tv.reads('30 元');
    expect(await tv.focused()).toBe('就充这些');
    await tv.press('ok');
    await tv.reads('30.00 元');
    await tv.press('back');
    await tv.reads('充多少？');
    await tv.press('back');
    await tv.reads('这是您的电卡吗？');
    await tv.press('back');
    await tv.begins();
  });

  it('goes back over help and settings, and out of the app at the end', async () => {
    await tv.begins();
    await tv.choose('帮助');
    await tv.reads('需要帮忙吗？', '0991-95598');
    await tv.press('back');
    await tv.choose('设置');
    await tv.choose('ئۇيغۇرچە');
    await tv.reads('تەڭشەك');
    expect(await tv.page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    await tv.choose('中文');
    await tv.press('back');
    box.shell.left = undefined;
    await tv.press('back');
    await expect.poll(() => box.shell.left).toBeNull();
  });

  it('counts a press that bounces once', async () => {
    await tv.begins();
    await tv.focus('设置');
    await tv.press('ok');
    await tv.focus('ئۇيغۇرچە');
    const [first, second] = await tv.page.evaluate(() => {
      const seen: string[] = [];
      for (let press = 0; press < 2; press++) {
        const event = new KeyboardEvent('keydown', { bubbles: true });
        Object.defineProperty(event, 'keyCode', { value: 39 });
        document.dispatchEvent(event);
        seen.push(document.activeElement?.textContent?.trim() ?? '');
      }
      return seen;
    });
    expect(second).toBe(first);
    await tv.press('back');
  });

  it('may be a box’s own: the shell’s event goes back, too', async () => {
    await tv.begins();
    await tv.choose('帮助');
    await tv.reads('需要帮忙吗？');
    box.shell.event({ name: 'back' });
    await tv.page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

describe('a household that the box remembers', () => {
  it('is remembered after a purchase, topped up without its card, shown with what it bought, and removed', async () => {
    const home = await bench.household('SLE4442');
    await tv.begins();
    const code = await toCode(at(), home);
    await bench.sandbox.pay(code);
    await tv.reads('写好了');
    expect(await tv.focused()).toBe('知道了');
    await tv.choose('在这台电视上记住这一家');
    await tv.reads('已记住，下次不用卡');
    await bench.sandbox.eject(READER);
    await bench.sandbox.meterInsert(home.meterNo, home.cardId);

    // The card brings back that the meter has it; what was bought is there while it is in.
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await tv.choose('购电记录');
    await tv.reads('50.00 元', '已写进卡', '电视');
    await tv.press('back');
    await tv.reads('这是您的电卡吗？');
    await bench.sandbox.eject(READER);
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
    await tv.reads('购电记录', '已到电表', '已写进卡');
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
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('这是您的电卡吗？');
  });

  it('asks before it leaves the screen: any key answers, and without one the screen before is back', async () => {
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

describe('when things go wrong at home', () => {
  it('asks for the same card when it is pulled out after paying', async () => {
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at(), home);
    await bench.sandbox.readerFaults(READER, { removeAfterApdus: 4 });
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了', '钱没有丢');
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(at(), home, before.balanceFen);
  });

  it('offers what was not finished first, when the box lost its power in the middle of a write', async () => {
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at(), home);
    // The card leaves in the middle, and the process ends before it is back: storage and card as they were.
    await bench.sandbox.readerFaults(READER, { removeAfterApdus: 10 });
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了');
    await tv.page.reload();
    await tv.reads('上次付的钱还没有写进卡里');
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('有 50.00 元已经付过钱，还没写进卡里');
    expect(await tv.focused()).toBe('现在写卡');
    await tv.press('ok');
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(at(), home, before.balanceFen);
  });

  it('goes on when the reader’s cable comes out and back in', async () => {
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at(), home);
    box.usb.unplugged = true;
    await box.usb.tell();
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了');
    box.usb.unplugged = false;
    await box.usb.tell();
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(at(), home, before.balanceFen);
  });

  it('writes when the network comes back after the phone paid', async () => {
    const home = await bench.household('CPU');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at(), home);
    box.shell.offline = true;
    await bench.sandbox.pay(code);
    await tv.reads('网络断了，正在重新连接');
    box.shell.offline = false;
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(at(), home, before.balanceFen);
  });

  it('names a reader that it does not know, and where to plug one', async () => {
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
    await tv.begins();
    box.usb.allowed = false;
    await tv.page.reload();
    await tv.reads('请允许使用读卡器');
    box.usb.allowed = true;
    await tv.choose('再试一次');
    await tv.begins();
  });
});
