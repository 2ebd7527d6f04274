import { describe, expect, it } from 'vitest';
import { FakeSlot } from '@bianmin/card/testing/fake-slots';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import { CARD } from '../testing/purchase-rig.ts';
import { fault } from '../testing/fake-order-book.ts';
import type { OpenCard, WriteJob, WriteOutcome } from './ports.ts';
import { PurchaseError } from './error.ts';
import { releaseAndWrite } from './releasing.ts';

const plan: WritePlan = {
  ...{ version: 1, kind: 'purchase', orderNo: '7', chip: 'SLE4442', serial: CARD },
  ...{ stage: 0, ranges: [], steps: [] },
};
const image: OpenCard['image'] = { chip: 'SLE4442', atr: '3B', serial: CARD, regions: [] };
const UNREADABLE =
  'The plan for this card cannot be opened here. Ask the staff to check that this terminal is enrolled.';

/** One attempt at order `7`; `write`: what the card does with its plan. */
function attempt(
  write: (job: WriteJob) => Promise<WriteOutcome> = () => Promise.resolve({ result: 'written' }),
  over: { serial?: string; sealed?: string; unseal?: (jwe: string) => Promise<string> } = {},
) {
  const clock = new ManualClock();
  const slot = new FakeSlot();
  const journal = new MemoryJournal();
  const log: unknown[][] = [];
  const progress: unknown[][] = [];
  const card: OpenCard = {
    ...{ serial: over.serial ?? CARD, image, codeFault: () => Promise.resolve(null), rest: () => undefined },
    write: (job) => {
      log.push(['write']);
      return write(job);
    },
    end: () => {
      log.push(['end']);
      return Promise.resolve();
    },
  };
  const sealed = over.sealed ?? JSON.stringify(plan);
  const tools = {
    ...{ journal, clock },
    cards: {
      open: (of: unknown) => {
        log.push(['open', of]);
        return Promise.resolve(card);
      },
    },
    api: {
      release: async (...asked: unknown[]) => {
        log.push(['release', ...asked]);
        await clock.advance(400);
        return { lease: 5, leaseMs: 120_000, sealed };
      },
      holdsLease: (...asked: unknown[]) => {
        log.push(['holds', ...asked]);
        return Promise.reject(fault('order.lease-stale'));
      },
      authorise: (...asked: unknown[]) => {
        log.push(['authorise', ...asked]);
        return Promise.resolve({ lease: 5, leaseMs: 1, sealed: JSON.stringify({ ...plan, stage: 1 }) });
      },
    },
    unseal: over.unseal ?? ((jwe: string) => Promise.resolve(jwe)),
  };
  const onProgress = (...at: unknown[]): void => void progress.push(at);
  const began = clock.monotonic();
  const outcome = releaseAndWrite({ slot, orderNo: '7', serial: CARD, tries: 2, onProgress }, tools);
  return { outcome, log, progress, slot, journal, clock, began };
}

describe('one attempt at a write', () => {
  it('opens the card, has the plan released against it, writes it, and powers the card down', async () => {
    const { outcome, log, slot } = attempt();
    expect(await outcome).toEqual({ result: 'written' });
    expect(log).toEqual([['open', slot], ['release', '7', { image }], ['write'], ['end']]);
  });

  it('gives the card all it needs, and a lease that ends here first', async () => {
    let job: WriteJob | undefined;
    const { outcome, journal, clock, began, progress } = attempt((given) => {
      job = given;
      given.onProgress('write', 0.5);
      return Promise.resolve({ result: 'removed' });
    });
    expect(await outcome).toEqual({ result: 'removed' });
    expect(job).toMatchObject({
      plan,
      tries: 2,
      lease: { no: 5, expiresAtMonotonic: began + 120_000, expiresAt: began + 120_000 },
    });
    expect(job?.journal).toBe(journal);
    expect(job?.clock).toBe(clock);
    expect(progress).toEqual([['write', 0.5]]);
  });

  it('asks the server once more whether its lease holds, where the card wants to know', async () => {
    let holds: boolean | undefined;
    const { outcome, log } = attempt(async (job) => {
      holds = await job.holds?.();
      return { result: 'lease-expired' };
    });
    expect(await outcome).toEqual({ result: 'lease-expired' });
    expect(holds).toBe(false);
    expect(log).toContainEqual(['holds', '7', 5]);
  });

  it('takes what the card answered up, and brings the next stage', async () => {
    let next: WritePlan | undefined;
    const { outcome, log } = attempt(async (job) => {
      next = await job.authorise({ stage: 1, gathered: { random: '0102' } });
      return { result: 'written' };
    });
    await outcome;
    expect(log).toContainEqual(['authorise', '7', { lease: 5, stage: 1, gathered: { random: '0102' } }]);
    expect(next).toEqual({ ...plan, stage: 1 });
  });

  it('asks for no plan for another card', async () => {
    const { outcome, log, slot } = attempt(undefined, { serial: '6501000000000002' });
    expect(await outcome).toEqual({ result: 'other-card' });
    expect(log).toEqual([['open', slot], ['end']]);
  });

  it('fails as the card does, which is powered down all the same', async () => {
    const broken = fault('reader.timeout');
    const { outcome, log } = attempt(() => Promise.reject(broken));
    await expect(outcome).rejects.toBe(broken);
    expect(log.at(-1)).toEqual(['end']);
  });
});

describe('a plan that cannot be opened', () => {
  const failing = async (over: Parameters<typeof attempt>[1]): Promise<unknown> => {
    const { outcome, log } = attempt(undefined, over);
    const error: unknown = await outcome.catch((each: unknown) => each);
    expect(log.map(([what]) => what)).toEqual(['open', 'release', 'end']);
    return error;
  };

  it.each([
    ['is no JSON', { sealed: 'secret' }, { cause: 'JsonTextError' }],
    ['is no plan', { sealed: '{"secret":1}' }, { cause: 'SchemaError' }],
    [
      'is sealed for another',
      { unseal: () => Promise.reject(new TypeError('secret')) },
      { cause: 'TypeError' },
    ],
    ['is of another order', { sealed: JSON.stringify({ ...plan, orderNo: '8' }) }, {}],
  ])('%s: nothing is written, and nothing of it is told', async (_, over, context) => {
    const error = await failing(over);
    expect(error).toBeInstanceOf(PurchaseError);
    expect(error).toMatchObject({ code: 'purchase.plan-unreadable', message: UNREADABLE, context });
    expect((error as PurchaseError).context).toEqual(context);
    expect((error as PurchaseError).cause).toBeUndefined();
  });
});
