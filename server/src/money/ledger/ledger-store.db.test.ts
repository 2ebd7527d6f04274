import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { LedgerStore, type PostingQuery } from './ledger-store.ts';
import type { Posting } from './posting.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

async function opened(db = t.another()): Promise<LedgerStore> {
  const ledger = new LedgerStore(db);
  await ledger.prepare();
  return ledger;
}

function posting(source: string, over: Partial<Posting> = {}, fen = 100): Posting {
  return {
    ...{ source, n: 1, group: 'money', name: 'payment.succeeded', day: '2026-03-01' },
    ...{ at: new Date('2026-03-01T04:00:00Z'), terminalId: 'T1', meterNo: 'M1' },
    legs: [
      { account: 'channel:wechat', fen },
      { account: 'payer:held', fen: -fen },
    ],
    ...over,
  };
}

async function read(ledger: LedgerStore, query: PostingQuery): Promise<Posting[]> {
  const found: Posting[] = [];
  for await (const each of ledger.read(query)) found.push(each);
  return found;
}

describe('a posting in the ledger', () => {
  it('is read as it was added, and is new once', async () => {
    const ledger = await opened();
    const [one, two] = [posting('o1'), posting('o2')];
    expect(await ledger.add([one])).toBe(1);
    expect(await ledger.add([one, two])).toBe(1);
    expect(await ledger.add([one, two])).toBe(0);
    expect(await ledger.add([])).toBe(0);
    expect(await read(ledger, {})).toEqual([one, two]);
  });

  it('is another one under another number or in another group', async () => {
    const ledger = await opened();
    const all = [posting('o1'), posting('o1', { n: 2 }), posting('o1', { group: 'fee' })];
    expect(await ledger.add(all)).toBe(3);
    expect((await read(ledger, {})).map(({ n, group }) => [n, group])).toEqual([
      [1, 'fee'],
      [1, 'money'],
      [2, 'money'],
    ]);
  });

  it('is refused where it does not add up or is there with other legs, and nothing of what came with it is kept', async () => {
    const ledger = await opened();
    await ledger.add([posting('o1')]);
    const [held] = posting('o1').legs.slice(1);
    const bent: [readonly Posting[], string][] = [
      [
        [posting('o2'), { ...posting('o3'), legs: posting('o3').legs.slice(1) }],
        'o3:1:money does not add up to zero',
      ],
      [[posting('o2'), posting('o1', {}, 101)], 'o1:1:money is in the ledger with other legs'],
      [[posting('o1', { legs: [] })], 'o1:1:money is in the ledger with other legs'],
      [
        [
          posting('o1', {
            legs: [{ account: 'channel:alipay', fen: 100 }, ...(held === undefined ? [] : [held])],
          }),
        ],
        'o1:1:money is in the ledger with other legs',
      ],
    ];
    for (const [postings, why] of bent) {
      await expect(ledger.add(postings)).rejects.toMatchObject({
        code: 'ledger.unsound',
        message: `The posting ${why}. Nothing of the ledger was changed; look at the events of its source.`,
      });
    }
    expect(await read(ledger, {})).toEqual([posting('o1')]);
  });

  it('is added once where two are at it at the same moment', async () => {
    const ledger = await opened();
    const all = Array.from({ length: 20 }, (_, n) => posting(`o${n}`));
    const added = await Promise.all([ledger.add(all), ledger.add(all.toReversed()), ledger.add(all)]);
    expect(Math.max(...added)).toBeLessThanOrEqual(20);
    expect(await read(ledger, {})).toHaveLength(20);
  });

  it('is in "postings" once by its source, number and group, which the database itself sees to', async () => {
    const db = t.another();
    const ledger = await opened(db);
    await ledger.add([posting('o1')]);
    const second = { ...posting('o1'), _id: 'another' };
    await expect(db.collection<{ _id: string }>('postings').insertOne(second)).rejects.toMatchObject({
      code: 11_000,
    });
    const kept = await db.collection('postings').find({}).toArray();
    expect(kept).toEqual([{ _id: 'o1:1:money', ...posting('o1') }]);
  });

  it('that has a field too many is not taken', async () => {
    const ledger = await opened();
    await expect(ledger.add([{ ...posting('o1'), customerNo: '65' } as Posting])).rejects.toThrow(
      'customerNo',
    );
  });
});

describe('what is read of the ledger', () => {
  /** Each of another sum, so that a turnover tells which of them it is of. */
  async function filled(): Promise<LedgerStore> {
    const ledger = await opened();
    const { terminalId: _, meterNo: __, ...fee } = posting('bill:wechat:2026-03-03', {}, 10_000);
    await ledger.add([
      posting('o3', { day: '2026-03-03' }, 100),
      posting('o1', {}, 1),
      posting('o2', { day: '2026-03-02' }, 10),
      posting('o4', { meterNo: 'M2', terminalId: 'T2' }, 1000),
      { ...fee, day: '2026-03-03' },
    ]);
    return ledger;
  }

  it.each<[PostingQuery, string[]]>([
    [{}, ['bill:wechat:2026-03-03', 'o1', 'o2', 'o3', 'o4']],
    [{ from: '2026-03-03', to: '2026-03-03' }, ['bill:wechat:2026-03-03', 'o3']],
    [{ from: '2026-03-02', to: '2026-03-02' }, ['o2']],
    [{ source: 'o3' }, ['o3']],
  ])('is what was asked for, in the order of its sources: %j', async (query, sources) => {
    const ledger = await filled();
    expect((await read(ledger, query)).map(({ source }) => source)).toEqual(sources);
  });

  it.each<[PostingQuery | undefined, number]>([
    [undefined, 11_111],
    [{}, 11_111],
    [{ from: '2026-03-02' }, 10_110],
    [{ to: '2026-03-02' }, 1011],
    [{ from: '2026-03-02', to: '2026-03-03' }, 10_110],
    [{ from: '2026-03-02', to: '2026-03-02' }, 10],
    [{ meterNo: 'M1' }, 111],
    [{ meterNo: 'M1', from: '2026-03-01', to: '2026-03-01' }, 1],
    [{ terminalIds: ['T2', 'T3'] }, 1000],
    [{ terminalIds: ['T1', 'T2'], to: '2026-03-01' }, 1001],
    [{ source: 'o3' }, 100],
  ])('is the turnover of that and of nothing else: %j', async (query, fen) => {
    const ledger = await filled();
    const sums = { 'channel:wechat': fen, 'payer:held': -fen };
    expect(Object.fromEntries(await ledger.turnover(query))).toEqual(sums);
  });

  it('is no turnover at all where nothing is found', async () => {
    const ledger = await filled();
    expect((await ledger.turnover({ terminalIds: [] })).size).toBe(0);
    expect((await ledger.turnover({ from: '2026-03-04' })).size).toBe(0);
  });

  it('adds up on one account for the sources that are named, however many those are', async () => {
    const ledger = await filled();
    expect(await ledger.sumOf('payer:held', ['o1', 'o2', 'o9'])).toBe(-11);
    expect(await ledger.sumOf('payer:held', [])).toBe(0);
    expect(await ledger.sumOf('bank', ['o1'])).toBe(0);
    const many = Array.from({ length: 2100 }, (_, n) => `none-${n}`);
    expect(await ledger.sumOf('payer:held', ['o1', ...many, 'o2'])).toBe(-11);
    many[999] = 'o1';
    many[1000] = 'o2';
    expect(await ledger.sumOf('channel:wechat', many)).toBe(11);
  });
});
