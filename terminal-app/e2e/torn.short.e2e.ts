import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toCode } from '../../build/judge/journey/drive.ts';
import { openKiosk } from '../../build/judge/journey/kiosk.ts';
import { Operator } from '../../build/run/dev/operator.ts';
import { Desk } from '../../server/admin/e2e/console.ts';
import { clear, expectBoughtOnce, FACE_FEN } from './fault-kit.ts';
import { leaseOver } from './lease-over.ts';
import { atKiosk } from './purchase-kit.ts';

/** The worst that may happen to a card, once; at every APDU, byte and EEPROM operation: faults-torn.e2e.ts. */

const SHOTS = join(import.meta.dirname, '../dist/journey');
const at = atKiosk(SHOTS);
/** Commands to the card. */
const HALF_A_WRITE = 10;

it('a card torn at one kiosk is finished at another, credited once, and the console finds its order', async () => {
  const { stack, browser, sandbox, kiosk } = at();
  const home = await sandbox.household('SLE4442');
  const elsewhere = await openKiosk({ stack, operator: await Operator.login(stack), readerId: 'torn-1' });
  await sandbox.insert(elsewhere.readerId, home.cardId);
  const { orderNo, codeUrl } = await toCode(elsewhere.patron, FACE_FEN);
  await sandbox.readerFaults(elsewhere.readerId, { removeAfterApdus: HALF_A_WRITE });
  await sandbox.pay(codeUrl);
  await elsewhere.patron.until('pulled');
  await clear(sandbox, elsewhere);
  await elsewhere.close();
  await leaseOver(stack, orderNo);

  await kiosk.insert(home.cardId);
  await kiosk.reads('已经付过钱');
  await kiosk.press('现在写卡');
  await kiosk.reads('写好了');
  expect(await kiosk.orderNo()).toBe(orderNo);
  await kiosk.takeOut();
  await expectBoughtOnce(sandbox, { ...home, orderNo });

  const desk = await Desk.open({ stack, browser });
  await desk.logIn(stack);
  await desk.go('/orders');
  await desk.page.getByLabel('订单号、收据码、用户号、表号、卡号、流水号或终端').fill(orderNo);
  await desk.page.getByRole('button', { name: '查询' }).click();
  await desk.reads('按订单号找到');
  await desk.page.getByRole('link', { name: orderNo }).click();
  await desk.reads('下单', '收到钱', '写卡完成');
  expect(desk.errors).toEqual([]);
  await desk.close();
});
