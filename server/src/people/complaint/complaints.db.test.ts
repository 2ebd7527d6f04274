import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { pino } from 'pino';
import { PaymentError } from '../../gateways/payment/error.ts';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { deadlineOf } from './complaint.ts';
import { ComplaintStore } from './complaint-store.ts';
import { Complaints } from './complaints.ts';
import type { ChannelComplaint, ComplaintSource } from '../../gateways/payment/complaint-contract.ts';

const HOUR = 3_600_000;
const ANNA = { id: 'u1', name: 'anna', scope: WHOLE_PROVINCE };
const WORDS = '我叫王小明，付了钱没有电';

/** A wallet in memory: what was raised there and what it heard. */
class Wallet implements ComplaintSource {
  readonly channel = 'wechat';
  readonly deadlines = { answerMs: 24 * HOUR, finishMs: 72 * HOUR };
  readonly raised: ChannelComplaint[] = [];
  readonly heard: string[] = [];
  fails: PaymentError['code'] | undefined;

  async *since(from: Date): AsyncIterable<ChannelComplaint> {
    await this.#fail();
    for (const each of this.raised) if (each.raisedAt >= from) yield each;
  }

  async reply(no: string, text: string): Promise<void> {
    await this.#fail();
    this.heard.push(`${no} ${text}`);
  }

  async finish(no: string): Promise<void> {
    await this.#fail();
    this.heard.push(`${no} finished`);
  }

  #fail(): Promise<void> {
    return this.fails === undefined
      ? Promise.resolve()
      : Promise.reject(new PaymentError({ code: this.fails, message: 'The wallet fails.' }));
  }
}

let t: TestContext;
let clock: ManualClock;
let wallet: Wallet;
let complaints: Complaints;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  clock = new ManualClock();
  wallet = new Wallet();
  t.db.deleteModel(/^Complaint$/u);
  await t.db.collection('complaints').deleteMany({});
  const store = new ComplaintStore(t.db);
  await store.prepare();
  const seal = new NumberSeal(Buffer.alloc(32, 7));
  const orgPathOf = (orderNo: string) =>
    Promise.resolve(orderNo === '260301100000000001' ? ['province', '650100', 'c1'] : undefined);
  const sources = new Map([['wechat' as const, wallet]]);
  complaints = new Complaints({ store, sources, orgPathOf, seal, clock, log: pino({ level: 'silent' }) });
});

function raise(over: Partial<ChannelComplaint> = {}): void {
  wallet.raised.push({
    no: 'C1',
    raisedAt: new Date(clock.now()),
    problem: 'service',
    text: WORDS,
    state: 'open',
    paymentNo: '260301100000000001p1',
    transactionId: 't1',
    amountFen: 5000,
    ...over,
  });
}

