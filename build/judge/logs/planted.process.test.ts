import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort } from '@bianmin/card/node/free-port';
import { terminalPage } from '@bianmin/purchase/api/admin-terminals';
import { loadOrCreateKeys } from '../../../terminal-app/src/host/identity-file.ts';
import { writeSupport } from '../../../terminal-app/src/host/support/program.ts';
import { findCommand } from '../../bootstrap/machine.mjs';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { openEdge, type Edge } from '../../run/dev/edge.ts';
import { Operator } from '../../run/dev/operator.ts';
import { startStack } from '../../run/dev/stack.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { openKiosk } from '../journey/kiosk.ts';
import { toCode } from '../journey/drive.ts';
import { Archives, textOf } from './archives.ts';
import { heldIn, PLANTED, plantEverywhere } from './planted.ts';

const DATA_KEY = 'd47a'.repeat(16);
/** Of the server's variables, what nobody may read anywhere. */
const SECRET_VARIABLES = /SECRET|PASSWORD|PRIVATE_KEY|SIGN_KEY|APIV3_KEY|DATA_KEY|ENROL_CODE/u;

let stack: Stack;
let operator: Operator;
let edge: Edge | undefined;
let kioskLog = '';
let kioskDir = '';
/** The text of each support archive. */
const archives: Record<string, string> = {};
const secrets: Record<string, string> = { ...PLANTED };

beforeAll(async () => {
  stack = await startStack({ kiosk: false, env: { server: { LOG_LEVEL: 'trace', DATA_KEY } } });
  for (const [name, value] of Object.entries(stack.serverEnv)) {
    if (SECRET_VARIABLES.test(name)) secrets[name] = value;
  }
  edge = await proxyOf(stack);
  operator = await Operator.login(stack);
  await aPurchase();
  const password = stack.adminPassword;
  await operator.call(
    { path: '/v1/admin/me/pin', method: 'POST', body: { password, pin: PLANTED.pin } },
    z.unknown(),
  );
});
afterAll(async () => {
  await edge?.stop();
  await stack.close();
  if (kioskDir !== '') await rm(kioskDir, { recursive: true, force: true });
});

let proxyUrl = '';
/** nginx and HAProxy before the stack's web, by the shipped files; none where this machine has none. */
async function proxyOf({ dir, urls }: Stack): Promise<Edge | undefined> {
  if (findCommand('nginx') === undefined || findCommand('haproxy') === undefined) {
    process.stderr.write(
      'There is no nginx or no HAProxy here: their logs are not looked through. Install them (Debian: nginx, haproxy).\n',
    );
    return undefined;
  }
  const port = await freePort();
  const opened = await openEdge({ dir, port, webs: [Number(new URL(urls.webUrl).port)] });
  proxyUrl = `http://127.0.0.1:${port}`;
  return opened;
}

/** At a kiosk: what it reads, shows and is sold is secret, too. */
async function aPurchase(): Promise<void> {
  const sandbox = new SandboxClient(stack.urls);
  const logTo = { write: (text: string) => void (kioskLog += text) };
  kioskDir = await mkdtemp(join(tmpdir(), 'bianmin-planted-'));
  const kiosk = await openKiosk({
    ...{ stack, operator, readerId: 'planted-1', logLevel: 'trace', logTo, dir: kioskDir },
  });
  const household = await sandbox.household('SLE4442');
  secrets['the number of who bought'] = household.customerNo;
  await kiosk.patron.until('wait');
  await sandbox.insert('planted-1', household.cardId);
  const { codeUrl } = await toCode(kiosk.patron, 5_000, 'wechat');
  secrets['the code that was paid'] = codeUrl;
  await sandbox.pay(codeUrl);
  await kiosk.patron.until('done');
  await kiosk.patron.leave(() => sandbox.eject('planted-1'));
  const { sign, seal } = await loadOrCreateKeys(kioskDir);
  Object.assign(secrets, { 'the key that signs': sign.d, 'the key that opens': seal.d });
  const of = new Archives(stack, operator);
  const [known] = (await operator.call({ path: '/v1/admin/terminals' }, terminalPage)).terminals;
  archives['kiosk, from the console'] = await of.ofTerminal(known?.id ?? '');
  await kiosk.close();
  const file = join(kioskDir, 'support.zip');
  await writeSupport(file, {
    BIANMIN_SERVER_URL: stack.urls.webUrl.replace('://', `://${PLANTED.phone}:${PLANTED.password}@`),
    BIANMIN_DATA_DIR: kioskDir,
    ...{ LOG_LEVEL: 'trace', HELP_PHONE: PLANTED.phone, BIANMIN_TERMINAL_NAME: PLANTED.name },
    BIANMIN_ENROL_CODE: PLANTED.recovery,
  });
  archives['kiosk, by the command'] = textOf(await readFile(file));
}

