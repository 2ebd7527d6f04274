import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort } from '@bianmin/card/node/free-port';
import { findCommand } from '../../bootstrap/machine.mjs';
import type { Program } from '../../kit/process/program.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { configureProxy, startProxy } from '../../run/dev/nginx.ts';
import { Operator } from '../../run/dev/operator.ts';
import { startStack } from '../../run/dev/stack.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { openKiosk } from '../journey/kiosk.ts';
import { toCode } from '../journey/drive.ts';
import { heldIn, PLANTED, plantEverywhere } from './planted.ts';

const DATA_KEY = 'd47a'.repeat(16);
/** Of the server's variables, what nobody may read anywhere. */
const SECRET_VARIABLES = /SECRET|PASSWORD|PRIVATE_KEY|SIGN_KEY|APIV3_KEY|DATA_KEY|ENROL_CODE/u;

let stack: Stack;
let nginx: Program | undefined;
let kioskLog = '';
const secrets: Record<string, string> = { ...PLANTED };
let asked = 0;

beforeAll(async () => {
  stack = await startStack({ kiosk: false, env: { server: { LOG_LEVEL: 'trace', DATA_KEY } } });
  for (const [name, value] of Object.entries(stack.serverEnv)) {
    if (SECRET_VARIABLES.test(name)) secrets[name] = value;
  }
  nginx = await proxyOf(stack);
  const front = nginx === undefined ? stack.urls.webUrl : proxyUrl;
  const operator = await Operator.login(stack);
  await aPurchase(operator);
  const password = stack.adminPassword;
  await operator.call(
    { path: '/v1/admin/me/pin', method: 'POST', body: { password, pin: PLANTED.pin } },
    z.unknown(),
  );
  asked = await plantEverywhere(front, await operator.confirmed());
});
afterAll(async () => {
  await nginx?.stop();
  await stack.close();
});

let proxyUrl = '';
/** nginx before the stack's web, by the shipped files; none where this machine has none. */
async function proxyOf({ dir, urls }: Stack): Promise<Program | undefined> {
  if (findCommand('nginx') === undefined) {
    process.stderr.write(
      'There is no nginx here: its log is not looked through. Install it (Debian: nginx).\n',
    );
    return undefined;
  }
  const port = await freePort();
  await configureProxy({ dir, port, webs: [Number(new URL(urls.webUrl).port)] });
  proxyUrl = `http://127.0.0.1:${port}`;
  return (await startProxy({ dir })).program;
}

/** At a kiosk: what it reads, shows and is sold is secret, too. */
async function aPurchase(operator: Operator): Promise<void> {
  const sandbox = new SandboxClient(stack.urls);
  const logTo = { write: (text: string) => void (kioskLog += text) };
  const kiosk = await openKiosk({ stack, operator, readerId: 'planted-1', logLevel: 'trace', logTo });
  const household = await sandbox.household('SLE4442');
  secrets['the number of who bought'] = household.customerNo;
  await kiosk.patron.until('wait');
  await sandbox.insert('planted-1', household.cardId);
  const { codeUrl } = await toCode(kiosk.patron, 5_000, 'wechat');
  secrets['the code that was paid'] = codeUrl;
  await sandbox.pay(codeUrl);
  await kiosk.patron.until('done');
  await kiosk.patron.leave(() => sandbox.eject('planted-1'));
  await kiosk.close();
}

describe('secrets of every kind, handed in wherever there is room for one,', () => {
  it('are in no log of web, worker and nginx, at their loudest', async () => {
    const folders = [stack.dir, ...(nginx === undefined ? [] : [join(stack.dir, 'nginx')])];
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
    if (nginx !== undefined) expect(read.get('access.log')).toBeGreaterThan(asked);
  });

  it('are not in the kiosk’s', () => {
    expect(kioskLog.split('\n').length).toBeGreaterThan(5);
    expect(heldIn(kioskLog, secrets)).toEqual([]);
  });
});
