import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { CodedError } from '@bianmin/card/errors';
import type { JournalEntry } from '@bianmin/card/meter-card/journal';
import { order } from '../testing/card-purchase-states.ts';
import { fault } from '../testing/fake-order-book.ts';
import { Claims } from './claims.ts';
import { Mutex } from './mutex.ts';

const written: JournalEntry = {
  ...{ orderNo: '1', lease: 3, chip: 'SLE4442', serial: '65', ranges: [], outsideDigest: 'o' },
  ...{ phase: 'written', startedAt: 1, imageDigest: 'i' },
};
const cut: JournalEntry = { ...written, orderNo: '2', phase: 'writing' };

/** Claims over a journal with these entries, and a server that takes each call as `answers` says. */
async function claims(...entries: readonly JournalEntry[]) {
  const clock = new ManualClock();
  const journal = new MemoryJournal();
  for (const entry of entries) await journal.put(entry);
  const began = clock.now();
  const calls: unknown[][] = [];
  const faults: unknown[][] = [];
  const heard: unknown[] = [];
  const answers = {
    claim: () => Promise.resolve(order('done')),
    order: () => Promise.resolve(order('writing')),
  };
  const mutex = new Mutex();
  const it = new Claims({
    journal,
    clock,
    api: {
      claim: (...args) => {
        calls.push([clock.now() - began, 'claim', ...args]);
        return answers.claim();
      },
      order: (...args) => {
        calls.push([clock.now() - began, 'order', ...args]);
        return answers.order();
      },
    },
    exclusive: (work) => mutex.run(work),
    onOrder: (each) => heard.push(each),
    onFault: (...each) => faults.push(each),
  });
  const left = async () => (await journal.list()).map(({ orderNo }) => orderNo);
  return { claims: it, clock, journal, calls, faults, heard, answers, mutex, left };
}
const taken = { lease: 3, result: 'written', imageDigest: 'i' };

describe('a claim', () => {
  it('is delivered, leaves the journal, and its order is heard of', async () => {
    const { claims: it, calls, heard, faults, left } = await claims(written);
    await it.start();
    await settled();
    expect(calls).toEqual([[0, 'claim', '1', taken]]);
    expect(await left()).toEqual([]);
    expect(heard).toEqual([order('done')]);
    expect(faults).toEqual([]);
    await it.stop();
  });

  it('of a failed write says why, in as many letters as the server takes', async () => {
    const { imageDigest: _, ...bare } = written;
    const failed: JournalEntry = { ...bare, phase: 'failed', reason: 'r'.repeat(70) };
    const { claims: it, calls } = await claims(failed, { ...bare, orderNo: '9', phase: 'failed' });
    await it.start();
    await settled();
    expect(calls).toEqual([
      [0, 'claim', '1', { lease: 3, result: 'failed', reason: 'r'.repeat(64) }],
      [0, 'claim', '9', { lease: 3, result: 'failed' }],
    ]);
    await it.stop();
  });

  it('says how many tries the card told, and stays as told where the card lost some', async () => {
    const keys = { digest: 'd', unanswered: 0, refused: true } as const;
    const refused: JournalEntry = { ...written, phase: 'failed', reason: 'r', triesLeft: 7, keys };
    const { claims: it, clock, journal, calls } = await claims(refused);
    await it.start();
    await settled();
    const said = [
      0,
      'claim',
      '1',
      { lease: 3, result: 'failed', imageDigest: 'i', reason: 'r', triesLeft: 7 },
    ];
    expect(calls).toEqual([said]);
    expect(await journal.list()).toEqual([{ ...refused, told: true }]);
    await clock.advance(1_200_000);
    expect(calls).toEqual([said]);
    await it.stop();
  });

  it('is tried again after waits that double, up to a minute', async () => {
    const { claims: it, clock, calls, faults, left, answers } = await claims(written);
    const away = fault('server.unavailable');
    answers.claim = () => Promise.reject(away);
    await it.start();
    await clock.advance(250_000);
    expect(calls.map(([at]) => at)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243].map((s) => s * 1_000));
    expect(faults[0]).toEqual(['claim', away]);
    expect(await left()).toEqual(['1']);
    // Once it got through the next one begins with the short wait.
    answers.claim = () => Promise.resolve(order('done'));
    await clock.advance(60_000);
    expect(await left()).toEqual([]);
    await it.stop();
  });

  it('waits a short time again for the next one, once one got through', async () => {
    const { claims: it, clock, journal, calls, answers } = await claims(written);
    answers.claim = () => Promise.reject(fault('server.unavailable'));
    await it.start();
    await clock.advance(20_000);
    answers.claim = () => Promise.resolve(order('done'));
    await clock.advance(12_000);
    answers.claim = () => Promise.reject(fault('server.unavailable'));
    await journal.put({ ...written, orderNo: '5' });
    it.kick();
    await clock.advance(1_000);
    expect(calls.slice(-2).map(([at]) => at)).toEqual([32_000, 33_000]);
    await it.stop();
  });

  it.each(['order.lease-stale', 'order.already-written', 'order.not-found'])(
    'that the server will never take leaves the journal, and is told: %s',
    async (code) => {
      const { claims: it, clock, journal, calls, faults, heard, left, answers } = await claims(written);
      const never = fault(code);
      answers.claim = () => Promise.reject(never);
      await it.start();
      await settled();
      expect(await left()).toEqual([]);
      expect(faults).toEqual([['claim', never]]);
      expect(heard).toEqual([]);
      // Nothing is left to be tried again.
      await journal.put({ ...written, orderNo: '5' });
      await clock.advance(60_000);
      expect(calls).toHaveLength(1);
      await it.stop();
    },
  );

  it('stays where an answer is of no known kind', async () => {
    const { claims: it, left, answers } = await claims(written);
    answers.claim = () => Promise.reject(new Error('odd'));
    await it.start();
    await settled();
    expect(await left()).toEqual(['1']);
    await it.stop();
  });

  it('does not hold up the others', async () => {
    const { claims: it, clock, left, answers } = await claims(cut, written, { ...written, orderNo: '3' });
    let tries = 0;
    answers.claim = () =>
      tries++ === 0 ? Promise.reject(fault('server.unavailable')) : Promise.resolve(order('done'));
    await it.start();
    await settled();
    expect(await left()).toEqual(['2', '1']);
    await clock.advance(2_000);
    expect(await left()).toEqual(['2']);
    await it.stop();
  });

  it('that is new is delivered at once when that is said', async () => {
    const { claims: it, calls, journal, clock } = await claims();
    await it.start();
    await clock.advance(5_000);
    await journal.put(written);
    await settled();
    expect(calls).toEqual([]);
    it.kick();
    await settled();
    expect(calls).toEqual([[5_000, 'claim', '1', taken]]);
    await it.stop();
  });

  it('that is gone from the journal by then is let be', async () => {
    const { claims: it, left, journal, faults, mutex } = await claims(cut, written);
    void mutex.run(async () => {
      await settled();
      await journal.remove('1');
    });
    await it.start();
    await settled();
    await settled();
    expect(await left()).toEqual(['2']);
    expect(faults).toEqual([]);
    await it.stop();
  });

  it('stays where its order is written anew while it is on its way', async () => {
    for (const newer of [
      { ...written, lease: 4 },
      { ...written, phase: 'writing' as const },
    ]) {
      const { claims: it, journal, mutex, left } = await claims(written);
      // No entry is looked at and removed while a write is under way.
      void mutex.run(async () => {
        await settled();
        await journal.put(newer);
      });
      await it.start();
      await settled();
      await settled();
      expect(await left()).toEqual(['1']);
      await it.stop();
    }
  });
});

