import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../kernel/scope.ts';
import { SHARDS, shardOf } from '../kernel/shards.ts';
import type { OrderPage, OrderQuery } from '../orders/store/order-query.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from './order-samples.ts';

let serial = 0;
/** A number of its own for each order of the suite: the stores are not emptied between tests. */
function own(): { _id: string; idempotencyKey: string; meterNo: string; terminalId: string } {
  serial += 1;
  const no = String(serial).padStart(6, '0');
  const _id = `260301100000${no}`;
  return { _id, idempotencyKey: `k${no}`, meterNo: `m${no}`, terminalId: `t${no}` };
}

/** What every order store must do; run it on each database engine that is there. */
export function orderStoreContract(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('gives back an order as it was stored, and null for one that is not there', async () => {
      const order = sampleOrder({ ...own(), payments: [samplePayment()], attention: 'late-sale' });
      expect(await open().insert(order)).toBe('inserted');
      expect(await open().get(order._id)).toEqual(order);
      expect(await open().byIdempotencyKey(order.terminalId, order.idempotencyKey)).toEqual(order);
      expect(await open().get('000000000000000000')).toBeNull();
    });

    it('gives back a remote order, and moves its credit by compare-and-set', async () => {
      const order = sampleOrder({ ...own(), kind: 'remote', imageDigest: '', credit: { status: 'none' } });
      expect(await open().insert(order)).toBe('inserted');
      expect(await open().get(order._id)).toEqual(order);
      const sentAt = SAMPLE_TIME;
      const after = { ...order, version: 2, credit: { status: 'sent', sentAt, tries: 1 } as const };
      expect(await open().replace(order, after)).toBe('moved');
      expect(await open().replace(order, { ...after, version: 3 })).toBe('conflict');
      const chosen = { ...after, version: 3, fallback: 'card' as const };
      expect(await open().replace(after, chosen)).toBe('moved');
      expect(await open().get(order._id)).toEqual(chosen);
    });

    it("refuses a number and a terminal's idempotency key twice, not another terminal's", async () => {
      const first = sampleOrder(own());
      await open().insert(first);
      expect(await open().insert(first)).toBe('exists');
      expect(await open().insert({ ...first, _id: own()._id })).toBe('exists');
      expect(await open().insert({ ...first, _id: own()._id, terminalId: 'other' })).toBe('inserted');
    });

    it('lets one of many racers move an order', async () => {
      const order = sampleOrder(own());
      await open().insert(order);
      const race = Array.from({ length: 20 }, (_, n) =>
        open().replace(order, { ...order, version: 2, attention: 'late-sale', watchers: [`w${n}`] }),
      );
      expect((await Promise.all(race)).filter((outcome) => outcome === 'moved')).toHaveLength(1);
    });

    it('appends events, and unsets what became null', async () => {
      const order = sampleOrder({ ...own(), saleSlot: `s${serial}` });
      await open().insert(order);
      const event = { n: 2, at: SAMPLE_TIME, name: 'order.closing' as const, by: 'y', data: { z: 1 } };
      const after = { ...order, version: 2, saleSlot: null, dueAt: null, events: [...order.events, event] };
      expect(await open().replace(order, after)).toBe('moved');
      expect(await open().get(order._id)).toEqual(after);
    });

    it('gives a sale slot to one order until it is free again', async () => {
      const [a, b] = [sampleOrder(own()), sampleOrder(own())];
      await open().insert(a);
      await open().insert(b);
      const saleSlot = `grid:${a.meterNo}:2`;
      const held = { ...a, version: 2, saleSlot };
      expect(await open().replace(a, held)).toBe('moved');
      expect(await open().replace(b, { ...b, version: 2, saleSlot })).toBe('slot-taken');
      expect((await open().bySaleSlot(saleSlot))?._id).toBe(a._id);
      expect(await open().replace(held, { ...held, version: 3, saleSlot: null })).toBe('moved');
      expect(await open().replace(b, { ...b, version: 2, saleSlot })).toBe('moved');
    });

    it("takes a channel's transaction once, and many orders without any", async () => {
      const [a, b] = [sampleOrder(own()), sampleOrder(own())];
      await open().insert(a);
      await open().insert(b);
      const payments = [samplePayment({ status: 'succeeded', transactionId: `tx${serial}` })];
      expect(await open().replace(a, { ...a, version: 2, payments })).toBe('moved');
      expect(await open().replace(b, { ...b, version: 2, payments })).toBe('transaction-taken');
      const two = [...payments, samplePayment({ no: 'p2', transactionId: `ty${serial}` })];
      const paid = await open().get(a._id);
      expect(paid && (await open().replace(paid, { ...paid, version: 3, payments: two }))).toBe('moved');
    });

    it('finds orders by refunds that are not over', async () => {
      const order = sampleOrder(own());
      await open().insert(order);
      const refund = { no: 'r1', paymentNo: 'p1', fen: 1, reason: 'not-sold', at: SAMPLE_TIME } as const;
      const found = async () =>
        (await open().withRefunds(['requested', 'abnormal'], 10, WHOLE_PROVINCE))
          .map(({ _id }) => _id)
          .filter((no) => no === order._id);
      const asked = { ...order, version: 2, refunds: [{ ...refund, status: 'requested' as const }] };
      await open().replace(order, asked);
      expect(await found()).toEqual([order._id]);
      const sent = { ...asked, version: 3, refunds: [{ ...refund, status: 'sent' as const }] };
      await open().replace(asked, sent);
      expect(await found()).toEqual([]);
      const two = [...sent.refunds, { ...refund, no: 'r2', status: 'abnormal' as const }];
      const both = { ...sent, version: 4, refunds: two };
      await open().replace(sent, both);
      expect(await found()).toEqual([order._id]);
      const done = {
        ...both,
        version: 5,
        refunds: two.map((each) => ({ ...each, status: 'done' as const })),
      };
      await open().replace(both, done);
      expect(await found()).toEqual([]);
      expect(await open().get(order._id)).toEqual(done);
    });

    it('finds orders by cash that waits for its household, by float and page', async () => {
      const at = SAMPLE_TIME;
      const owing = (float: string) => {
        const { _id, ...rest } = own();
        const payments = [
          { ...samplePayment({ no: `${_id}p1`, channel: 'cash', float, status: 'succeeded' }) },
        ];
        const owed = { no: `${_id}p1r3`, paymentNo: `${_id}p1`, fen: 1, reason: 'not-sold', at } as const;
        const refunds = [{ ...owed, status: 'done', handOut: { status: 'owed' } } as const];
        return sampleOrder({ _id, ...rest, payments, refunds });
      };
      const mine = `f${serial}`;
      const [a, b, other] = [owing(mine), owing(mine), owing('another')];
      for (const order of [b, a, other]) await open().insert(order);
      const float = a.payments[0]?.float ?? '';
      const found = async (of: { after?: string; limit?: number }, scope = WHOLE_PROVINCE) =>
        (await open().withCashOwed({ float, limit: 10, ...of }, scope)).map(({ _id }) => _id);
      expect(await found({})).toEqual([a._id, b._id]);
      expect(await found({ limit: 1 })).toEqual([a._id]);
      expect(await found({ after: a._id })).toEqual([b._id]);
      expect(await found({}, scopeOf('650200'))).toEqual([]);
      const all = await open().withCashOwed({ limit: 100 }, WHOLE_PROVINCE);
      expect(all.map(({ _id }) => _id)).toEqual(expect.arrayContaining([a._id, other._id]));
      const household = { grid: a.grid, customerNo: a.customerNo, maskedName: a.masked.name };
      const to = async (over: object = {}) =>
        (await open().cashOwedTo({ ...household, ...over })).map(({ _id }) => _id);
      expect(await to()).toEqual(expect.arrayContaining([a._id, b._id, other._id]));
      for (const over of [{ grid: 'x' }, { customerNo: 'x' }, { maskedName: '李*' }]) {
        expect(await to(over)).toEqual([]);
      }
      const fact = { at, by: 'u', staff: '104817', terminalId: 't1', slip: '000117' };
      const refunds = a.refunds.map((each) => ({
        ...each,
        handOut: { status: 'handed-out', ...fact } as const,
      }));
      const after = { ...a, version: 2, refunds };
      expect(await open().replace(a, after)).toBe('moved');
      expect(await found({})).toEqual([b._id]);
      expect(await open().get(a._id)).toEqual(after);
    });

    it("gives a household's paid orders under its name, newest first and page by page", async () => {
      const customerNo = `6501${own().meterNo}`;
      const state = 'done';
      const orders = [1, 2, 3].map(() => sampleOrder({ ...own(), customerNo, state }));
      const masked = { ...sampleOrder().masked, name: '李*' };
      const others = [
        sampleOrder({ ...own(), state }),
        sampleOrder({ ...own(), customerNo, state: 'closed' }),
        sampleOrder({ ...own(), customerNo, state: 'paying' }),
        sampleOrder({ ...own(), customerNo, state, grid: 'another' }),
        sampleOrder({ ...own(), customerNo, state, masked }),
      ];
      for (const each of [...others, ...orders]) await open().insert(each);
      const of = { grid: 'collection-v1', customerNo, maskedName: '张*' };
      const [oldest, middle, newest] = orders.map(({ _id }) => _id);
      const page = async (more: { limit: number; before?: string }) =>
        (await open().purchasesOf(of, more)).map(({ _id }) => _id);
      expect(await page({ limit: 2 })).toEqual([newest, middle]);
      expect(await page({ limit: 2, ...(middle && { before: middle }) })).toEqual([oldest]);
      expect(await page({ limit: 2, ...(oldest && { before: oldest }) })).toEqual([]);
    });

    it('searches by each key, and page by page, the newest first', async () => {
      const [first, second] = [own(), own()];
      const customerNo = `C${first._id.slice(-6)}`;
      const same = { customerNo, serial: 'AB'.repeat(4) + first._id.slice(-8), terminalId: first.terminalId };
      const paid = samplePayment({
        status: 'succeeded',
        transactionId: `tx-${first._id}`,
        paidAt: SAMPLE_TIME,
      });
      const one = sampleOrder({ ...first, ...same });
      await open().insert(one);
      await open().replace(one, { ...one, version: 2, state: 'paid', payments: [paid] });
      await open().insert(sampleOrder({ ...second, ...same, attention: 'late-sale', entry: 'iptv2' }));
      const found = async (query: OrderQuery, page: OrderPage = { limit: 10 }) =>
        (await open().search(query, page, WHOLE_PROVINCE)).map(({ _id }) => _id);
      const both = [second._id, first._id];
      expect(await found({ customerNo })).toEqual(both);
      expect(await found({ serial: same.serial })).toEqual(both);
      expect(await found({ terminalId: same.terminalId })).toEqual(both);
      expect(await found({ transactionId: `tx-${first._id}` })).toEqual([first._id]);
      expect(await found({ customerNo, state: 'paid' })).toEqual([first._id]);
      expect(await found({ customerNo, states: ['paid', 'sold'] })).toEqual([first._id]);
      expect(await found({ customerNo, customerTail: '0001' })).toEqual(both);
      expect(await found({ customerNo, customerTail: '0002' })).toEqual([]);
      expect(await found({ customerNo, attention: true })).toEqual([second._id]);
      expect(await found({ customerNo, entry: 'iptv2' })).toEqual([second._id]);
      expect(await found({ customerNo, from: second._id })).toEqual([second._id]);
      expect(await found({ customerNo, to: second._id })).toEqual([first._id]);
      expect(await found({ customerNo }, { limit: 1 })).toEqual([second._id]);
      expect(await found({ customerNo }, { limit: 1, after: second._id })).toEqual([first._id]);
      expect(await found({ customerNo: 'C-of-nobody' })).toEqual([]);
      const third = { ...own(), ...same, chip: 'SLE4428' as const, orgPath: ['province', '650100'] };
      await open().insert(sampleOrder(third));
      expect(await found({ customerNo, chip: 'SLE4428' })).toEqual([third._id]);
      expect(await found({ customerNo, orgId: 'province' })).toHaveLength(3);
      expect(await found({ customerNo, orgId: '650100' })).toEqual([third._id]);
      // Of those whom the scope shows, and no others.
      const seenBy = async (scope: string, orgId: string) =>
        (await open().search({ customerNo, orgId }, { limit: 10 }, scopeOf(scope))).map(({ _id }) => _id);
      expect(await seenBy('650100', 'province')).toEqual([third._id]);
      expect(await seenBy('650100', '650100')).toEqual([third._id]);
      expect(await seenBy('650200', '650100')).toEqual([]);
    });

    it('counts what is in a state, up to a bound, and tells since when the most overdue order waits', async () => {
      const before = await open().countOf('grid-silent', 1000);
      for (const ms of [90, 70, 80]) {
        await open().insert(sampleOrder({ ...own(), state: 'grid-silent', dueAt: new Date(ms) }));
      }
      expect(await open().countOf('grid-silent', 1000)).toBe(before + 3);
      expect(await open().countOf('grid-silent', before + 2)).toBe(before + 2);
      expect(await open().dueSince(new Date(90))).toEqual(new Date(70));
      expect(await open().dueSince(new Date(69))).toBeNull();
    });

    it('finds what is put off to a later time than any', async () => {
      const far = new Date('2099-01-01T00:00:00Z');
      const order = sampleOrder({ ...own(), dueAt: new Date(far.getTime() + 1) });
      await open().insert(order);
      await open().insert(sampleOrder({ ...own(), dueAt: far }));
      await open().insert(sampleOrder({ ...own(), dueAt: null }));
      expect(await open().dueAfter(far, 10)).toEqual([{ orderNo: order._id, version: order.version }]);
      await open().insert(sampleOrder({ ...own(), dueAt: new Date(far.getTime() + 2) }));
      expect(await open().dueAfter(far, 10)).toHaveLength(2);
      expect(await open().dueAfter(far, 1)).toHaveLength(1);
    });

    it('finds what is due, what a meter has unsettled, and what a terminal has to hear', async () => {
      const names = own();
      const order = sampleOrder({ ...names, watchers: ['w1', names.terminalId], dueAt: new Date(1000) });
      const done = sampleOrder({ ...own(), meterNo: names.meterNo, state: 'done', dueAt: null });
      await open().insert(order);
      await open().insert(done);
      const shard = shardOf(order._id);
      const dueAt = (ms: number) => open().due(new Date(ms), { shard, limit: 10 });
      expect(await dueAt(1000)).toEqual([order._id]);
      const elsewhere = { shard: (shard + 1) % SHARDS, limit: 10 };
      expect(await open().due(new Date(1000), elsewhere)).not.toContain(order._id);
      await open().postpone(order, new Date(2000));
      expect(await dueAt(1000)).toEqual([]);
      await open().postpone({ ...order, version: 7 }, null);
      expect(await dueAt(2000)).toEqual([order._id]);
      await open().postpone(order, null);
      const unsettled = await open().unsettledOfMeter(order.grid, order.meterNo);
      expect(unsettled.map(({ _id }) => _id)).toEqual([order._id]);
      const at = (since: Date) => open().changedSince(names.terminalId, since, 10);
      expect((await at(SAMPLE_TIME)).map(({ _id }) => _id)).toEqual([order._id]);
      expect(await at(new Date(SAMPLE_TIME.getTime() + 1))).toEqual([]);
    });

    it('keeps the times of parts where there are several, and forgets them at rest', async () => {
      const order = sampleOrder({ ...own(), dueAt: new Date(1000) });
      await open().insert(order);
      const stored = async () => {
        const { dueAt, dues } = (await open().get(order._id)) ?? { dueAt: undefined };
        return { dueAt, dues };
      };
      const dues = { sale: new Date(3000), [`${order._id}p1r3`]: new Date(2000) };
      await open().postpone(order, new Date(2000), dues);
      expect(await stored()).toEqual({ dueAt: new Date(2000), dues });
      await open().postpone(order, new Date(2000));
      expect(await stored()).toEqual({ dueAt: new Date(2000), dues: undefined });
      const moved = { ...order, version: order.version + 1, dueAt: new Date(4000), dues };
      expect(await open().replace(order, moved)).toBe('moved');
      expect(await stored()).toEqual({ dueAt: new Date(4000), dues });
      const { dues: _, ...rest } = { ...moved, version: moved.version + 1, dueAt: null };
      expect(await open().replace(moved, rest)).toBe('moved');
      expect(await stored()).toEqual({ dueAt: null, dues: undefined });
    });
  });
}
