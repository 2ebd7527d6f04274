import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import { atCounter, FACE_FEN, type AtCounter } from './staff-kit.ts';

/** A clerk's shift at the kiosk: one sign-in, household after household, and the drawer counted at its end. */

const SHOTS = join(import.meta.dirname, '../dist/staff');

let at: AtCounter;
atCounter(SHOTS, (now) => {
  at = now;
});

/** Card in, amount, cash, taken, card out: the desk is back. */
async function serve(home: WorldHousehold): Promise<void> {
  const { kiosk, sandbox } = at;
  await kiosk.insert(home.cardId);
  await kiosk.reads('这张卡最近的购电', '户号 ****');
  await kiosk.press('50 元');
  await kiosk.press('收现金');
  await kiosk.reads('请收现金', '50.00 元');
  await kiosk.press('现金已收到');
  await kiosk.reads('写好了');
  await kiosk.takeOut();
  await kiosk.reads('zhang 在用');
  expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({ creditedFen: FACE_FEN });
  expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({ creditedFen: 0 });
}

async function stepAside(): Promise<void> {
  await at.kiosk.page.keyboard.press('F6');
  await at.kiosk.reads('请把电卡插进读卡器');
}

const households = async (count: number): Promise<WorldHousehold[]> => {
  const all: WorldHousehold[] = [];
  for (let n = 0; n < count; n += 1) all.push(await at.sandbox.household('SLE4442'));
  return all;
};

describe('a shift', () => {
  it('is one sign-in for all of its households, and says what should be in the drawer', async () => {
    const { kiosk, clerk, signIn, shoot } = at;
    await signIn();
    await kiosk.reads('zhang 在用', '钱箱应有 0.00 元');
    const [first, second] = await households(2);
    if (first === undefined || second === undefined) throw new Error('The sandbox made no households.');
    await serve(first);
    await kiosk.reads('收了 50.00 元 · 1 户', '钱箱应有 50.00 元');
    await serve(second);
    await kiosk.reads('收了 100.00 元 · 2 户', '钱箱应有 100.00 元');
    // What it bought before is beside the amounts.
    await kiosk.insert(first.cardId);
    await kiosk.reads('这张卡最近的购电', '打电话时报这个码');
    await shoot('counter');
    // A page that begins anew is where it was: the host has who is at the desk.
    await kiosk.page.reload();
    await kiosk.reads('这张卡最近的购电', '收了 100.00 元 · 2 户');
    await kiosk.takeOut();
    await kiosk.reads('zhang 在用');
    expect(await kiosk.page.content()).not.toContain(clerk.pin);
    await stepAside();
  });

  it('is left to a resident and come back to by the PIN alone', async () => {
    const { kiosk, clerk, sandbox } = at;
    expect(await kiosk.page.getByText('zhang').count()).toBe(0);
    const home = await sandbox.household('SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.reads('这是您的电卡吗');
    expect(await kiosk.page.getByText('钱箱应有').count()).toBe(0);
    await kiosk.takeOut();
    await kiosk.reads('请把电卡插进读卡器');
    await kiosk.page.keyboard.press('F9');
    await kiosk.reads('zhang，请输入密码');
    await kiosk.page.keyboard.type('000000');
    await kiosk.page.keyboard.press('Enter');
    await kiosk.reads('工号或密码不对');
    await kiosk.page.keyboard.type(clerk.pin);
    await kiosk.page.keyboard.press('Enter');
    await kiosk.reads('zhang 在用', '钱箱应有 100.00 元');
    await stepAside();
  });

  it('ends with its drawer counted: five yuan are missing, and twenty stay', async () => {
    const { kiosk, signIn, shoot } = at;
    const { keyboard } = kiosk.page;
    await signIn();
    await kiosk.reads('zhang 在用');
    await keyboard.press('F7');
    await kiosk.reads('数一数钱箱里的钱', '少 100.00 元');
    // Fifties, twenties, tens, fives.
    for (const pieces of ['', '1', '2', '0', '1']) {
      await keyboard.type(pieces);
      await keyboard.press('ArrowDown');
    }
    await kiosk.reads('少 5.00 元：交上去以后由财务来查');
    // Past one yuan, five and one jiao: what stays.
    for (let n = 0; n < 3; n += 1) await keyboard.press('ArrowDown');
    await keyboard.type('20');
    await shoot('count');
    await keyboard.press('F8');
    await kiosk.reads('数对了吗');
    await keyboard.press('F8');
    await kiosk.reads('交班完成', '请带走上交 75.00 元', '少 5.00 元');
    await shoot('closed');
    await keyboard.press('F8');
    await kiosk.reads('请把电卡插进读卡器');
    await keyboard.press('F9');
    await kiosk.reads('工作人员登录');
    await keyboard.press('Escape');
  });

  it('that comes next begins with what was left', async () => {
    const { kiosk, signIn, leave } = at;
    await signIn();
    await kiosk.reads('zhang 在用', '钱箱应有 20.00 元');
    await leave();
  });
});