describe('a write that was cut short', () => {
  it('is kept while its order may be written, and asked about every ten minutes', async () => {
    const { claims: it, clock, calls, left } = await claims(cut);
    await it.start();
    await clock.advance(1_200_000);
    expect(calls).toEqual([0, 600_000, 1_200_000].map((at) => [at, 'order', '2']));
    expect(await left()).toEqual(['2']);
    await it.stop();
  });

  it('is not asked about for each claim in between', async () => {
    const { claims: it, clock, calls, journal } = await claims(cut);
    await it.start();
    await clock.advance(599_999);
    await journal.put(written);
    it.kick();
    await settled();
    expect(calls.map(([, call]) => call)).toEqual(['order', 'claim']);
    await it.stop();
  });

  it.each(['done', 'refunding', 'refunded', 'closed'] as const)(
    'is forgotten once its order is %s',
    async (state) => {
      for (const phase of ['intent', 'presenting', 'writing'] as const) {
        const { claims: it, left, answers } = await claims({ ...cut, phase });
        answers.order = () => Promise.resolve(order(state));
        await it.start();
        await settled();
        expect(await left()).toEqual([]);
        await it.stop();
      }
    },
  );

  it('is asked about again soon where no answer comes', async () => {
    const { claims: it, clock, calls, faults, left, answers } = await claims(cut);
    const away = fault('server.unavailable');
    answers.order = () => Promise.reject(away);
    await it.start();
    await clock.advance(3_000);
    expect(calls.map(([at]) => at)).toEqual([0, 1_000, 3_000]);
    expect(faults[0]).toEqual(['order', away]);
    expect(await left()).toEqual(['2']);
    await it.stop();
  });
});

describe('the delivery', () => {
  it('does not begin over a journal that cannot be read', async () => {
    const { claims: it, journal, calls } = await claims(written);
    const unreadable = new CodedError({ code: 'journal.unreadable', message: 'disk' });
    journal.list = () => Promise.reject(unreadable);
    await expect(it.start()).rejects.toBe(unreadable);
    expect(calls).toEqual([]);
    await it.stop();
  });

  it('goes on after a journal that could not be read for a while', async () => {
    const { claims: it, clock, journal, faults, left } = await claims();
    await it.start();
    await settled();
    const list = journal.list.bind(journal);
    const broken = new Error('disk');
    journal.list = () => Promise.reject(broken);
    await journal.put(written);
    it.kick();
    await settled();
    expect(faults).toEqual([['journal', broken]]);
    journal.list = list;
    await clock.advance(2_000);
    expect(await left()).toEqual([]);
    await it.stop();
  });

  it('ends after the claim that is on its way, and begins no other', async () => {
    const { claims: it, calls, left, answers } = await claims(written, { ...written, orderNo: '3' });
    let answer: () => void = () => undefined;
    answers.claim = () => new Promise((resolve) => (answer = () => resolve(order('done'))));
    await it.start();
    await settled();
    let isOver = false;
    const over = it.stop().then(() => (isOver = true));
    await settled();
    expect(isOver).toBe(false);
    answer();
    await over;
    expect(calls).toHaveLength(1);
    expect(await left()).toEqual(['3']);
  });

  it('ends at once while it waits', async () => {
    const { claims: it, clock } = await claims();
    await it.start();
    await settled();
    expect(clock.sleepers).toBe(1);
    await it.stop();
    expect(clock.sleepers).toBe(0);
  });
});
