import { afterAll, beforeAll, expect, it } from 'vitest';
import { MarkStore } from '../../orders/store/marks.ts';
import { NotificationArchive } from '../../orders/store/notification-archive.ts';
import { systemClock } from '@bianmin/card/node/system-clock';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { NoticeStore } from '../../insight/alerts/notice-store.ts';
import { MongoCaseStore } from '../../cases/case-store.ts';
import { ComplaintStore } from '../../people/complaint/complaint-store.ts';
import { InvoiceStore } from '../../money/invoice/invoice-store.ts';
import { RemoteSessionStore } from '../../cards/remote/session-store.ts';
import { openTestContext, type TestContext } from '../context.ts';

/** What people ask for now and then, and no other test does: that it has an index is looked at when the context closes. */
let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

it('a list by what people look for is served as any other', async () => {
  const [cases, complaints, invoices] = [
    new MongoCaseStore(t.db),
    new ComplaintStore(t.db),
    new InvoiceStore(t.db),
  ];
  const found = await Promise.all([
    cases.list({ owner: 'somebody', limit: 10 }, WHOLE_PROVINCE),
    complaints.list({ limit: 10 }, WHOLE_PROVINCE),
    complaints.list({ limit: 10 }, scopeOf('650100')),
    complaints.list({ orderNo: '20260101', limit: 10 }, WHOLE_PROVINCE),
    invoices.list({ limit: 10 }),
    invoices.list({ status: 'issued', limit: 10 }),
    new RemoteSessionStore(t.db).untold(10),
  ]);
  expect(found.flat()).toEqual([]);
  expect((await new MarkStore(t.db, { now: () => Date.now() }).reached()).size).toBe(0);
});

it('so is what takes away what is old', async () => {
  await new NoticeStore(t.db).purge(new Date(0));
  expect(await new NotificationArchive(t.db, systemClock).purge()).toBe(0);
});
