import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adminRole, adminUser } from '@bianmin/purchase/api/admin-users';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { Operator } from '../../../build/run/dev/operator.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

const SECOND = { name: 'second', password: 'made by the first' };
const approvals = z.object({ approvals: z.array(adminApproval) });

let on: Console;
let desk: Desk | undefined;
let first: Operator;
let second: Operator;

onConsole(async (console) => {
  on = console;
  first = await Operator.login(console.stack);
  const body = { ...SECOND, roles: ['administrator'] };
  await first.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
  second = await Operator.login(console.stack, SECOND);
});
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

async function sit(
  locale: 'zh-CN' | 'en' = 'zh-CN',
  who?: { name: string; password: string },
): Promise<Desk> {
  const at = await Desk.open(on, locale);
  desk ??= at;
  await at.logIn(on.stack, who);
  return at;
}

/** The one thing that waits is allowed by this person. */
async function allow(by: Operator): Promise<string> {
  const { approvals: open } = await by.call({ path: '/v1/admin/approvals?status=open' }, approvals);
  expect(open).toHaveLength(1);
  const path = `/v1/admin/approvals/${open[0]?.id ?? ''}/decide`;
  const done = await by.call({ path, method: 'POST', body: { accept: true } }, adminApproval);
  return done.failure ?? done.status;
}
const roleNow = (name: string) =>
  first.call({ path: `/v1/admin/roles/${encodeURIComponent(name)}` }, adminRole);

const tick = (at: Desk, permission: string) =>
  at.page
    .locator('.matrix tr', { has: at.page.getByText(permission, { exact: true }) })
    .locator('.el-checkbox')
    .click();
const press = (at: Desk, name: string) => at.page.getByRole('button', { name, exact: true }).click();

