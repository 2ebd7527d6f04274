import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caseIdOf } from '../../cases/case.ts';
import { reportOf } from '../reconcile/case-report.ts';
import { itemsOfOrder } from '../reconcile/order-items.ts';
import { compared } from '../reconcile/classify.ts';
import type { Item } from '../reconcile/items.ts';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import type { Order } from '../../orders/model/order.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { adminFoundMoneyRoutes } from './found-money-routes.ts';
import { serveAdmin } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { ANNA, HERE, StaffWorld } from '../../testing/staff-world.ts';
import { FoundMoney } from './found-money.ts';
import { codeOf } from '../../testing/problem-code.ts';

let t: TestContext;
let w: StaffWorld;
let found: FoundMoney;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  const { mover, trigger } = w.world.services;
  found = new FoundMoney({ cases: w.staff.cases, mover, trigger, approvals: w.access.approvals });
});

/** What the channel's bill of the day has of an order's payments, as reconciliation reads it. */
function billOf(order: Order): Item[] {
  return order.payments.flatMap(({ no }) =>
    (w.world.wechat.trades.get(no)?.transactions ?? []).map((each) => ({
      ...{ orderNo: order._id, pair: 'channel', from: 'bill', parts: [], status: 'paid' },
      ...{ item: `wechat/${no}`, transactionId: each.id, fen: order.paidFen },
      at: new Date(w.world.clock.now()).toISOString(),
    })),
  );
}

/** Compares the bill with the order as reconciliation does, and opens its cases. */
async function reconciled(order: Order): Promise<CaseReport[]> {
  const now = await w.now(order);
  const items = itemsOfOrder(now).filter(({ status }) => status === 'paid' || status === 'unpaid');
  const reports = compared(billOf(now), items).map((each) => reportOf(each, []));
  for (const report of reports) await w.staff.cases.openOnce(report);
  return reports;
}

/** Paid after its code was closed; no notification comes. */
async function paidLate(): Promise<Order> {
  const order = await w.world.offer(w.kiosk, w.world.household());
  await w.world.services.orders.cancel(order);
  w.world.wechat.payRegardless(order.payments[0]?.no ?? '');
  return order;
}

/** On its card, and paid once more on its number; of that no notification comes. */
async function paidTwice(): Promise<Order> {
  const card = w.world.household();
  const order = await w.world.write(w.kiosk, card, await w.world.paid(w.kiosk, card));
  w.world.wechat.payRegardless(order.payments[0]?.no ?? '');
  return order;
}

const ask = (report: CaseReport) =>
  found.request({ caseId: caseIdOf(report), text: 'The bill has it.', maker: ANNA, where: HERE });
const given = () => [...w.world.wechat.refunds.values()].map(({ fen }) => fen);

