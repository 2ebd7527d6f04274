import type { Locator } from 'playwright-core';
import { TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { orgView } from '@bianmin/purchase/api/org';
import { adminRole } from '@bianmin/purchase/api/admin-users';
import { Operator } from '../../../build/run/dev/operator.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';
import { Hands } from './hands.ts';
import { allowAll, makeSecondPerson, SECOND } from './second-person.ts';

/** What the pages are looked at with. */
const SCREEN = { width: 1280, height: 800 };
const COUNTY = { name: 'county', password: 'made for the county' };
const NAMES = { 'zh-CN': '解放南路社区', en: 'Jiefang South Road community' };
const OWN = 'known to zhang alone';

let on: Console;
let desk: Desk | undefined;
let first: Operator;
let county: Operator;
/** Who allows what the others ask for. */
let second: { name: string; password: string };

onConsole(async (console) => {
  on = console;
  first = await Operator.login(console.stack);
  await makeSecondPerson(console);
  const org = { parent: '650100', names: NAMES };
  await first.call({ path: '/v1/admin/orgs', method: 'POST', body: org }, orgView);
  const body = { ...COUNTY, roles: ['ready:county'], org: '650100' };
  await first.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
  await allowAll(console);
  county = await Operator.login(console.stack, COUNTY);
  const { password } = await Operator.login(console.stack, SECOND);
  second = { name: SECOND.name, password };
});
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

async function sit(locale: 'zh-CN' | 'en', who?: { name: string; password: string }): Promise<Desk> {
  const at = await Desk.open(on, locale);
  desk ??= at;
  await at.page.setViewportSize(SCREEN);
  if (who !== undefined) await at.logIn(on.stack, who);
  return at;
}
const button = (at: Desk, name: string): Locator => at.page.getByRole('button', { name, exact: true });

/** From the overview until the link is there. */
async function invite(at: Desk, name: string, words: Record<'users' | 'make' | 'get', string>, org: string) {
  const { page } = at;
  const hands = new Hands(page);
  await hands.press(page.getByRole('link', { name: words.users, exact: true }));
  await hands.press(button(at, words.make));
  await hands.fill(page.locator('#user-name'), name);
  await hands.press(page.getByRole('dialog').getByRole('combobox'));
  await hands.press(page.getByRole('option', { name: org }));
  expect(await at.barriers()).toEqual([]);
  await at.shot(`accounts.new-${name}`);
  await hands.press(button(at, words.get));
  const link = await page.locator('#invitation-link').inputValue();
  return { hands, path: /\/admin(\/invitation#[\w-]{43})$/.exec(link)?.[1] ?? '' };
}

/** The only one that waits, by keys alone. */
async function allowByKeys(checker: Desk): Promise<void> {
  const { page } = checker;
  const card = page.locator('article.card').first();
  await card.focus();
  await page.keyboard.press('a');
  await page.getByRole('dialog').waitFor();
  await checker.settles();
  await page.keyboard.press('Enter');
  await card.waitFor({ state: 'detached' });
}

describe('an account for a new member of staff', () => {
  it('takes six acts until its link is there, and one page to begin with', async () => {
    const at = await sit('zh-CN', { name: COUNTY.name, password: county.password });
    const words = { users: '用户', make: '新增用户', get: '提交并取得链接' };
    const { hands, path } = await invite(at, 'zhang', words, NAMES['zh-CN']);
    expect(hands.count).toBeLessThanOrEqual(6);
    await at.reads('请把链接交给 zhang', '另一位同事复核同意之后');
    expect(await at.barriers()).toEqual([]);
    await at.shot('accounts.link');
    await button(at, '已交给本人').click();
    await at.reads('等待另一位同事复核', '社区工作人员');

    const zhang = await sit('zh-CN');
    await zhang.go(path);
    await zhang.reads('另一位同事还没有同意', NAMES['zh-CN'], '社区工作人员');
    expect(await zhang.barriers()).toEqual([]);
    await zhang.shot('accounts.waits');
    await allowAll(on);
    await button(zhang, '再试一次').click();

    const { page } = zhang;
    const own = new Hands(page);
    await page.locator('#password').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await own.fill(page.locator('#password'), OWN);
    expect(await zhang.barriers()).toEqual([]);
    await zhang.shot('accounts.password');
    await own.press(button(zhang, '设置密码'));
    const factor = new TOTP({ secret: ((await page.locator('.secret').textContent()) ?? '').trim() });
    await own.fill(page.locator('#first-code'), factor.generate());
    expect(await zhang.barriers()).toEqual([]);
    await zhang.shot('accounts.factor');
    await own.press(button(zhang, '启用'));
    await own.press(button(zhang, '我已抄好'));
    await page.locator('#pin').waitFor();
    expect(await zhang.barriers()).toEqual([]);
    await own.fill(page.locator('#pin'), '274913');
    await zhang.shot('accounts.pin');
    await own.press(button(zhang, '设置 PIN'));
    const number = await page.locator('.number.big').textContent();
    expect(number).toMatch(/^\d{6}$/);
    await zhang.shot('accounts.number');
    await own.press(button(zhang, '进入管理台'));
    await page.locator('#content h1').waitFor();
    expect(own.count).toBeLessThanOrEqual(8);
    // Another PIN leaves the number as it is.
    await zhang.go('/account');
    await button(zhang, '设置或更换 PIN').click();
    await page.locator('#pin-password').fill(OWN);
    await page.locator('#pin').fill('639147');
    await button(zhang, '设置 PIN').click();
    expect(await page.locator('.number.big').textContent()).toBe(number);
    expect(await zhang.barriers()).toEqual([]);
    // They are in as what they were invited as, and their next login wants both.
    expect(await page.getByRole('link', { name: '用户', exact: true }).count()).toBe(0);
    const again = await Operator.login(on.stack, { name: 'zhang', password: OWN });
    await expect(again.call({ path: '/v1/admin/terminals' }, z.unknown())).rejects.toMatchObject({
      code: 'auth.unfinished',
    });
    expect([at.errors, zhang.errors]).toEqual([[], []]);
    await zhang.close();

    const late = await sit('en');
    await late.go(path);
    await late.reads('This link has been used');
    expect(await late.barriers()).toEqual([]);
    await late.shot('accounts.spent.en');
    await late.close();
  });

  it('says the same in English', async () => {
    const at = await sit('en', { name: COUNTY.name, password: county.password });
    const words = { users: 'Users', make: 'New user', get: 'Ask and get the link' };
    const { hands, path } = await invite(at, 'wang', words, NAMES.en);
    expect(hands.count).toBeLessThanOrEqual(6);
    await at.shot('accounts.link.en');
    await button(at, 'Handed over').click();
    const checker = await sit('en', second);
    await checker.go('/approvals');
    await checker.reads('Let a user in', 'Community staff', 'Take cash at a terminal out of a float');
    expect(await checker.barriers()).toEqual([]);
    await checker.shot('accounts.inbox.en');
    await allowByKeys(checker);

    const wang = await sit('en');
    await wang.go(path);
    await wang.page.locator('#password').fill('known to wang alone');
    await wang.shot('accounts.password.en');
    await button(wang, 'Set password').click();
    await wang.page.locator('.secret').waitFor();
    await wang.shot('accounts.factor.en');
    await button(wang, 'Later').click();
    await wang.page.locator('#pin').waitFor();
    await wang.shot('accounts.pin.en');
    expect([at.errors, checker.errors, wang.errors]).toEqual([[], [], []]);
    await Promise.all([checker.close(), wang.close()]);
  });
});

describe('roles', () => {
  it('come ready-made, and from a file by one approval, which is decided by keys', async () => {
    const at = await sit('zh-CN', { name: 'admin', password: on.stack.adminPassword });
    const { page } = at;
    await at.go('/roles');
    await at.reads('社区工作人员', '县级运营', '财务', '客服', '审计', '现成角色');
    expect(await at.barriers()).toEqual([]);
    await at.shot('accounts.roles');
    const [given] = await Promise.all([page.waitForEvent('download'), button(at, '导出文件').click()]);
    expect(given.suggestedFilename()).toBe('bianmin-roles.json');
    await button(at, '从文件导入').click();
    const file = {
      format: 'bianmin-roles/1',
      roles: [
        { name: '收费员', permissions: ['order:read', 'float:use'] },
        { name: 'ready:audit', permissions: ['audit:read', 'order:read', 'alert:read'] },
      ],
    };
    const buffer = Buffer.from(JSON.stringify(file));
    await page
      .locator('#roles-file')
      .setInputFiles({ name: 'roles.json', mimeType: 'application/json', buffer });
    await at.reads('权限 · 收费员', '在终端用备用金收现金', '权限 · 审计');
    expect(await at.barriers()).toEqual([]);
    await at.shot('accounts.roles-file');
    await button(at, '提交复核').click();
    await at.reads('等待另一位同事复核');

    const checker = await sit('zh-CN', second);
    await checker.go('/approvals');
    await checker.reads('按文件修改角色', '文件摘要', '权限 · 审计');
    expect(await checker.barriers()).toEqual([]);
    await checker.shot('accounts.inbox');
    await allowByKeys(checker);
    const made = await first.call({ path: `/v1/admin/roles/${encodeURIComponent('收费员')}` }, adminRole);
    expect(made).toEqual({ name: '收费员', permissions: ['float:use', 'order:read'], version: 1 });
    const en = await sit('en', { name: 'admin', password: on.stack.adminPassword });
    await en.go('/roles');
    await en.reads('Community staff', 'Ready-made', '收费员');
    await en.settles();
    await en.shot('accounts.roles.en');
    expect([at.errors, checker.errors, en.errors]).toEqual([[], [], []]);
    await Promise.all([checker.close(), en.close()]);
  });
});
