import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { CodedError } from '@bianmin/card/errors';
import { Stop } from '@bianmin/card/stop';
import { CARD } from '../testing/purchase-rig.ts';
import { FAKE_STAFF } from '../testing/fake-counter.ts';
import { FAKE_HOME, FakePurchaseServer } from '../testing/fake-purchase-server.ts';
import type { OfferCash, PurchaseApi } from './ports.ts';
import { askServer } from './server-question.ts';
import type { ServerTools } from './server-question.ts';

const image: NonNullable<ServerTools['image']> = { chip: 'SLE4442', atr: '3B', serial: CARD, regions: [] };
const settings = { entry: 'kiosk', channel: 'wechat' } as const;
const key = '00000000-0000-4000-8000-000000000001';
const order = { idempotencyKey: key, faceFen: 5000, entry: 'kiosk' };

/** A server of which each call is written down with what it was asked. */
function server() {
  const clock = new ManualClock();
  const fake = new FakePurchaseServer(clock);
  const asked: unknown[][] = [];
  const api = new Proxy<PurchaseApi>(fake, {
    get: (target, name: keyof PurchaseApi) => {
      const call = target[name].bind(fake) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        asked.push([name, ...args]);
        return call(...args);
      };
    },
  });
  const journal: MemoryJournal & { ready?: () => Promise<void> } = new MemoryJournal();
  const offerCash: OfferCash = (orderNo, by) =>
    fake.offerCash(orderNo, 'staff' in by ? by : { shift: fake.counter.enter(FAKE_STAFF) });
  const tools: ServerTools = { api, offerCash, journal, clock, signal: new Stop().signal, settings, image };
  const ask = (effect: Parameters<typeof askServer>[0], over: Partial<ServerTools> = {}) =>
    askServer(effect, { ...tools, ...over });
  const made = async (): Promise<string> => {
    const { orderNo } = await fake.createOrder({ ...order, entry: 'kiosk', cardSession: `session-${CARD}` });
    return orderNo;
  };
  return { clock, fake, asked, journal, ask, made };
}

describe('a question about a card', () => {
  it('shows the server what was read', async () => {
    const { ask, asked } = server();
    const event = await ask({ do: 'identify', turn: 8 });
    expect(event).toMatchObject({ type: 'identified', turn: 8, answer: { cardSession: `session-${CARD}` } });
    expect(asked).toEqual([['identify', { image, entry: 'kiosk' }]]);
  });

  it('is not asked where nothing was read, or where the journal is not ready', async () => {
    const { ask, asked, journal } = server();
    await expect(ask({ do: 'identify', turn: 8 }, { image: undefined })).rejects.toMatchObject({
      code: 'purchase.no-slot',
    });
    const full = new CodedError({ code: 'journal.not-durable', message: 'full' });
    journal.ready = () => Promise.reject(full);
    await expect(ask({ do: 'identify', turn: 8 })).rejects.toBe(full);
    const of = { cardSession: 's' };
    await expect(ask({ do: 'create-order', turn: 8, of, faceFen: 5000, key })).rejects.toBe(full);
    expect(asked).toEqual([]);
  });
});

describe('an order', () => {
  const make = { do: 'create-order', turn: 8, faceFen: 5000, key } as const;
  const homeId = FAKE_HOME.homeId;
  const proven = { customerNo: FAKE_HOME.customerNo, proof: FAKE_HOME.proof };

  it.each([
    ['of a card', { cardSession: 'session-65' }, ['createOrder', { ...order, cardSession: 'session-65' }]],
    ['of a number', proven, ['createRemoteOrder', { ...order, ...proven }]],
    ['of a kept household', { homeId }, ['createHomeOrder', homeId, order]],
  ] as const)('is made %s', async (_, of, call) => {
    const { ask, asked, fake, clock } = server();
    const event = await ask({ ...make, of });
    expect(asked).toEqual([call]);
    expect(event).toEqual({ type: 'ordered', turn: 8, order: fake.last, at: clock.now(), skewMs: null });
  });

  it('is told with the difference of the clocks, where that is measured', async () => {
    const { ask } = server();
    const effect = { ...make, of: { cardSession: 'session-65' } };
    expect(await ask(effect, { skewMs: () => 700 })).toMatchObject({ skewMs: 700 });
    expect(await ask(effect, { skewMs: () => null })).toMatchObject({ skewMs: null });
  });

  it('is paid, looked at, cancelled and decided about', async () => {
    const { ask, asked, fake, made } = server();
    const orderNo = await made();
    const asks = async (effect: Parameters<typeof askServer>[0]) => {
      expect(await ask(effect)).toEqual({ type: 'order', order: fake.last });
    };
    await asks({ do: 'create-payment', turn: 8, orderNo, channel: 'alipay' });
    await asks({ do: 'refresh', orderNo });
    await asks({ do: 'cancel', turn: 8, orderNo });
    fake.move(orderNo, 'credit-failed', { choices: ['refund'] });
    await asks({ do: 'choose', turn: 8, orderNo, choice: 'refund' });
    expect(asked).toEqual([
      ['createPayment', orderNo, { channel: 'alipay' }],
      ['order', orderNo],
      ['cancel', orderNo],
      ['choose', orderNo, { choice: 'refund' }],
    ]);
  });

  it('says what it buys', async () => {
    const { ask, fake, made } = server();
    const orderNo = await made();
    const quote = await fake.quote(orderNo);
    expect(await ask({ do: 'quote', orderNo })).toEqual({ type: 'quoted', orderNo, quote });
  });

  it('is paid in cash, with a receipt', async () => {
    const { ask, asked, made } = server();
    const orderNo = await made();
    const offered = await ask({ do: 'offer-cash', turn: 8, orderNo, by: FAKE_STAFF });
    expect(offered).toMatchObject({ type: 'cash-offered', turn: 8, offer: { takeFen: 5000 } });
    const taken = await ask({ do: 'take-cash', turn: 9, orderNo, ticket: `ticket-${orderNo}` });
    expect(taken).toMatchObject({ type: 'order', order: { orderNo, state: 'sold' } });
    const told = await ask({ do: 'ask-cash', turn: 10, orderNo, afterMs: 0 });
    expect(told).toMatchObject({ type: 'cash-asked', turn: 10, receipt: { orderNo } });
    const paper = await ask({ do: 'cash-receipt', orderNo });
    expect(paper).toMatchObject({ type: 'cash-receipt', receipt: { orderNo, takenFen: 5000 } });
    expect(asked.at(-1)).toEqual(['cashReceipt', orderNo]);
  });
});

describe('a question about a household', () => {
  it('is asked by its number and proof, or by the name the box has for it', async () => {
    const { ask, asked } = server();
    const { customerNo, proof, homeId } = FAKE_HOME;
    const described = { type: 'described', turn: 8, answer: { customer: { customerNo: '****1001' } } };
    expect(await ask({ do: 'describe', turn: 8, customerNo, proof })).toMatchObject(described);
    expect(await ask({ do: 'recall', turn: 8, homeId })).toMatchObject(described);
    expect(asked).toEqual([
      ['describeRemote', { customerNo, proof }],
      ['describeHome', homeId],
    ]);
  });

  it('fails as the server does', async () => {
    const { ask } = server();
    await expect(ask({ do: 'recall', turn: 8, homeId: 'of-another-box--' })).rejects.toMatchObject({
      code: 'binding.not-found',
    });
  });
});
