import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '@bianmin/card/node/system-clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { callWeb } from '../../testing/web-call.ts';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../../testing/web.ts';

const DAY_MS = 24 * 3_600_000;
const OWN = 'only boris knows this one';
let s: TestWeb;
let aheadMs = 0;
beforeAll(async () => {
  const began = systemClock.now();
  s = await openTestWeb({}, { ...systemClock, now: () => began + aheadMs });
});
afterAll(() => s.close());

async function login(name = 'admin', password = ADMIN_PASSWORD): Promise<string> {
  const { body } = await callWeb(s.web.url, 'POST', '/v1/admin/login', { body: { name, password } });
  return z.object({ token: z.string() }).parse(body).token;
}
const post = (token: string, path: string, body?: unknown) =>
  callWeb(s.web.url, 'POST', `/v1/admin/${path}`, { token, ...(body === undefined ? {} : { body }) });
const codes = async (token: string, n: number): Promise<number> => {
  const made = await Promise.all(Array.from({ length: n }, () => post(token, 'enrol-codes')));
  return made.filter(({ status }) => status === 201).length;
};

describe('one person', () => {
  it('lets twenty terminals in on a day, also at the same moment, and more once a second person allows it', async () => {
    const admin = await login();
    expect(await codes(admin, 25)).toBe(20);
    expect((await post(admin, 'enrol-codes')).body).toMatchObject({ code: 'terminal.needs-second' });
    const asked = await post(admin, 'terminal-allowances', { more: 3, reason: 'The kiosks of Tianshan.' });
    const approval = adminApproval.parse(asked.body);
    expect(await codes(admin, 1)).toBe(0);

    const boris = { name: 'boris', password: 'boris does not know yet', roles: ['administrator'] };
    await post(admin, 'users', boris);
    const early = await login('boris', boris.password);
    await post(early, 'me/password', { current: boris.password, next: OWN });
    const second = await login('boris', OWN);
    expect((await post(admin, `approvals/${approval.id}/decide`, { accept: true })).status).toBe(403);
    expect((await post(second, `approvals/${approval.id}/decide`, { accept: true })).body).toMatchObject({
      status: 'done',
    });
    expect(await codes(admin, 5)).toBe(3);
    aheadMs += DAY_MS;
    expect(await codes(await login(), 21)).toBe(20);
  });

  it('confirms before it lets a terminal in', async () => {
    const admin = await login();
    aheadMs += 6 * 60_000;
    for (const path of ['enrol-codes', 'terminal-allowances', `terminals/t${'0'.repeat(30)}/accept`]) {
      const body = path === 'terminal-allowances' ? { more: 1, reason: 'A test.' } : undefined;
      expect([path, (await post(admin, path, body)).body]).toMatchObject([path, { code: 'auth.step-up' }]);
    }
  });
});
