import { describe, expect, it } from 'vitest';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { OrgStore } from '../../src/access/store/orgs.ts';
import { TerminalStore } from '../../src/fleet/store/terminals.ts';
import { fakeTerminal } from '../../src/testing/order-world.ts';
import { deskATest, onConsole, type Console } from './console.ts';

let on: Console;
const terminalId = `t${'a'.repeat(30)}`;

onConsole(async (console) => {
  on = console;
  const db = await connectDatabase(console.stack.urls.mongodbUri);
  const { sealKey } = await fakeTerminal(terminalId);
  await new TerminalStore(db).enrol({
    ...{ _id: terminalId, signKey: sealKey, sealKey, kind: 'kiosk', name: 'Counter 7', version: '1.2.0' },
    enrolledAt: new Date(),
  });
  await db.close();
});
const sit = deskATest(() => on);

describe('organisations at the console', () => {
  it('a community is made, a terminal goes into it, and the slower administrator is told and keeps what they typed', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/organisations');
    await at.reads('新疆维吾尔自治区', '乌鲁木齐市', '喀什地区');
    const row = (name: string) => page.locator('.el-table__row', { hasText: name });
    await row('乌鲁木齐市').getByRole('button', { name: '新建社区' }).click();
    await page.locator('#org-zh').fill('新安社区');
    await page.locator('#org-en').fill('Xin An');
    await page.getByRole('button', { name: '保存' }).click();
    await row('新安社区').waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('organisations');

    // Another administrator names it while this form is open.
    await row('新安社区').getByRole('button', { name: '改名' }).click();
    await page.locator('#org-zh').fill('新安南社区');
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    const orgs = new OrgStore(db);
    const made = (await orgs.within('650100')).find(({ kind }) => kind === 'community');
    await orgs.change(made?._id ?? '', 1, { names: { 'zh-CN': '新安北社区', en: 'Xin An North' } });
    await db.close();
    await page.getByRole('button', { name: '保存' }).click();
    await at.reads('别人刚刚改过这个机构');
    expect(await page.locator('#org-zh').inputValue()).toBe('新安南社区');
    await page.getByRole('button', { name: '保存' }).click();
    await row('新安南社区').waitFor();

    await at.go('/terminals?tab=enrolled');
    await at.reads('Counter 7', '未归属');
    await row('Counter 7').getByRole('button', { name: '接入' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await row('Counter 7').getByText('已接入').waitFor();
    await row('Counter 7').getByRole('button', { name: '调整机构' }).click();
    await page.getByRole('dialog').getByRole('combobox').fill('新安南');
    await page.getByRole('option', { name: '新安南社区' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await row('Counter 7').getByText('新安南社区').waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('terminals');

    await at.go('/organisations');
    await row('新安南社区').getByRole('button', { name: '删除' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
    await at.reads('org.not-empty');
    expect(at.errors).toEqual([]);
  });

  it('a household is looked up, and what is kept how long can be read', async () => {
    const at = await sit('en');
    const { page } = at;
    await at.go('/residents');
    await page.locator('#resident-number').fill('650100009999');
    await page.locator('#resident-reason').fill('The resident calls.');
    await page.getByRole('button', { name: 'Look up' }).click();
    await at.reads('No phone and no box is bound');
    // Whom it was about is in no address.
    expect(page.url()).not.toContain('650100009999');
    expect(await at.barriers()).toEqual([]);
    await at.shot('residents');
    await page.getByRole('button', { name: 'Ask for erasure' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ask for erasure' }).click();
    await at.reads('A second person must allow it');
    await at.go('/retention');
    await at.reads('Name, address and number in orders', '1096 days', 'The audit trail');
    expect(await at.barriers()).toEqual([]);
    await at.shot('retention');
    expect(at.errors).toEqual([]);
  });
});
