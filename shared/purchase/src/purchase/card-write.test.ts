import { describe, expect, it } from 'vitest';
import { ChipSlot } from '@bianmin/card/testing/chip-slot';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import { toHex } from '@bianmin/card/bytes/hex';
import { CodedError } from '@bianmin/card/errors';
import type { JournalEntry } from '@bianmin/card/meter-card/journal';
import { acknowledged } from '@bianmin/card/meter-card/acknowledged';
import { asReleased, type WritePlan } from '@bianmin/card/meter-card/plan';
import { cardWork } from './card-work.ts';
import type { WriteJob } from './ports.ts';

/** A card in its slot, and the job to write what was bought. */
function rig(chip: MeterChip = 'SLE4442') {
  const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 32 });
  const slot = new ChipSlot(purchase.card);
  slot.insert(purchase.plan.serial);
  const clock = new ManualClock();
  const journal = new MemoryJournal();
  const progress: string[] = [];
  const job: WriteJob = {
    ...{ plan: purchase.plan, lease: { no: 3, expiresAtMonotonic: clock.monotonic() + 60_000 }, tries: 0 },
    ...{ journal, clock, authorise: purchase.authorise },
    onProgress: (phase, fraction) => void progress.push(`${phase} ${fraction}`),
  };
  const entry = async (): Promise<JournalEntry | undefined> => (await journal.list())[0];
  const write = async (over: Partial<WriteJob> = {}) =>
    (await cardWork.open(slot)).write({ ...job, ...over });
  return { purchase, slot, clock, journal, progress, job, entry, write };
}
const former: JournalEntry = {
  ...{ orderNo: '', lease: 2, chip: 'SLE4442', serial: '', ranges: [], outsideDigest: 'f' },
  ...{ phase: 'writing', startedAt: 7 },
};
const failing = (code: string) => () => Promise.reject(new CodedError({ code, message: 'no' }));

