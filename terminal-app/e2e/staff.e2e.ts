import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adminTerminal } from '@bianmin/purchase/api/admin-terminals';
import { orgView } from '@bianmin/purchase/api/org';
import { toCode } from '../../build/judge/journey/drive.ts';
import { openKiosk } from '../../build/judge/journey/kiosk.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import { onPhone } from './kiosk-page.ts';
import { atCounter, FACE_FEN, terminalList, type AtCounter } from './staff-kit.ts';

/** Staff at the kiosk: in, out, and an order that a household could not finish. */

const SHOTS = join(import.meta.dirname, '../dist/staff');

let at: AtCounter;
atCounter(SHOTS, (now) => {
  at = now;
});

/** Every terminal that there is stands in one community from now on. */
async function oneCommunity(): Promise<void> {
  const { operator } = at;
  const body = { parent: '650100', names: { 'zh-CN': '天山一社区', en: 'Tianshan 1' } };
  const { id } = await operator.call({ path: '/v1/admin/orgs', method: 'POST', body }, orgView);
  const { terminals } = await operator.call({ path: '/v1/admin/terminals' }, terminalList);
  for (const terminal of terminals) {
    const path = `/v1/admin/terminals/${terminal.id}/community`;
    await operator.call({ path, method: 'PUT', body: { community: id } }, adminTerminal);
  }
}

/** Bought and paid at another kiosk, and the card pulled while it was written. Gives the order. */
async function tornElsewhere(home: WorldHousehold): Promise<string> {
  const { stack, sandbox, operator } = at;
  const other = await openKiosk({ stack, operator, readerId: 'other-1' });
  await oneCommunity();
  await sandbox.insert(other.readerId, home.cardId);
  const { orderNo, codeUrl } = await toCode(other.patron, FACE_FEN);
  await sandbox.readerFaults(other.readerId, { removeAfterApdus: 2 });
  await sandbox.pay(codeUrl);
  await other.patron.until('pulled');
  await other.close();
  return orderNo;
}

const row = (orderNo: string) => at.kiosk.page.locator(`[data-order="${orderNo}"]`);

describe('staff mode', () => {
  it('is entered by number and PIN, and left with nothing on the screen', async () => {
    const { clerk, kiosk, signIn, leave, shoot } = at;
    await signIn('000000');
    await kiosk.reads('工号或密码不对');
    expect(await kiosk.page.locator('.dots .full').count()).toBe(0);
    await kiosk.page.keyboard.type(clerk.pin);
    await kiosk.page.keyboard.press('Enter');
    await kiosk.reads('zhang 在用', '还没有单子');
    expect(await kiosk.page.content()).not.toContain(clerk.pin);
    // A reload keeps it: the host has the ticket.
    await kiosk.page.reload();
    await kiosk.reads('zhang 在用');
    await kiosk.page.keyboard.press('F3');
    await kiosk.reads('备付金余额', '我今天没有收过现金');
    await shoot('cash-none');
    await leave();
  });

  it('shows the order just made and the card that lost its write, finds it by its receipt, and writes it', async () => {
    const { browser, sandbox, kiosk, signIn, leave, shoot } = at;
    const torn = await sandbox.household('SLE4442');
    const tornNo = await tornElsewhere(torn);
    const home = await sandbox.household('SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.press('是我的');
    await kiosk.press('50 元');
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('写好了');
    const doneNo = await kiosk.orderNo();
    await kiosk.leaveDone();

    await signIn();
    await row(doneNo).waitFor();
    await row(tornNo).waitFor();
    await kiosk.reads('已写卡，等插表', '本社区的单子');
    await shoot('recent');
    await kiosk.page.keyboard.press('F2');
    await row(tornNo).waitFor();
    expect(await row(doneNo).count()).toBe(0);
    await shoot('unfinished');
    // Another terminal's turn to write ends by itself.
    await expect
      .poll(
        async () => {
          await kiosk.page.keyboard.press('F2');
          await kiosk.page.locator('.order').waitFor();
          return kiosk.page.locator('[data-act=bring-card]').count();
        },
        { interval: 1_000 },
      )
      .toBe(1);
    const code = await kiosk.page.locator('.order dd', { hasText: /^\S{4}-\S{4}-\S{4}-\S{4}$/u }).innerText();
    await kiosk.page.keyboard.press('F1');
    await row(doneNo).waitFor();
    // A scanner types wherever the focus is, and ends with Enter.
    await kiosk.page.locator('.tabs button').last().focus();
    await kiosk.page.keyboard.type(code, { delay: 2 });
    await kiosk.page.keyboard.press('Enter');
    await kiosk.reads(`找：${code}`);
    await row(tornNo).waitFor();
    expect(await kiosk.page.locator('[data-order]').count()).toBe(1);
    await shoot('found');

    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('请插这户的电卡');
    await shoot('expecting');
    await kiosk.insert(torn.cardId);
    await kiosk.press('现在写卡');
    await kiosk.reads('写好了');
    expect(await kiosk.orderNo()).toBe(tornNo);
    await kiosk.takeOut();
    // Back where it began, and it is done.
    await kiosk.reads('zhang 在用', `找：${tornNo}`, '把卡插进自己家的电表');
    expect(await sandbox.meterInsert(torn.meterNo, torn.cardId)).toMatchObject({ creditedFen: FACE_FEN });
    expect(await sandbox.paid(tornNo)).toEqual({ takenFen: FACE_FEN, refundedFen: 0 });
    await kiosk.page.keyboard.press('Escape');
    await kiosk.page.keyboard.press('F2');
    await kiosk.reads('没有没办完的单子');
    await leave();
  });

  it('gives way to any card, whose household staff then help, and is back once it is out', async () => {
    const { sandbox, kiosk, signIn, leave } = at;
    await signIn();
    await kiosk.reads('zhang 在用');
    const home = await sandbox.household('SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.reads('这张卡最近的购电');
    await kiosk.takeOut();
    await kiosk.reads('zhang 在用');
    await leave();
    expect(await kiosk.page.getByText('zhang 在用').count()).toBe(0);
  });
});
