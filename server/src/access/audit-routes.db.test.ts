import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { auditHeadsFile, auditPage, auditVerification } from '@bianmin/purchase/api/audit';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccess, type TestAccess } from '../testing/access.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../testing/context.ts';
import { adminAuditFileRoutes } from '../insight/exports/audit-file-routes.ts';
import type { AnyRoute } from '../route/route.ts';
import { adminAuditRoutes } from './audit-routes.ts';

let t: TestContext;
let access: TestAccess;
let admin: AdminCalls;
let routes: AnyRoute[];
let adminId = '';
const clock = new ManualClock();

beforeAll(async () => {
  t = await openTestContext();
  access = await openAccess(t, clock);
  await access.users.bootstrap('a password of tests');
  adminId = (await access.stores.users.byName('admin'))?._id ?? '';
  for (let n = 0; n < 5; n += 1) {
    // Two in one moment: the order must hold all the same.
    if (n !== 3) clock.jump(1000);
    await access.audit.record({
      who: { kind: 'admin', id: n === 4 ? 'bert' : adminId },
      action: n < 2 ? 'org.rename' : 'org.move',
      target: `org-${n}`,
      where: { ip: '127.0.0.1', traceId: 'b'.repeat(32) },
      data: { before: { parent: 'a' }, after: { parent: `=${n}` } },
    });
  }
  const { audit, auditCheck, heads, stores } = access;
  const services = { auditCheck, auditHeads: heads, auditStore: stores.audit, users: stores.users, clock };
  routes = [...adminAuditRoutes(services), ...adminAuditFileRoutes({ ...services, audit })];
  admin = await serveAdmin(routes, { log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await admin.close();
  await t.close();
});

const found = async (query: string) => {
  const { status, body } = await admin.call('get', `/v1/admin/audit?${query}`, { as: 'anna' });
  expect([query, status]).toEqual([query, 200]);
  return auditPage.parse(body);
};
const targets = async (query: string) => (await found(query)).entries.map(({ target }) => target);

describe('the audit trail over HTTP', () => {
  it('is searched by who, also by name, by action, target and time, and says who that is', async () => {
    expect(await targets(`who=${adminId}`)).toEqual(['org-3', 'org-2', 'org-1', 'org-0']);
    expect(await targets('who=admin&action=org.move')).toEqual(['org-3', 'org-2']);
    expect(await targets('who=bert')).toEqual(['org-4']);
    expect(await targets('target=org-1')).toEqual(['org-1']);
    expect(await targets('kind=system')).toEqual([adminId]);
    const [first] = (await found('target=org-1')).entries;
    expect(first?.who).toEqual({ kind: 'admin', id: adminId, name: 'admin' });
    const at = first?.at ?? '';
    expect(await targets(`from=${at}&to=${new Date(clock.now()).toISOString()}`)).toEqual([
      ...['org-3', 'org-2', 'org-1'],
    ]);
  });

  it('comes by pages that neither lose nor repeat an entry', async () => {
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await found(`kind=admin&limit=2${after === '' ? '' : `&after=${after}`}`);
      seen.push(...page.entries.map(({ target }) => target));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(['org-4', 'org-3', 'org-2', 'org-1', 'org-0']);
    const gone = await admin.call('get', `/v1/admin/audit?after=${'0'.repeat(16)}:000000000001`, {
      as: 'anna',
    });
    expect(gone.status).toBe(404);
  });

  it('is taken away as a file, which the trail says', async () => {
    clock.jump(1000);
    const file = await admin.file('/v1/admin/audit/file?action=org.move', { as: 'anna' });
    expect([file.status, file.type, file.name]).toEqual([
      200,
      expect.stringContaining('csv'),
      expect.stringMatching(/audit-\d+\.csv/),
    ]);
    const lines = new TextDecoder().decode(file.bytes).trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('org-4');
    expect(lines[1]).toContain('""parent""');
    expect((await found('action=audit.export')).entries).toMatchObject([{ data: { action: 'org.move' } }]);
  });

  it('is found whole, and what is not is named', async () => {
    const verified = async () =>
      auditVerification.parse((await admin.call('get', '/v1/admin/audit/verification', { as: 'anna' })).body);
    const whole = await verified();
    expect(whole).toMatchObject({ chains: 1, faults: [], more: 0, unsealed: [] });
    const kept = await admin.call('get', '/v1/admin/audit/heads', { as: 'anna' });
    expect(auditHeadsFile.parse(kept.body).heads).toMatchObject([{ n: whole.entries }]);
    await t.db.collection('audit').deleteOne({ n: whole.entries });
    const [fault] = (await verified()).faults;
    expect(fault).toMatchObject({ code: 'cut-off', says: expect.stringContaining('further') as unknown });
  });

  it('is for administrators who may read it', () => expectOthersRefused(admin, routes, (path) => path));
});
