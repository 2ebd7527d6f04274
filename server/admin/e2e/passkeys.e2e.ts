import { describe, expect, it } from 'vitest';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

const MINUTE_MS = 60_000;
let on: Console;
let desk: Desk | undefined;
onConsole((console) => {
  on = console;
});
eachAtDesk(() => desk);

/** A security key in Chromium that knows its person and needs no touch. */
async function plugKeyIn({ page }: Desk): Promise<void> {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send('WebAuthn.enable');
  await chromium.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
}

/** Makes every login's times so much older. */
async function age(set: (now: number) => Record<string, Date>): Promise<void> {
  const db = await connectDatabase(on.stack.urls.mongodbUri);
  await db.collection('sessions').updateMany({}, { $set: set(Date.now()) });
  await db.close();
}

describe('a passkey at the console', () => {
  it('is added, named, logs in, confirms, and is removed', async () => {
    desk = await Desk.open(on, 'zh-CN', 'byName');
    await plugKeyIn(desk);
    const { page } = desk;
    await desk.logIn(on.stack);
    await desk.go('/account');
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.locator('#passkey-name').fill('办公室电脑');
    expect(await desk.barriers()).toEqual([]);
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.locator('.codes li').first().waitFor();
    expect(await page.locator('.codes li').count()).toBe(10);
    await page.getByRole('button', { name: '我已抄好' }).click();
    await desk.reads('办公室电脑');
    await page.getByRole('button', { name: '改名' }).click();
    await page.locator('#passkey-rename').fill('值班室电脑');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await desk.reads('值班室电脑', '还没有用过');
    await desk.shot('account-passkeys');

    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('#name').fill('admin');
    await page.locator('#password').fill(on.stack.adminPassword);
    await page.locator('button[type=submit]').click();
    await page.locator('#code').waitFor();
    await desk.shot('login-passkey');
    expect(await desk.barriers()).toEqual([]);
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.locator('#content h1').waitFor();

    await age((now) => {
      const at = new Date(now - 6 * MINUTE_MS);
      return { confirmedAt: at, passwordAt: at, factorAt: at };
    });
    await desk.go('/account');
    await page.getByRole('button', { name: '删除' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await desk.reads('再次确认身份', '这一步会改变您的登录方式', '用通行密钥');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('confirm-both');
    const both = page.getByRole('dialog').filter({ hasText: '再次确认身份' });
    await both.locator('#proof').fill('not the password');
    await both.locator('button[type=submit]').click();
    await both.getByRole('alert').waitFor();
    await both.locator('#proof').fill(on.stack.adminPassword);
    await both.locator('button[type=submit]').click();
    await desk.reads('还没有通行密钥');
    expect(desk.errors).toEqual([]);
  });

  it('is not offered where the console is opened by a number', async () => {
    desk = await Desk.open(on, 'en');
    await desk.logIn(on.stack);
    await desk.go('/account');
    await desk.reads('No passkeys yet');
  });
});

describe('a login that nobody uses', () => {
  it('is spoken of for a minute, kept by a word, and ended', async () => {
    desk = await Desk.open(on);
    const { page } = desk;
    await page.clock.install();
    await desk.logIn(on.stack);
    // What the first page still asks for would be a use, and its patience would end with the clock's jump.
    await desk.settles();
    await age((now) => ({ usedAt: new Date(now - 29 * MINUTE_MS - 5_000) }));
    await page.clock.fastForward(29 * MINUTE_MS + 5_000);
    await page.getByRole('dialog').filter({ hasText: '还在吗？' }).waitFor();
    await desk.shot('idle');
    await page.getByRole('button', { name: '继续使用' }).click();
    await page.getByText('还在吗？').waitFor({ state: 'detached' });
    await age((now) => ({ usedAt: new Date(now - 31 * MINUTE_MS) }));
    await page.clock.fastForward(31 * MINUTE_MS);
    await page.locator('#name').waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/login');
  });
});