describe('a card that is written', () => {
  it.each(['SLE4442', 'CPU'] as const)(
    'is read back, and its journal says what the claim will: %s',
    async (chip) => {
      const { purchase, clock, progress, entry, write, slot } = rig(chip);
      const { orderNo, serial, ranges } = purchase.plan;
      const began = clock.now();
      expect(await write()).toEqual({ result: 'written' });
      const kept = await entry();
      expect(kept).toMatchObject({
        ...{ orderNo, lease: 3, chip, serial, ranges, startedAt: began, phase: 'written' },
      });
      expect(kept?.imageDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(kept?.outsideDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(progress.at(-1)).toBe('read-back 1');
      expect(purchase.meter.insert(purchase.card)).toEqual({
        creditedFen: purchase.amountFen,
        error: undefined,
      });
      expect(slot.opened).toBe(1);
    },
  );

  it('is not read a second time before its write, and anew before another', async () => {
    const { purchase, slot, job } = rig();
    const sent: string[] = [];
    const transmit = purchase.card.transmit.bind(purchase.card);
    purchase.card.transmit = (apdu) => {
      sent.push(toHex(apdu));
      return transmit(apdu);
    };
    const card = await cardWork.open(slot);
    const reading = sent.at(-1);
    sent.length = 0;
    expect(await card.write(job)).toEqual({ result: 'written' });
    expect(sent).not.toContain(reading);
    sent.length = 0;
    // It is not any more what the plan was released against.
    expect(await card.write(job)).toEqual({ result: 'failed', code: 'meter-card.card-changed' });
    expect(sent).toEqual([reading]);
  });

  it('does not rest', async () => {
    const { slot, job } = rig();
    const card = await cardWork.open(slot);
    await card.write(job);
    card.rest();
    await cardWork.open(slot);
    expect(slot.opened).toBe(2);
  });
});

describe('a write that does not come to its end', () => {
  it('is that of a card that was taken out', async () => {
    const { slot, job, entry } = rig();
    const card = await cardWork.open(slot);
    slot.removal = () => true;
    expect(await card.write(job)).toEqual({ result: 'removed' });
    expect(await entry()).toMatchObject({ phase: 'intent' });
  });

  it('is that of another card, of which the journal says nothing', async () => {
    const { write, entry, job } = rig();
    const plan = { ...job.plan, serial: '6501000000000009' };
    expect(await write({ plan })).toEqual({ result: 'other-card' });
    expect(await entry()).toBeUndefined();
  });

  it('has no lease any more', async () => {
    const { write, entry, clock } = rig();
    expect(await write({ lease: { no: 3, expiresAtMonotonic: clock.monotonic() } })).toEqual({
      result: 'lease-expired',
    });
    expect(await entry()).toBeUndefined();
  });

  it('is given up where trying again cannot help, and the journal says why', async () => {
    const { write, entry, purchase, job, clock } = rig();
    purchase.card.setTriesLeft(2);
    expect(await write()).toEqual({ result: 'failed', code: 'meter-card.code-tries' });
    const { orderNo, serial, ranges, chip } = job.plan;
    expect(await entry()).toMatchObject({
      ...{ orderNo, lease: 3, chip, serial, ranges, startedAt: clock.now() },
      ...{ phase: 'failed', reason: 'meter-card.code-tries', triesLeft: 2 },
    });
  });

  it.each(['SLE4442', 'CPU'] as const)(
    'is claimed as refused until a claim has told so, whatever stops the next attempt: %s',
    async (chip) => {
      const { write, entry, job, journal } = rig(chip);
      const spoilt = (plan: WritePlan): WritePlan => ({
        ...plan,
        steps: plan.steps.map((step) =>
          step.op === 'present-code'
            ? { ...step, code: '555555' }
            : step.op === 'apdu' && step.label === 'external-auth'
              ? { ...step, apdu: step.apdu.replace(/.{16}$/u, '5'.repeat(16)) }
              : step,
        ),
      });
      const over = {
        plan: spoilt(job.plan),
        authorise: async (request: Parameters<WriteJob['authorise']>[0]) =>
          spoilt(await job.authorise(request)),
      };
      expect(await write(over)).toEqual({ result: 'failed', code: 'meter-card.code-wrong' });
      const refused = await entry();
      const { triesLeft } = refused ?? {};
      expect(refused).toMatchObject({ lease: 3, phase: 'failed', reason: 'meter-card.code-wrong' });
      expect(triesLeft).toBeGreaterThan(0);
      // The answer to the claim is late: the server takes the first release for a silent one.
      const plan = { ...over.plan, afterSilence: true as const };
      const lease = { ...job.lease, no: 4 };
      expect(await write({ ...over, plan, lease })).toEqual({
        ...{ result: 'failed', code: 'meter-card.code-tries' },
      });
      expect(await entry()).toMatchObject({
        ...{ lease: 4, phase: 'failed', reason: 'meter-card.code-wrong', triesLeft },
      });
      if (refused !== undefined) await acknowledged(journal, refused);
      expect(await write({ ...job, lease: { ...job.lease, no: 5 } })).toMatchObject({
        code: 'meter-card.code-tries',
      });
      expect(await entry()).toMatchObject({ lease: 5, reason: 'meter-card.code-tries', triesLeft });
    },
  );

  it('keeps when it was begun first, and what the card showed to this lease', async () => {
    const { write, entry, journal, job } = rig();
    const { orderNo, serial } = job.plan;
    // The card was changed since: nothing of this lease is in the journal yet.
    await journal.put({ ...former, orderNo, serial });
    await journal.put({ ...former, orderNo: 'another', startedAt: 1 });
    expect(await write()).toEqual({ result: 'failed', code: 'meter-card.card-changed' });
    const kept = (await journal.list()).find((each) => each.orderNo === orderNo);
    expect(kept).toMatchObject({ lease: 3, phase: 'failed', startedAt: 7 });
    expect(kept?.outsideDigest).toMatch(/^[0-9a-f]{64}$/);
    expect((await entry())?.orderNo).toBe('another');
    // Of the same lease it stays as it is.
    await journal.put({ ...former, orderNo, serial, lease: 3 });
    await write();
    const same = (await journal.list()).find((each) => each.orderNo === orderNo);
    expect(same).toMatchObject({ lease: 3, phase: 'failed', outsideDigest: 'f' });
  });

  it('is begun now where the journal knows of none', async () => {
    const { write, entry, clock, job } = rig();
    const steps = [{ op: 'write', zone: 'main', offset: 0, data: '00' }] as const;
    const plan = asReleased({ ...job.plan, steps: [...steps] });
    expect(await write({ plan })).toEqual({ result: 'failed', code: 'meter-card.plan-refused' });
    expect(await entry()).toMatchObject({ startedAt: clock.now(), reason: 'meter-card.plan-refused' });
  });

  it('is tried twice more where a bad contact can be the cause', async () => {
    const shaky = failing('meter-card.refused');
    for (const tries of [0, 1]) {
      const { write, entry } = rig('CPU');
      await expect(write({ tries, authorise: shaky })).rejects.toMatchObject({ code: 'meter-card.refused' });
      expect((await entry())?.phase).not.toBe('failed');
    }
    const { write, entry } = rig('CPU');
    const failed = { result: 'failed', code: 'meter-card.refused' };
    expect(await write({ tries: 2, authorise: shaky })).toEqual(failed);
    expect(await entry()).toMatchObject({ phase: 'failed', reason: 'meter-card.refused' });
  });

  it.each(['grid.unavailable', 'reader.timeout', 'journal.not-durable', 'odd.meter-card.x'])(
    'is never given up for what is wrong above or below the card: %s',
    async (code) => {
      const { write, entry } = rig('CPU');
      await expect(write({ tries: 19, authorise: failing(code) })).rejects.toMatchObject({ code });
      expect((await entry())?.phase).not.toBe('failed');
    },
  );

  it('is not given up for an error of no kind', async () => {
    const { write, entry } = rig('CPU');
    const odd = new Error('odd');
    await expect(write({ tries: 19, authorise: () => Promise.reject(odd) })).rejects.toBe(odd);
    expect((await entry())?.phase).not.toBe('failed');
  });
});
