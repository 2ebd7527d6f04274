import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { CardDesk } from './card-desk.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { eachAtKiosk, onRealStack } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/remote-card');
const REASON = '电表说写卡不完整';

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let desk: CardDesk;
let terminalId: string;
let kiosk: KioskPage;
onRealStack(SHOTS, async (on) => {
  ({ stack, browser, sandbox } = on);
  desk = new CardDesk(stack);
  await desk.login(stack.adminPassword);
  terminalId = await desk.kioskId();
});
eachAtKiosk({
  on: () => ({ stack, browser, sandbox }),
  shots: SHOTS,
  ready: (page) => {
    kiosk = page;
  },
});
afterEach(() => sandbox.readerFaults(stack.readerId, {}));

const shoot = (name: string): Promise<void> => kiosk.shots(SHOTS, name);

it('staff look at a card from afar; the kiosk says who, why and what, and its person agrees', async () => {
  const [home] = await sandbox.households(1, 'SLE4442');
  const { id } = await desk.open({ terminalId, kind: 'inspect', reason: REASON });
  await kiosk.reads('admin 请求远程操作电卡', REASON, '不改动卡');
  await shoot('asked');
  await kiosk.press('同意');
  await kiosk.reads('admin 正在远程操作电卡', REASON);
  const looked = desk.step(id, 1, { do: 'identify' });
  await kiosk.reads('请把要操作的卡插进读卡器');
  await shoot('wanted');
  await kiosk.insert(home?.cardId ?? '');
  expect((await looked).steps[0]).toMatchObject({ outcome: 'done', chip: 'SLE4442' });
  await kiosk.reads('请不要拔卡', '已做完 1 步');
  await shoot('held');
  const { answer, steps } = await desk.step(id, 2, { do: 'read-card' });
  expect(answer?.image?.chip).toBe('SLE4442');
  expect(steps[1]?.exchanges.length).toBeGreaterThan(0);
  await desk.finish(id);
  await kiosk.reads('远程操作做完了');
  await shoot('ended');
  await kiosk.press('知道了');
  // The card is the household's again, and what it began is a purchase.
  await kiosk.reads('这是您的电卡吗？');
});

it('a card that lost its write is written once more from afar, and its meter credits it once', async () => {
  const [home] = await sandbox.households(1, 'SLE4442');
  const { cardId, meterNo } = home ?? { cardId: '', meterNo: '' };
  await kiosk.insert(cardId);
  await kiosk.press('是我的');
  await kiosk.press('50 元');
  await kiosk.reads('还有');
  await sandbox.readerFaults(stack.readerId, { removeAfterApdus: 4 });
  await onPhone(await kiosk.scan(browser), 'once');
  await kiosk.reads('卡被拔出来了', '订单号');
  const orderNo = await kiosk.orderNo();
  await sandbox.readerFaults(stack.readerId, {});
  const { id } = await desk.open({ terminalId, kind: 'rewrite', orderNo, reason: REASON });
  // Asking waits until no resident is being served; the machine's power goes, and the resident leaves.
  await stack.kill('kiosk');
  await stack.restart('kiosk');
  await kiosk.reads('请求远程操作电卡', '不会再扣钱');
  await kiosk.press('同意');
  await kiosk.reads('正在远程操作电卡');
  await kiosk.insert(cardId);
  expect((await desk.step(id, 1, { do: 'identify' })).steps[0]).toMatchObject({ outcome: 'done' });
  await desk.step(id, 2, { do: 'read-card' });
  expect((await desk.step(id, 3, { do: 'write' })).steps[2]).toMatchObject({ outcome: 'done' });
  await kiosk.reads('已做完 3 步');
  await kiosk.takeOut();
  await kiosk.reads('卡被拔出来了，远程操作结束了');
  await kiosk.press('知道了');
  await kiosk.reads('请把电卡插进读卡器');
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000, error: null });
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 0 });
});

it('the stop key ends it, and staff hear of it', async () => {
  const { id } = await desk.open({ terminalId, kind: 'inspect', reason: REASON });
  await kiosk.reads('请求远程操作电卡');
  await kiosk.press('同意');
  await kiosk.reads('正在远程操作电卡');
  await kiosk.press('停止');
  await kiosk.reads('远程操作停止了');
  await kiosk.press('知道了');
  await kiosk.reads('请把电卡插进读卡器');
  await expect(desk.step(id, 1, { do: 'identify' })).rejects.toThrow('card-session.closed');
});
