import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { decodeJwt } from 'jose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { TerminalStore } from '../../src/fleet/store/terminals.ts';
import { madePackage, rootFile, uploadRelease } from '../../src/testing/release-kit.ts';
import { TestTerminal } from '../../src/testing/terminal.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

const keys = new ReleaseSigners(Date.now());
const folder = await mkdtemp(join(tmpdir(), 'boxes-e2e-'));
let on: Console;
let desk: Desk | undefined;
let box: TestTerminal;

onConsole(
  async (console) => {
    on = console;
    box = await TestTerminal.create(systemClock, 'RS256');
    const jws = await box.enrolment({ kind: 'box', name: 'Skyworth E900', version: '0.7.0' });
    expect((await post('/v1/terminal/enrol', { jws })).status).toBe(200);
    const db = await connectDatabase(console.stack.urls.mongodbUri);
    const decided = { by: 'test', at: new Date() };
    await new TerminalStore(db).decide({ id: box.id, from: ['pending'], to: 'accepted', ...decided });
    await db.close();
  },
  {
    env: {
      server: { RELEASE_DIR: join(folder, 'kept'), RELEASE_ROOT_FILE: rootFile(join(folder, 'roots'), keys) },
    },
  },
);
afterAll(() => rm(folder, { recursive: true }));
eachAtDesk(() => desk);

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${on.stack.urls.webUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

/** As the box's shell calls: its own token, its own proof. */
async function asBox(path: string, body: object) {
  const token = await post('/v1/terminal/token', { assertion: await box.assertion({ jti: randomUUID() }) });
  const accessToken = String(token.body['accessToken']);
  const url = `${on.stack.urls.webUrl}${path}`;
  const proof = await box.proof({ method: 'POST', url, accessToken });
  return post(path, body, { authorization: `DPoP ${accessToken}`, dpop: proof });
}

it('a home box is seen, is told what it can do and nothing else, and says what became of it', async () => {
  const said = {
    ...{ version: '0.7.0', readers: ['ACS ACR39U'], engine: 'Chrome/37', diskFreeMb: 2_100 },
    ...{ blocked: false, errors: [{ code: 'usb.stall', count: 3 }] },
  };
  const { body } = await asBox('/v1/terminal/heartbeat', said);
  // By the hour, spread.
  expect(Number(body['nextMs'])).toBeGreaterThan(2_800_000);
  const at = await Desk.open(on);
  desk = at;
  await at.logIn(on.stack);
  await at.go('/terminals?tab=enrolled');
  const row = at.page.locator('.el-table__row', { hasText: 'Skyworth E900' });
  await row.getByText('在线').waitFor();
  await row.getByRole('button', { name: '指令', exact: true }).click();
  await at.reads('家里的盒子一小时上报一次');
  await at.page.locator('.el-select', { has: at.page.getByRole('combobox', { name: '指令' }) }).click();
  const options = at.page.getByRole('option');
  await options.first().waitFor();
  expect(await options.allTextContents()).toEqual(
    expect.arrayContaining(['重启程序', '重新加载页面和公告', '发送诊断报告', '暂停售电', '恢复售电']),
  );
  for (const kiosks of ['屏幕截图', '发送最近的日志']) {
    expect(await at.page.getByRole('option', { name: kiosks }).count()).toBe(0);
  }
  await at.page.getByRole('option', { name: '暂停售电' }).click();
  await at.reads('请打帮助电话');
  await at.page.getByPlaceholder('原因').fill('住户来电，先停一停');
  await at.page.getByRole('button', { name: '下发', exact: true }).click();
  await at.page.getByRole('dialog').getByText('等待下发').waitFor();

  const beat = await asBox('/v1/terminal/heartbeat', said);
  const [command = ''] = beat.body['commands'] as string[];
  const { jti = '', sub } = decodeJwt(command);
  expect(sub).toBe(box.id);
  expect((await asBox(`/v1/terminal/commands/${jti}/result`, { outcome: 'done' })).status).toBe(204);
  await at.page.getByRole('dialog').getByRole('button', { name: '刷新' }).click();
  await at.page.getByRole('dialog').getByText('已完成').waitFor();
  expect(await at.barriers()).toEqual([]);
  await at.shot('boxes.command');
  expect(at.errors).toEqual([]);
});

it("a box's package is rolled out by steps, as a kiosk's is, with the time that families need", async () => {
  const { adminPassword: password } = on.stack;
  const login = await post('/v1/admin/login', { name: 'admin', password });
  await uploadRelease(on.stack.urls.webUrl, String(login.body['token']), madePackage(keys, '0.8.0'));
  const at = await Desk.open(on);
  desk = at;
  await at.logIn(on.stack);
  await at.go('/releases');
  await at.reads('0.8.0');
  await at.page.getByRole('button', { name: '发布这个版本', exact: true }).click();
  await at.reads('由住户在电视上同意安装');
  expect(await at.page.locator('#rollout-shares').inputValue()).toBe('1, 5, 25, 100');
  expect(await at.page.locator('#rollout-soak').inputValue()).toBe('168');
  expect(await at.barriers()).toEqual([]);
  await at.shot('boxes.rollout');
  await at.page.locator('#rollout-reason').fill('先让一小部分家庭用上');
  await at.page.getByRole('button', { name: '提交复核', exact: true }).click();
  await at.reads('等待另一位同事复核', '电视盒子');
  expect(at.errors).toEqual([]);
});