/** From the console, and by the command with the logs of web and worker, and one of a program that takes nothing out. */
async function archivesOfServer(): Promise<void> {
  archives['server, from the console'] = await new Archives(stack, operator).fetched('/v1/admin/support');
  const file = join(kioskDir, 'server.zip');
  const careless = join(kioskDir, 'careless.log');
  const lines = Object.values(secrets).flatMap((secret) =>
    [
      { message: `it said ${secret}, and ended` },
      { message: 'it ended', 'error.message': secret },
      { message: 'it ended', 'bianmin.what': `"${secret}"`, 'trace.id': secret, pin: secret },
    ].map((line) => `${JSON.stringify(line)}\n`),
  );
  await writeFile(careless, lines.join(''));
  const logs = [careless, ...['web.log', 'worker.log'].map((name) => join(stack.dir, name))];
  await promisify(execFile)(
    process.execPath,
    [
      ...['--import', 'tsx', 'server/src/main-support.ts', 'write', file],
      ...logs.flatMap((log) => ['--log', log]),
    ],
    { env: { ...process.env, ...stack.serverEnv } },
  );
  archives['server, by the command'] = textOf(await readFile(file));
}

describe('secrets of every kind, handed in wherever there is room for one,', () => {
  it('are in no log of web, worker, nginx and HAProxy, at their loudest', async () => {
    const front = edge === undefined ? stack.urls.webUrl : proxyUrl;
    const asked = await plantEverywhere(front, await operator.confirmed());
    const folders = [stack.dir, ...(edge === undefined ? [] : [join(stack.dir, 'nginx')])];
    const found: string[] = [];
    const read = new Map<string, number>();
    for (const folder of folders) {
      for (const name of (await readdir(folder)).filter((each) => each.endsWith('.log'))) {
        if (/^(?:grid|wallet|redis|database|mongo|secantus)/u.test(name)) continue;
        const text = await readFile(join(folder, name), 'utf8');
        read.set(name, text.split('\n').length);
        found.push(...heldIn(text, secrets).map((kind) => `${name}: ${kind}`));
      }
    }
    expect(found).toEqual([]);
    expect(asked).toBeGreaterThan(150);
    expect(read.get('web.log')).toBeGreaterThan(asked);
    expect([...read.keys()]).toContain('worker.log');
    if (edge !== undefined) expect(read.get('access.log')).toBeGreaterThan(asked);
  });

  it('are in no support archive of kiosk, box and server, from the console or by the command', async () => {
    archives['box, from the console'] = await new Archives(stack, operator).ofBox(kioskDir, PLANTED);
    await archivesOfServer();
    expect(Object.keys(archives)).toHaveLength(5);
    const found = Object.entries(archives).flatMap(([of, text]) =>
      heldIn(text, secrets).map((kind) => `${of}: ${kind}`),
    );
    expect(found).toEqual([]);
    // What is looked through is not empty, and what was handed in was there.
    for (const [of, text] of Object.entries(archives)) {
      const lines = text.slice(text.indexOf('log.jsonl')).split('\n').length;
      expect([of, lines > 5 || of.startsWith('box')]).toEqual([of, true]);
    }
    for (const of of ['box, from the console', 'server, by the command']) {
      expect(archives[of]?.match(/it said …, and ended/gu)?.length).toBeGreaterThan(10);
    }
  });

  it('are not in the kiosk’s', () => {
    expect(kioskLog.split('\n').length).toBeGreaterThan(5);
    expect(heldIn(kioskLog, secrets)).toEqual([]);
  });
});