describe('money of which only the bill tells', () => {
  it.each([
    ['after its code was closed', 'STATUS_DIFF', 'late-payment', 'refunded', paidLate],
    ['once more on a number', 'CHANNEL_ONLY', 'double-payment', 'done', paidTwice],
  ] as const)('%s goes back on the word of two persons', async (...[, kind, reason, state, make]) => {
    const order = await make();
    const [report] = await reconciled(order);
    expect(report).toMatchObject({ kind, orderNo: order._id });
    if (report === undefined) return;
    const approval = await ask(report);
    await w.world.pass(60_000, 10_000);
    expect(given()).toEqual([]);
    expect(await codeOf(w.allow(approval, ANNA))).toBe('approval.same-person');
    expect(await w.allow(approval)).toMatchObject({ status: 'done' });
    await w.world.pass(5_000);
    const now = await w.now(order);
    expect(now).toMatchObject({ state, attention: null });
    expect(now.refunds).toMatchObject([{ reason, status: 'done', fen: order.paidFen }]);
    expect(given()).toEqual([order.paidFen]);
    // The order says by now what the bill says.
    expect(await reconciled(order)).toEqual([]);
    const known = await w.staff.cases.get(caseIdOf(report));
    expect(known).toMatchObject({
      status: 'resolved',
      resolution: { by: { id: 'boris' }, text: 'The bill has it. (anna, boris)' },
    });
    expect(await codeOf(ask(report))).toBe('case.resolved');
  });

  it('goes back once, whichever process learns of it in between', async () => {
    const order = await paidTwice();
    const [report] = await reconciled(order);
    if (report === undefined) throw new Error('Nothing was found.');
    const approvals = [await ask(report), await ask(report)];
    const no = order.payments[0]?.no ?? '';
    await Promise.all([w.world.notify(no), ...approvals.map((each) => w.allow(each))]);
    await w.world.pass(5_000);
    expect(given()).toEqual([order.paidFen]);
  });

  it('is nothing that an order has already', async () => {
    const order = await paidTwice();
    const [report] = await reconciled(order);
    if (report === undefined) throw new Error('Nothing was found.');
    await w.world.notify(order.payments[0]?.no ?? '');
    await w.world.work();
    expect(await codeOf(ask(report))).toBe('refund.nothing-paid');
  });

  it('is not what else reconciliation finds', async () => {
    const order = await paidTwice();
    const [report] = await reconciled(order);
    if (report === undefined) throw new Error('Nothing was found.');
    for (const other of [
      { ...report, kind: 'ORDER_ONLY' },
      { ...report, key: 'grid:sold:42' },
      {
        ...report,
        key: `wechat/${order.payments[0]?.no ?? ''}:another`,
        facts: { ...report.facts, billFen: 1 },
      },
      { ...report, key: 'wechat/STRANGER:1', facts: { ...report.facts, billStatus: 'refund-done' } },
    ] as const) {
      await w.staff.cases.openOnce(other);
      expect(await codeOf(ask(other))).toBe('refund.nothing-paid');
    }
    const nobodys = { ...report, orderNo: '000000000000000000' };
    await w.staff.cases.openOnce(nobodys);
    expect(await codeOf(ask(nobodys))).toBe('order.not-found');
  });

  it('waits for an order that can still be paid', async () => {
    const order = await w.world.offer(w.kiosk, w.world.household());
    w.world.wechat.payRegardless(order.payments[0]?.no ?? '');
    const [report] = await reconciled(order);
    if (report === undefined) throw new Error('Nothing was found.');
    expect(await codeOf(ask(report))).toBe('refund.not-final');
  });
});

describe('over HTTP', () => {
  it('one with refund:request asks, another with refund:approve allows', async () => {
    const order = await paidLate();
    const [report] = await reconciled(order);
    if (report === undefined) throw new Error('Nothing was found.');
    const { approvals } = w.access;
    const routes = [...adminFoundMoneyRoutes({ found }), ...adminApprovalRoutes({ approvals })];
    const admin = await serveAdmin(routes, w.world);
    try {
      const path = `/v1/admin/cases/${caseIdOf(report)}/refund`;
      const body = { text: 'The bill has it.' };
      expect(await admin.call('post', path, { as: 'carl|refund:approve', body })).toMatchObject({
        status: 403,
      });
      const asked = await admin.call('post', path, { as: 'carl|refund:request', body });
      expect(asked).toMatchObject({ status: 202, body: { kind: 'case.refund', status: 'open' } });
      const decide = `/v1/admin/approvals/${String(asked.body['id'])}/decide`;
      const yes = { body: { accept: true } };
      expect(await admin.call('post', decide, { as: 'dora|approval:decide', ...yes })).toMatchObject({
        status: 403,
      });
      expect(
        await admin.call('post', decide, { as: 'dora|approval:decide,refund:approve', ...yes }),
      ).toMatchObject({ status: 200, body: { status: 'done' } });
    } finally {
      await admin.close();
    }
    await w.world.pass(5_000);
    expect(given()).toEqual([order.paidFen]);
  });
});
