import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adminKeys } from '@bianmin/purchase/api/admin-keys';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import { Operator } from './operator.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack-contract.ts';

const [ONE, TWO] = ['0e'.repeat(32), '0f'.repeat(32)];
const ROOT = join(import.meta.dirname, '../../..');

let dir: string;
let stack: Stack;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-keys-'));
  stack = await startStack({
    dir,
    kiosk: false,
    pages: 'elsewhere',
    env: { server: { DATA_KEYS: `1:${ONE}` } },
  });
});
afterAll(async () => {
  await stack.close();
  await rm(dir, { recursive: true, force: true });
});

/** A command with the server's environment. */
async function command(...args: string[]): Promise<string> {
  const env = { ...process.env, ...stack.serverEnv, DATA_KEYS: `1:${ONE},2:${TWO}` };
  const { code, output } = await runToEnd(process.execPath, ['build/run.mjs', ...args], { cwd: ROOT, env });
  if (code !== 0) throw new Error(output);
  return output;
}

describe('a server’s keys', () => {
  it('are refused with a sentence where they are not those of its database', async () => {
    await expect(stack.restart('web', { DATA_KEYS: `1:${TWO}` })).rejects.toThrow(
      /Version 1 of the data key is not the key .* Put the right one into DATA_KEYS/u,
    );
    await expect(stack.restart('web', { DATA_KEYS: `2:${TWO}` })).rejects.toThrow(/values under version 1/u);
    await expect(stack.restart('web', { DATA_KEYS: `1:${ONE},1:${TWO}` })).rejects.toThrow(
      /DATA_KEYS: version 1 stands there twice/u,
    );
    await stack.restart('web', { DATA_KEYS: `1:${ONE}` });
  });

  it('are changed while staff log in, told of by console and command, and never shown', async () => {
    for (const part of ['web', 'worker'] as const)
      await stack.restart(part, { DATA_KEYS: `1:${ONE},2:${TWO}` });
    const operator = await Operator.login(stack);
    const now = () => operator.call({ path: '/v1/admin/keys' }, adminKeys);
    await expect
      .poll(async () => (await now()).data.versions.map(({ state }) => state), {
        timeout: 200_000,
        interval: 1_000,
      })
      .toEqual(['read', 'sealing']);
    const told = await command('keys');
    expect(told).toMatch(/^DATA_KEYS 1 {2}read/mu);
    expect(told).toMatch(/^DATA_KEYS 2 {2}sealing/mu);
    expect(told).toMatch(/^TOKEN_SECRET {2}[\da-f.]{12,} {2}since \d{4}-/mu);
    const json = await command('keys', '--json');
    expect(adminKeys.parse(JSON.parse(json.slice(json.indexOf('{'))))).toBeDefined();
    const secrets = Object.entries(stack.serverEnv).filter(([name]) =>
      /SECRET|PRIVATE|SIGN_KEY|APIV3/u.test(name),
    );
    for (const secret of [ONE, TWO, ...secrets.map(([, value]) => value)]) {
      expect(told + json + JSON.stringify(await now())).not.toContain(secret);
    }
    // The password's hash is sealed, under whichever version.
    await Operator.login(stack, { name: 'admin', password: operator.password });
    await operator.call({ path: '/v1/admin/me' }, z.unknown());
  });
});
