import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSupport } from '@bianmin/purchase/node/support/archive';
import { SandboxClient } from '../../../build/kit/sandbox-client.ts';
import { KioskPage } from '../../../terminal-app/e2e/kiosk-page.ts';
import { Desk, eachAtDesk, onConsole, SHOTS, type Console } from './console.ts';

let on: Console;
let desk: Desk | undefined;
let kiosk: KioskPage;
let sandbox: SandboxClient;

onConsole(
  (console) => {
    on = console;
    sandbox = new SandboxClient(console.stack.urls);
  },
  { kiosk: true, env: { server: { HEARTBEAT_MS: '5000' } } },
);
eachAtDesk(() => desk);
beforeEach(async () => {
  kiosk = await KioskPage.open(on.browser, await on.stack.kioskUrl());
  await kiosk.begins();
});
afterEach(async () => {
  await sandbox.eject(on.stack.readerId);
  await kiosk.close();
});

const press = (at: Desk, name: string) => at.page.getByRole('button', { name, exact: true }).click();

async function choose(at: Desk, label: string, option: string): Promise<void> {
  // What is chosen lies over the field itself.
  await at.page.locator('.el-select', { has: at.page.getByRole('combobox', { name: label }) }).click();
  await at.page.getByRole('option', { name: option, exact: true }).click();
}

async function send(at: Desk, kind: string): Promise<void> {
  await choose(at, '指令', kind);
  await at.page.getByPlaceholder('原因').fill('机器要检修');
  await press(at, '下发');
}

/** Looks again until the newest command of this kind is in this state. */
async function becomes(at: Desk, kind: string, state: string): Promise<void> {
  const row = at.page.getByRole('dialog').locator('.el-table__row', { hasText: kind }).first();
  await expect
    .poll(
      async () => {
        await at.page.getByRole('dialog').getByRole('button', { name: '刷新' }).click();
        await at.settles();
        return row.textContent();
      },
      { interval: 1_000 },
    )
    .toContain(state);
}

it('a kiosk is told from the console, does it, and says so; blocked, it sells nothing and says what to do', async () => {
  const at = await Desk.open(on);
  desk = at;
  await at.logIn(on.stack);
  await at.go('/terminals?tab=enrolled');
  await at.page.getByRole('button', { name: '指令', exact: true }).waitFor();
  // Nothing of the list is beside the screen.
  expect(
    await at.page
      .locator('.el-table__body-wrapper .el-scrollbar__wrap')
      .evaluateAll((wraps) => wraps.map((wrap) => wrap.scrollWidth - wrap.clientWidth)),
  ).toEqual([0]);
  await at.shot('terminals.list');
  await press(at, '指令');
  await at.reads('机器在下一次上报时收到');
  await send(at, '发送诊断报告');
  await becomes(at, '发送诊断报告', '已完成');
  await at.reads('报告号');
  await send(at, '发送最近的日志');
  await becomes(at, '发送最近的日志', '已完成');
  // This shell's browser is not its own to picture, and no supervisor watches it that would start it again.
  await send(at, '屏幕截图');
  await becomes(at, '屏幕截图', '这台机器做不到');
  await press(at, '查看');
  await expect.poll(() => at.page.locator('.brought pre').textContent()).toContain('host is up');
  await send(at, '制作支持包');
  await becomes(at, '制作支持包', '支持包可下载至');
  const downloading = at.page.waitForEvent('download');
  await press(at, '下载');
  const { parts } = openSupport(await readFile(await (await downloading).path()));
  expect(parts).toMatchObject({ kind: 'kiosk', system: expect.any(Object) as unknown });
  expect(await at.barriers()).toEqual([]);
  await at.shot('commands.one');

  await send(at, '暂停售电');
  await becomes(at, '暂停售电', '已完成');
  await kiosk.reads('这台机器暂停服务', '已经付了钱');
  await kiosk.page.locator('.stage').screenshot({ path: join(SHOTS, 'commands.kiosk-paused.png') });
  const home = await sandbox.household('SLE4442');
  await kiosk.insert(home.cardId);
  // The words are there before: it is the card that is told now.
  const screen = (name: string) => kiosk.page.locator(`.stage[data-screen="${name}"]`);
  await screen('problem').waitFor();
  await kiosk.reads('这台机器暂停服务', '没有扣钱');

  await at.go('/commands');
  await choose(at, '指令', '恢复售电');
  await press(at, '批量下发');
  await at.reads('将对 1 台自助机执行“恢复售电”');
  await at.shot('commands.many-ask');
  await at.page.getByRole('dialog').locator('textarea').fill('检修完了');
  await press(at, '确定');
  await press(at, '进度');
  await expect
    .poll(
      async () => {
        await at.page.locator('section').getByRole('button', { name: '刷新' }).click();
        await at.settles();
        return at.page.locator('.states').textContent();
      },
      { interval: 1_000 },
    )
    .toContain('已完成 1');
  // The card is still in, and is read anew.
  await screen('who').waitFor();
  expect(await at.barriers()).toEqual([]);
  await at.shot('commands.many');
  expect(at.errors).toEqual([]);
});

it('a terminal is suspended with a reason, can do nothing, and is let in again', async () => {
  const at = await Desk.open(on);
  desk = at;
  await at.logIn(on.stack);
  await at.go('/terminals?tab=enrolled');
  await press(at, '停用');
  await at.reads('打开着的连接会被断开');
  await at.page.getByRole('dialog').locator('textarea').fill('机器被偷了');
  await press(at, '确定');
  await at.reads('已停用', '机器被偷了');
  await at.shot('terminals.suspended');
  // It learns so by itself, and says so on its screen.
  await kiosk.page.getByText('后台停用了这台机器').waitFor();
  await kiosk.reads('这台机器暂停服务', 'terminal.suspended');
  await kiosk.page.locator('.stage').screenshot({ path: join(SHOTS, 'terminals.kiosk-suspended.png') });
  const home = await sandbox.household('SLE4442');
  await kiosk.insert(home.cardId);
  await kiosk.reads('没有扣钱', '后台停用了这台机器', 'terminal.suspended');
  await sandbox.eject(on.stack.readerId);
  await press(at, '恢复');
  await at.page.getByRole('dialog').locator('textarea').fill('找回来了');
  await press(at, '确定');
  await at.reads('找回来了');
  await kiosk.page.getByText('请把电卡插进读卡器').waitFor();
  expect(at.errors).toEqual([]);
});
