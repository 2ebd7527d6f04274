import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Complaints } from '../../../people/complaint/complaints.ts';
import { ComplaintStore } from '../../../people/complaint/complaint-store.ts';
import type { ComplaintSource } from '../complaint-contract.ts';
import { WHOLE_PROVINCE } from '../../../kernel/scope.ts';
import { NumberSeal } from '../../../kernel/sealed-number.ts';
import { codeUrlOf } from '../handle.ts';
import { openTestContext, type TestContext } from '../../../testing/context.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import { startWechat, wechatComplaints } from '../../../testing/wechat-harness.ts';

const HOUR_MS = 3_600_000;
const ANNA = { id: 'u1', name: 'anna', scope: WHOLE_PROVINCE };
const PAYMENT = '260301100000000001p1';
const WORDS = '我叫王小明，付了钱没有电';

let t: TestContext;
let wallet: WalletHarness;
let source: ComplaintSource;
let complaints: Complaints;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  wallet = await startWechat();
  source = wechatComplaints(wallet.wallet.url, wallet);
  t.db.deleteModel(/^Complaint$/u);
  await t.db.collection('complaints').deleteMany({});
  const store = new ComplaintStore(t.db);
  await store.prepare();
  complaints = new Complaints({
    ...{ store, sources: new Map([['wechat', source]]), seal: new NumberSeal(Buffer.alloc(32, 3)) },
    orgPathOf: () => Promise.resolve(undefined),
    ...{ clock: wallet.clock, log: pino({ level: 'silent' }) },
  });
});
afterEach(() => wallet.close());

/** What a payer does on the wallet's own pages. */
async function control(path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${wallet.wallet.url}/wallet/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function pay(paymentNo = PAYMENT): Promise<void> {
  const made = await wallet.channel.create({
    ...{
      paymentNo,
      amountFen: 5000,
      description: '购电',
      notifyUrl: wallet.notifyUrl,
      terminalId: 'kiosk-1',
    },
    expiresAt: new Date(wallet.now() + 300_000),
  });
  await wallet.pay(codeUrlOf(made));
}

async function filed(over: object = {}): Promise<string> {
  const { id } = (await control('complaints', { outTradeNo: PAYMENT, text: WORDS, ...over })) as {
    id: string;
  };
  return id;
}

interface Seen {
  readonly id: string;
  readonly state: string;
  readonly history: readonly { readonly type: string; readonly words: string }[];
}
const seen = async (): Promise<Seen[]> => (await control('complaints')) as Seen[];
const queued = async () => (await complaints.list({ limit: 10 }, WHOLE_PROVINCE))[0];

describe('a complaint at WeChat', () => {
  it('goes the whole way: raised, queued, answered by staff, settled, and the wallet has heard it all', async () => {
    await pay();
    const no = await filed({ problem: 'SERVICE_NOT_WORK' });
    expect(await complaints.fetch()).toBe(1);
    const found = await queued();
    expect(found).toMatchObject({
      ...{ _id: `wechat:${no}`, state: 'open', problem: 'service', amountFen: 5000 },
      ...{ orderNo: '260301100000000001', channel: 'wechat' },
      answerBy: new Date((found?.raisedAt.getTime() ?? 0) + 24 * HOUR_MS),
    });
    if (found === undefined) throw new Error('Nothing is queued.');
    expect(complaints.wordsOf(found)).toBe(WORDS);
    await complaints.reply(found._id, ANNA, '请把电卡插回终端，写卡后就有电了。');
    await complaints.work();
    expect(await seen()).toMatchObject([
      { state: 'PROCESSING', history: [{}, { words: '请把电卡插回终端，写卡后就有电了。' }] },
    ]);
    await complaints.finish(found._id, ANNA);
    await complaints.work();
    expect((await seen())[0]?.state).toBe('PROCESSED');
    expect(await complaints.fetch()).toBe(0);
    expect(await queued()).toMatchObject({
      state: 'finished',
      steps: [{ status: 'sent' }, { status: 'sent' }],
    });
  });

  it('that the payer goes on with waits again, with the new words after the first', async () => {
    await pay();
    const id = await filed();
    await complaints.fetch();
    await complaints.reply(`wechat:${id}`, ANNA, '我们在查。');
    await complaints.work();
    await control('complaints/words', { id, text: '还是没有电' });
    await complaints.fetch();
    const found = await queued();
    expect(found?.state).toBe('open');
    if (found !== undefined) expect(complaints.wordsOf(found)).toBe(`${WORDS}\n还是没有电`);
    await complaints.reply(`wechat:${id}`, ANNA, '已经重新写卡。');
    await complaints.work();
    await complaints.fetch();
    const later = await queued();
    expect(later?.state).toBe('answered');
    if (later !== undefined) expect(complaints.wordsOf(later)).toBe(`${WORDS}\n还是没有电`);
    expect(JSON.stringify(await t.db.collection('complaints').find().toArray())).not.toContain('王小明');
  });

  it('is told of by a signed notification, which says that there is something and not what', async () => {
    await pay();
    const complaintNo = await filed();
    const notices = await Promise.all(
      (await wallet.received()).map(({ headers, rawBody }) =>
        wallet.channel.parseNotification(headers, rawBody),
      ),
    );
    expect(notices).toMatchObject([{ kind: 'payment' }, { kind: 'complaint', complaintNo }]);
    expect(wallet.wallet.notifications('wechat').at(-1)).toMatchObject({
      kind: 'complaint',
      status: 'acknowledged',
    });
  });

  it('may be answered with the money: the wallet shows it as given back', async () => {
    await pay();
    await filed({ problem: 'REFUND' });
    const raw = async () => {
      const all: unknown[] = [];
      for await (const each of source.since(new Date(wallet.now() - HOUR_MS))) all.push(each);
      return all;
    };
    expect(await raw()).toMatchObject([{ problem: 'refund', state: 'open', paymentNo: PAYMENT }]);
    await wallet.channel.refund({
      ...{ paymentNo: PAYMENT, refundNo: `${PAYMENT}r1`, refundFen: 5000, totalFen: 5000, reason: '投诉' },
    });
    await wallet.advance(60_000);
    expect(wallet.wallet.refunds('wechat')).toMatchObject([{ status: 'SUCCESS', refundFen: 5000 }]);
  });

  it('is settled only after an answer, and an unknown one is refused', async () => {
    await pay();
    const id = await filed();
    await expect(source.finish(id)).rejects.toMatchObject({ code: 'payment.refused' });
    await expect(source.reply('2002', 'x')).rejects.toMatchObject({ code: 'payment.refused' });
    await source.reply(id, 'x');
    await source.finish(id);
    await expect(source.reply(id, 'y')).rejects.toMatchObject({ code: 'payment.refused' });
  });

  it('waits while the wallet is away, is told once it is back, and is asked for over months and many pages', async () => {
    await pay();
    const first = await filed();
    wallet.advance(45 * 24 * HOUR_MS).catch(() => undefined);
    for (let n = 0; n < 51; n += 1) await filed({ text: `第${n}次` });
    const nos: string[] = [];
    for await (const { no } of source.since(new Date(wallet.now() - 50 * 24 * HOUR_MS))) nos.push(no);
    expect([nos.length, nos[0], new Set(nos).size]).toEqual([52, first, 52]);
    wallet.wallet.setFaults({ outage: true });
    await expect(source.reply(first, 'x')).rejects.toMatchObject({ code: 'payment.unknown' });
    expect(await complaints.fetch()).toBe(0);
    wallet.wallet.setFaults({ outage: false });
    expect(await complaints.fetch()).toBe(51);
  });
});
