import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { describe, expect, it } from 'vitest';
import { auditHeads } from '../../src/access/audit-heads.ts';
import { AuditTrail } from '../../src/access/audit.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { dataKeysFrom } from '../../src/config/data-keys.ts';
import { AuditStore, type AuditEntry } from '../../src/access/store/audit.ts';
import { deskATest, onConsole, type Console } from './console.ts';

let on: Console;

onConsole((console) => {
  on = console;
});
const sit = deskATest(() => on);

describe('the audit trail at the console', () => {
  it('is searched, shows what was changed, and is taken away as a file', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/organisations');
    await page
      .locator('.el-table__row', { hasText: '喀什地区' })
      .getByRole('button', { name: '改名' })
      .click();
    await page.locator('#org-zh').fill('喀什');
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('.el-table__row', { hasText: '喀什地区' }).waitFor({ state: 'detached' });

    await at.go('/audit');
    await page.getByRole('combobox', { name: '操作', exact: true }).fill('机构');
    await page.getByRole('option', { name: '机构 · 改名' }).click();
    await page.locator('#audit-who').fill('admin');
    await page.getByRole('button', { name: '查询' }).click();
    const row = page.locator('.el-table__row', { hasText: '机构 · 改名' });
    await row.getByText('工作人员 · admin').waitFor();
    await row.locator('.el-table__expand-icon').click();
    const line = page.locator('.difference tbody tr');
    await line.waitFor();
    expect(await line.allInnerTexts()).toEqual([
      expect.stringMatching(/名称 · zh-CN\s+喀什地区\s+→\s*改为\s+喀什/),
    ]);
    expect(await at.barriers()).toEqual([]);
    await at.shot('audit');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '导出 CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('org.rename');
    expect(at.errors).toEqual([]);
  });

  it('says that it is whole, and once the database was tampered with, what of it is not', async () => {
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    const another = new AuditTrail(
      new AuditStore(db),
      auditHeads(db, dataKeysFrom(on.stack.serverEnv)),
      systemClock,
    );
    for (let n = 0; n < 5; n += 1) {
      await another.record({
        who: { kind: 'system', id: 'e2e' },
        action: 'statistics.check',
        target: 'rollups',
        where: { ip: '', traceId: '' },
        data: { n },
      });
    }
    const at = await sit('en');
    const { page } = at;
    await at.go('/audit');
    await page.getByRole('tab', { name: 'Is the trail whole?' }).click();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.locator('[data-verdict=whole]').waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('audit-whole-en');
    const [kept] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download heads' }).click(),
    ]);
    expect(await readFile(await kept.path(), 'utf8')).toContain('"digest"');

    // At the database itself: one changed, one removed, the last one cut off.
    const trail = db.collection<AuditEntry>('audit');
    await trail.updateOne({ 'who.id': 'e2e', n: 2 }, { $set: { target: 'nothing' } });
    await trail.deleteOne({ 'who.id': 'e2e', n: 3 });
    await trail.deleteOne({ 'who.id': 'e2e', n: 5 });
    await db.close();
    const told = await checkedByHand();
    expect(told.code).toBe(1);
    expect(told.lines).toEqual([
      expect.stringContaining(' changed: is not as it was written'),
      expect.stringContaining(' gap: '),
      expect.stringContaining(' cut-off: '),
      expect.stringContaining('"faults":3'),
    ]);
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.locator('[data-verdict=broken]').waitFor();
    await at.reads('This entry was changed', 'Entries before this one are missing', 'was cut off');
    expect(await page.locator('.faults .el-table__row').count()).toBe(3);
    expect(await at.barriers()).toEqual([]);
    await at.shot('audit-broken-en');
    expect(at.errors).toEqual([]);
  });
});

/** As an operator has it: `npm run audit -- check`. */
async function checkedByHand(): Promise<{ code: number | string | null | undefined; lines: string[] }> {
  const args = ['--import', 'tsx', join(import.meta.dirname, '../../src/main-audit.ts'), 'check'];
  const env = { ...process.env, ...on.stack.serverEnv, MONGODB_URI: on.stack.urls.mongodbUri };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, out) => {
      resolve({ code: error === null ? 0 : error.code, lines: out.trim().split('\n') });
    });
  });
}