/** Of a link, the part behind the console's own address. */
const pathOf = (link: string): string => /\/admin(\/invitation#[\w-]{43})$/.exec(link)?.[1] ?? '';

describe('users and roles at the console', () => {
  it('a role is made by two, and of two who edit it at once the second is told and chooses', async () => {
    const anna = await sit();
    await anna.go('/roles');
    await anna.reads('查询订单、查看订单经过和退费记录');
    await press(anna, '新建角色');
    await anna.page.locator('#role-name').fill('退费员');
    await press(anna, '选择权限');
    for (const each of ['order:read', 'refund:request', 'bill:read']) await tick(anna, each);
    await press(anna, '提交复核');
    await anna.reads('等待另一位同事复核');
    // The maker cannot allow what they asked for.
    await expect(allow(first)).rejects.toMatchObject({ code: 'approval.same-person' });
    expect(await allow(second)).toBe('done');

    const boris = await sit('en', { name: SECOND.name, password: second.password });
    for (const at of [anna, boris]) {
      await at.go('/roles');
      await at.settles();
      await at.page.getByRole('button', { name: /^(?:Edit|修改) 退费员$/ }).click();
    }
    await tick(boris, 'refund:approve');
    await press(boris, 'Ask for it');
    await boris.reads('A second person must allow it');
    expect(await allow(first)).toBe('done');

    await tick(anna, 'bill:read');
    await tick(anna, 'audit:read');
    await anna.reads('增加 1 项，去掉 1 项');
    await anna.shot('staff.role-edited');
    await press(anna, '提交复核');
    await anna.reads('别人刚刚改过“退费员”', '复核退费', '查看和下载账单');
    expect(await anna.page.locator('.met tbody tr').count()).toBe(3);
    expect(await anna.barriers()).toEqual([]);
    await anna.shot('staff.role-met');
    // Theirs stays as it is while one's own waits for a second person.
    await press(anna, '仍提交我的');
    await anna.reads('等待另一位同事复核');
    expect(await roleNow('退费员')).toMatchObject({ version: 2 });
    expect(await allow(second)).toBe('done');
    expect(await roleNow('退费员')).toMatchObject({
      permissions: ['audit:read', 'order:read', 'refund:request'],
      version: 3,
    });

    // Boris edits what he still sees, and takes theirs.
    await press(boris, 'Edit 退费员');
    await tick(boris, 'statistics:read');
    await press(boris, 'Ask for it');
    await boris.reads('Somebody has just changed “退费员”');
    await boris.shot('staff.role-met.en');
    await press(boris, 'Take theirs');
    await boris.settles();
    expect(await boris.page.locator('th.edited').count()).toBe(0);
    expect(await boris.barriers()).toEqual([]);
    expect([anna.errors, boris.errors]).toEqual([[], []]);
    await boris.close();
  });

  it('a user is made by two, sets the password by a link, and cannot grant what they lack', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/roles');
    await press(at, '新建角色');
    await page.locator('#role-name').fill('local');
    await press(at, '选择权限');
    for (const each of ['user:manage', 'approval:decide', 'order:read']) await tick(at, each);
    await press(at, '提交复核');
    await at.reads('等待另一位同事复核');
    expect(await allow(second)).toBe('done');

    await at.go('/users');
    await press(at, '新增用户');
    await page.locator('#user-name').fill('li');
    await page.getByRole('dialog').getByRole('combobox').fill('乌鲁木齐');
    await page.getByRole('option', { name: '乌鲁木齐市' }).click();
    await page.getByRole('dialog').locator('.el-checkbox', { hasText: 'local' }).click();
    expect(await at.barriers()).toEqual([]);
    await at.shot('staff.new-user');
    await press(at, '提交并取得链接');
    const link = await page.locator('#invitation-link').inputValue();
    await press(at, '已交给本人');
    await at.reads('等待另一位同事复核', '待复核');
    await at.go('/approvals');
    await at.reads('您提出的');
    expect(await page.getByRole('button', { name: '同意' }).count()).toBe(0);
    expect(await allow(second)).toBe('done');

    const li = await Desk.open(on, 'en');
    const own = 'known to li alone';
    await li.go(pathOf(link));
    await li.page.locator('#password').fill(own);
    await press(li, 'Set password');
    await press(li, 'Later');
    await li.page.locator('#content h1').waitFor();
    await li.go('/users');
    // Sees the own prefecture's people alone, and may give the own role alone.
    await li.page.locator('.el-table__row').first().waitFor();
    expect(await li.page.locator('.el-table__row').count()).toBe(1);
    await press(li, 'New user');
    const role = (name: string) => li.page.getByRole('dialog').locator('.el-checkbox', { hasText: name });
    await role('local').waitFor();
    expect(await role('administrator').getAttribute('class')).toContain('is-disabled');
    expect(await role('local').getAttribute('class')).not.toContain('is-disabled');
    await li.shot('staff.new-user.en');
    const asLi = await Operator.login(on.stack, { name: 'li', password: own });
    const make = (over: object) => {
      const body = { name: 'wang', password: 'made by li for wang', roles: ['local'], ...over };
      return asLi.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
    };
    await expect(make({ roles: ['administrator'] })).rejects.toMatchObject({ code: 'auth.beyond-own' });
    await expect(make({ org: 'province' })).rejects.toMatchObject({ code: 'auth.beyond-own' });
    expect(li.errors).toEqual([]);
    await li.close();
    expect(at.errors).toEqual([]);
  });

  it('a user who cannot get in is unlocked, and gets another link by two', async () => {
    const { users } = await first.call({ path: '/v1/admin/users' }, z.object({ users: z.array(adminUser) }));
    const id = users.find(({ name }) => name === 'li')?.id ?? '';
    for (let n = 0; n < 10; n += 1) {
      await Operator.login(on.stack, { name: 'li', password: 'wrong' }).catch(() => undefined);
    }
    const at = await sit();
    const { page } = at;
    await at.go('/users');
    await at.reads('已锁定');
    expect(await at.barriers()).toEqual([]);
    await at.shot('staff.users');
    await page.locator(`a[href$="/users/${id}"]`).click();
    await press(at, '解除锁定');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByRole('button', { name: '解除锁定' }).waitFor({ state: 'detached' });

    await press(at, '重新发链接');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    const link = await page.locator('#invitation-link').inputValue();
    expect(await at.barriers()).toEqual([]);
    await at.shot('staff.link');
    await press(at, '已交给本人');
    await at.reads('等待另一位同事复核', '一次性链接有效期至');
    expect(await at.barriers()).toEqual([]);
    await at.shot('staff.user');
    expect(await allow(second)).toBe('done');
    const anew = await Desk.open(on);
    await anew.go(pathOf(link));
    const password = 'li forgot the one before';
    await anew.page.locator('#password').fill(password);
    await press(anew, '设置密码');
    await press(anew, '以后再设置');
    await anew.page.locator('#content h1').waitFor();
    await anew.close();
    const li = await Operator.login(on.stack, { name: 'li', password });
    await li.call({ path: '/v1/admin/me' }, z.object({ name: z.literal('li') }));

    await at.go(`/users/${id}`);
    await press(at, '停用');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await at.reads('已停用');
    await expect(li.call({ path: '/v1/admin/me' }, z.unknown())).rejects.toMatchObject({ status: 401 });
    await press(at, '恢复');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await at.reads('等待另一位同事复核');
    expect(await allow(second)).toBe('done');
    const en = await sit('en');
    await en.go(`/users/${id}`);
    await en.reads('Active', 'New link');
    await en.shot('staff.user.en');
    await en.go('/roles');
    await en.reads('Find orders, read their story and refunds');
    await en.shot('staff.roles.en');
    expect([at.errors, en.errors]).toEqual([[], []]);
    await en.close();
  });
});
