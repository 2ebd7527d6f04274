import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Operator } from '../../../build/run/dev/operator.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

let on: Console;
let desk: Desk | undefined;
onConsole((console) => {
  on = console;
});
eachAtDesk(() => desk);

describe('access at the console', () => {
  it('a second person chooses a password, binds an authenticator, and allows what another asked for', async () => {
    const asks = await Operator.login(on.stack);
    const second = { name: 'second', password: 'made by the first' };
    const body = { ...second, roles: ['administrator'] };
    await asks.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
    const topUp = {
      id: 'float-1',
      name: '天山一社区',
      terminals: [],
      dayLimitFen: 500_000,
      reason: 'e2e test',
    };
    await asks.call({ path: '/v1/admin/floats', method: 'POST', body: topUp }, z.unknown());

    desk = await Desk.open(on);
    const { page } = desk;
    await desk.go('/login?to=/account');
    await page.locator('#name').fill(second.name);
    await page.locator('#password').fill(second.password);
    await page.locator('button[type=submit]').click();
    const own = 'known to the second alone';
    await page.locator('#next').fill(own);
    await page.locator('#again').fill(own);
    await desk.shot('login-password');
    await page.locator('button[type=submit]').click();

    await page.getByRole('button', { name: '启用身份验证器' }).click();
    const secret = (await page.locator('.secret').textContent()) ?? '';
    const factor = new TOTP({ secret: secret.trim() });
    await page.locator('#first-code').fill(factor.generate());
    await page.getByRole('button', { name: '启用', exact: true }).click();
    const recovery = (await page.locator('.codes li').first().textContent()) ?? '';
    await desk.shot('account-codes');
    await page.getByRole('button', { name: '我已抄好' }).click();
    await desk.reads('已启用');
    await desk.shot('account');

    // The login ends in the middle of the work, and the page stays as it is.
    await desk.go('/approvals');
    await desk.reads('备用金设置', '天山一社区', '5,000.00');
    await desk.shot('approvals');
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    await db.collection('sessions').deleteMany({});
    await db.close();
    await page.getByRole('button', { name: '同意' }).first().click();
    const yes = page.getByRole('dialog').getByRole('button', { name: '确定' });
    await yes.click();
    await page.locator('#password').fill(own);
    await desk.shot('login-in-between');
    await page.locator('#password').press('Enter');
    await page.locator('#code').fill(recovery);
    await page.locator('#code').press('Enter');
    await page.locator('article.card').first().waitFor({ state: 'detached' });
    const allowed = await Operator.login(on.stack);
    const floats = await allowed.call({ path: '/v1/admin/floats' }, z.unknown());
    expect(JSON.stringify(floats)).toContain('天山一社区');
  });
});
