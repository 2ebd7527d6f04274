import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SOON } from '../../terminal-app/e2e/patience.ts';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { acceptFirst, expectCreditedOnce, toCode, WAITS } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** Cables, networks and power that go at the worst moment, at home, without a helper. The meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-faults');
const READER = 'box-left';
const OTHER = 'box-right';

let bench: TvBench;
let box: BoxDouble;
let dir: string;
let tv: TvPage;
onTvBench(SHOTS, async (on) => {
  bench = on;
  dir = await mkdtemp(join(tmpdir(), 'bianmin-box-'));
  box = await bench.box(READER, { dir, secondReaderId: OTHER });
  await acceptFirst(bench, box.tvUrl);
});

beforeEach(async () => {
  tv = await TvPage.open(bench.browser, box.tvUrl);
  await tv.reads(WAITS);
});
afterEach(async ({ task }) => {
  await pictureOfFailure(tv.page, task, SHOTS);
  box.shell.offline = false;
  box.shell.cutAfter = undefined;
  box.usb.unplugged = false;
  await box.usb.tell();
  await bench.sandbox.eject(READER);
  await bench.sandbox.eject(OTHER);
  await tv.close();
});

describe('two readers', () => {
  it('with a card in each ask to take one out, and the other one buys', async () => {
    const [home, neighbour] = [await bench.household('SLE4442'), await bench.household('CPU')];
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    await bench.sandbox.insert(OTHER, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await bench.sandbox.insert(READER, neighbour.cardId);
    await bench.sandbox.eject(OTHER);
    await bench.sandbox.eject(READER);
    await tv.reads(WAITS);
    box.usb.unplugged = true;
    await box.usb.tell();
    await bench.sandbox.insert(OTHER, home.cardId);
    await bench.sandbox.insert(READER, neighbour.cardId);
    box.usb.unplugged = false;
    await box.usb.tell();
    await tv.page.reload();
    await tv.reads('有两张卡', '请只留一张卡');
    await bench.sandbox.eject(READER);
    const { codeUrl, orderNo } = await toCode(tv, box);
    await bench.sandbox.pay(codeUrl);
    await tv.reads('写好了');
    await bench.sandbox.eject(OTHER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
    expect(await bench.sandbox.meterInsert(neighbour.meterNo, neighbour.cardId)).toMatchObject({
      creditedFen: 0,
    });
  });
});

describe('the network', () => {
  it('that is lost before anything was bought takes nothing, and what was begun goes on', async () => {
    const home = await bench.household('SLE4442');
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    box.shell.offline = true;
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('网络断了', '没有扣钱');
    box.shell.offline = false;
    const { codeUrl, orderNo } = await toCode(tv, box);
    await bench.sandbox.pay(codeUrl);
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
  });

  it('that is lost while the code is on the screen leaves it there to be paid', async () => {
    const home = await bench.household('SLE4442');
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    await bench.sandbox.insert(READER, home.cardId);
    const { codeUrl, orderNo } = await toCode(tv, box);
    box.shell.offline = true;
    await tv.reads('网络断了，正在重新连接');
    expect(await tv.codeUrl()).toBe(codeUrl);
    box.shell.offline = false;
    await bench.sandbox.pay(codeUrl);
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
  });

  it('that is lost once the plan is there hinders no write; that it is written is told when it is back', async () => {
    const home = await bench.household('SLE4442');
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    await bench.sandbox.insert(READER, home.cardId);
    const { codeUrl, orderNo } = await toCode(tv, box);
    box.shell.cutAfter = /\/release$/;
    await bench.sandbox.pay(codeUrl);
    await tv.reads('写好了');
    expect(box.shell.offline).toBe(true);
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
    expect(await bench.sandbox.sales(home.meterNo)).toMatchObject([{ orderNo, writeClaimed: false }]);
    box.shell.cutAfter = undefined;
    box.shell.offline = false;
    box.shell.event({ name: 'network', online: true });
    const claimed = [{ orderNo, status: 'sold', writeClaimed: true }];
    await expect.poll(() => bench.sandbox.sales(home.meterNo), SOON).toMatchObject(claimed);
  });
});

describe('in the middle of a write', () => {
  it.each([2, 6, 12])(
    'the reader’s cable comes out (%i messages in), and the same card is finished',
    async (messages) => {
      const home = await bench.household('SLE4442');
      const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
      await bench.sandbox.insert(READER, home.cardId);
      const { codeUrl, orderNo } = await toCode(tv, box);
      box.usb.unplugAfter = messages;
      await bench.sandbox.pay(codeUrl);
      await tv.reads('卡被拔出来了', '钱没有丢');
      box.usb.unplugged = false;
      await box.usb.tell();
      await tv.reads('写好了');
      await bench.sandbox.eject(READER);
      await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
    },
  );

  it('the box loses its power: another process over the same storage finishes the card', async () => {
    const home = await bench.household('CPU');
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    await bench.sandbox.insert(READER, home.cardId);
    const { codeUrl, orderNo } = await toCode(tv, box);
    await bench.sandbox.readerFaults(READER, { removeAfterApdus: 9 });
    await bench.sandbox.pay(codeUrl);
    await tv.reads('卡被拔出来了');
    await tv.close();
    await box.close();
    box = await bench.box(READER, { dir, secondReaderId: OTHER });
    tv = await TvPage.open(bench.browser, box.tvUrl);
    await tv.reads('上次付的钱还没有写进卡里');
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('有 50.00 元已经付过钱，还没写进卡里');
    await tv.press('ok');
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
  });
});