describe('a complaint', () => {
  it('are their order’s organisation’s, and those of no order the province’s', async () => {
    raise();
    raise({ no: 'C2', paymentNo: 'of somebody else' });
    await complaints.fetch();
    const seen = async (org: string) =>
      (await complaints.list({ limit: 10 }, scopeOf(org))).map(({ no }) => no).toSorted();
    expect([await seen('province'), await seen('650100'), await seen('c1'), await seen('653100')]).toEqual([
      ['C1', 'C2'],
      ['C1'],
      ['C1'],
      [],
    ]);
    const other = { ...ANNA, scope: scopeOf('653100') };
    await expect(complaints.reply('wechat:C1', other, '已为您补写')).rejects.toMatchObject({
      code: 'request.not-found',
    });
    await expect(complaints.get('wechat:C2', scopeOf('c1'))).rejects.toMatchObject({
      code: 'request.not-found',
    });
  });

  it('comes with its order and is kept once', async () => {
    raise();
    expect(await complaints.fetch()).toBe(1);
    expect(await complaints.fetch()).toBe(0);
    const [found] = await complaints.list({ limit: 10 }, WHOLE_PROVINCE);
    expect(found).toMatchObject({ _id: 'wechat:C1', orderNo: '260301100000000001', state: 'open' });
    expect(found && complaints.wordsOf(found)).toBe(WORDS);
  });

  it('is kept with its words sealed', async () => {
    raise();
    await complaints.fetch();
    expect(JSON.stringify(await t.db.collection('complaints').findOne({}))).not.toContain('王小明');
  });

  it('about a payment that is none of ours has no order', async () => {
    raise({ paymentNo: 'other' });
    await complaints.fetch();
    expect((await complaints.list({ limit: 10 }, WHOLE_PROVINCE))[0]?.orderNo).toBeNull();
  });

  it('is to be answered within a day and settled within three', async () => {
    raise();
    await complaints.fetch();
    const open = await complaints.get('wechat:C1', WHOLE_PROVINCE);
    expect(deadlineOf(open)).toEqual(open.answerBy);
    const answered = await complaints.reply('wechat:C1', ANNA, '已为您补写');
    expect(deadlineOf(answered)).toEqual(open.finishBy);
    expect(deadlineOf(await complaints.finish('wechat:C1', ANNA))).toBeNull();
  });

  it('is answered and settled at the wallet in that order', async () => {
    raise();
    await complaints.fetch();
    await complaints.reply('wechat:C1', ANNA, '已为您补写');
    await complaints.finish('wechat:C1', ANNA);
    await complaints.work();
    expect(wallet.heard).toEqual(['C1 已为您补写', 'C1 finished']);
    expect(await complaints.get('wechat:C1', WHOLE_PROVINCE)).toMatchObject({
      state: 'finished',
      dueAt: null,
    });
    expect(await complaints.work()).toBe(0);
  });

  it.each(['payment.unavailable', 'payment.unknown'] as const)(
    'is told again where the wallet fails with %s, and not settled before it was answered',
    async (fails) => {
      raise();
      await complaints.fetch();
      await complaints.reply('wechat:C1', ANNA, '已为您补写');
      await complaints.finish('wechat:C1', ANNA);
      wallet.fails = fails;
      await complaints.work();
      expect(await complaints.get('wechat:C1', WHOLE_PROVINCE)).toMatchObject({ state: 'open' });
      wallet.fails = undefined;
      clock.jump(HOUR);
      await complaints.work();
      expect(wallet.heard).toEqual(['C1 已为您补写', 'C1 finished']);
    },
  );

  it('whose answer the wallet refuses shows that, and can be answered anew', async () => {
    raise();
    await complaints.fetch();
    await complaints.reply('wechat:C1', ANNA, 'x');
    wallet.fails = 'payment.refused';
    await complaints.work();
    expect((await complaints.get('wechat:C1', WHOLE_PROVINCE)).steps[0]?.status).toBe('refused');
    await expect(complaints.finish('wechat:C1', ANNA)).rejects.toMatchObject({
      code: 'complaint.unanswered',
    });
    wallet.fails = undefined;
    await complaints.reply('wechat:C1', ANNA, 'y');
    await complaints.work();
    expect(wallet.heard).toEqual(['C1 y']);
  });

  it('cannot be settled before it was answered, nor answered after it was settled', async () => {
    raise();
    await complaints.fetch();
    await expect(complaints.finish('wechat:C1', ANNA)).rejects.toMatchObject({
      code: 'complaint.unanswered',
    });
    await complaints.reply('wechat:C1', ANNA, 'a');
    await complaints.finish('wechat:C1', ANNA);
    await expect(complaints.reply('wechat:C1', ANNA, 'b')).rejects.toMatchObject({
      code: 'complaint.finished',
    });
  });

  it('that was finished at the wallet itself is finished here', async () => {
    raise();
    await complaints.fetch();
    wallet.raised.length = 0;
    raise({ state: 'finished' });
    await complaints.fetch();
    expect((await complaints.get('wechat:C1', WHOLE_PROVINCE)).state).toBe('finished');
  });

  it('of a wallet that does not answer waits for the next time', async () => {
    raise();
    wallet.fails = 'payment.unknown';
    expect(await complaints.fetch()).toBe(0);
    wallet.fails = undefined;
    expect(await complaints.fetch()).toBe(1);
  });
});
