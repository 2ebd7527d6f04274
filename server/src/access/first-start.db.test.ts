import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWeb, type TestWeb } from '../testing/web.ts';

let withPassword: TestWeb;
beforeAll(async () => {
  withPassword = await openTestWeb();
});
afterAll(() => withPassword.close());

describe('the first start without a password', () => {
  it('gives one link, which makes one administrator within an hour', async () => {
    const first = await openTestWeb({ ADMIN_PASSWORD: undefined });
    const link = first.web.access.setupLink ?? '';
    const token = /^\/admin\/setup#([\w-]{43})$/.exec(link)?.[1] ?? '';
    const use = async (given: string, name = 'anna'): Promise<number> => {
      const body = JSON.stringify({ token: given, name, password: 'a password of anna' });
      const headers = { 'content-type': 'application/json' };
      const url = `${first.web.url}/v1/admin/setup`;
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    expect(JSON.stringify(await first.t.db.collection('setupLinks').find().toArray())).not.toContain(token);
    const uses = () => first.t.db.collection('audit').countDocuments({ action: 'setup.use' });
    expect(await use('A'.repeat(43))).toBe(404);
    // It is a refused try, of which the trail takes so many and no more.
    expect(await uses()).toBe(0);
    expect(await first.t.db.collection('audit').countDocuments({ action: 'secret.refuse' })).toBe(1);
    expect(await use(token)).toBe(204);
    expect(await uses()).toBe(1);
    expect(await use(token, 'boris')).toBe(404);
    expect((await first.web.access.sessions.login('anna', 'a password of anna')).next).toBe('ready');
    expect(withPassword.web.access.setupLink).toBeNull();
    await first.close();
  });
});
