import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ChipError } from '../chip/error.ts';
import { codeOf, rig } from '../testing/write-rig.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { samplePurchase, type SamplePurchase } from '../testing/sample-purchase.ts';
import { asReleased, type WritePlan } from './plan.ts';
import { imageDigest } from './digest.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { writeCard, type Authorise } from './write.ts';

/** The same purchase, with the blob of stage 1 or a check sum of stage 2 spoilt. */
function spoilt(sample: SamplePurchase, spoiltStage: 1 | 2): SamplePurchase['authorise'] {
  return async (request: Pick<Authorise, 'stage' | 'gathered'>): Promise<WritePlan> => {
    const plan = await sample.authorise(request);
    if (request.stage !== spoiltStage) return plan;
    const steps = plan.steps.map((step) => {
      if (step.op !== 'apdu' || (step.label !== 'external-auth' && step.label !== 'update')) return step;
      const apdu = fromHex(step.apdu);
      apdu[apdu.length - 1] = (apdu.at(-1) ?? 0) ^ 0xff;
      return { ...step, apdu: toHex(apdu) };
    });
    return { ...plan, steps };
  };
}

const sampleOf = (seed: number): SamplePurchase => samplePurchase('CPU', { cipher: tripleDes, seed });

describe('a key that a CPU card refused', () => {
  it.each([
    [1, 7],
    [2, undefined],
  ] as const)(
    'in stage %i is on record with the tries that the card told, and met no more',
    async (stage, told) => {
      const sample = sampleOf(51);
      const init = await rig(sample, { authorise: spoilt(sample, stage) });
      const digest = imageDigest(await readBuiltIn(init.driver, init.atr));
      expect(await codeOf(writeCard(init))).toBe('meter-card.code-wrong');
      const [entry] = await init.journal.list();
      expect(entry?.keys).toEqual({ digest, unanswered: 0, refused: true });
      expect(entry?.triesLeft).toBe(told);
      await init.session.end();

      const left = sample.card.tries[0]?.left;
      const again = await rig(sample, { journal: init.journal });
      again.session.transmit = () => Promise.reject(new Error('something was sent'));
      const image = await readBuiltIn((await rig(sample)).driver, again.atr);
      expect(await codeOf(writeCard({ ...again, image }))).toBe('meter-card.code-tries');
      expect(sample.card.tries[0]?.left).toBe(left);
    },
  );

  it('is not said to have been refused by a card that was locked before, which tells so itself', async () => {
    const sample = sampleOf(56);
    const init = await rig(sample);
    init.driver.tryKey = () =>
      Promise.reject(new ChipError({ code: 'chip.locked', message: '', context: { triesLeft: 0 } }));
    expect(await codeOf(writeCard(init))).toBe('meter-card.locked');
    expect((await init.journal.list())[0]).not.toHaveProperty('triesLeft');
    await init.session.end();

    const other = await rig(sample);
    const context = { triesLeft: 0, sw: '63c0' };
    other.driver.tryKey = () => Promise.reject(new ChipError({ code: 'chip.locked', message: '', context }));
    expect(await codeOf(writeCard(other))).toBe('meter-card.locked');
    expect(await other.journal.list()).toMatchObject([{ triesLeft: 0, keys: { refused: true } }]);
  });

  it('is presented on the word of staff, and with the right one the card has all its tries again', async () => {
    const sample = sampleOf(52);
    const init = await rig(sample, { authorise: spoilt(sample, 1) });
    expect(await codeOf(writeCard(init))).toBe('meter-card.code-wrong');
    await init.session.end();
    expect(sample.card.tries[0]?.left).toBe(7);

    const { journal } = init;
    const desk = await rig({ ...sample, plan: asReleased(sample.plan, { lastTry: true }) }, { journal });
    expect(await codeOf(writeCard(desk))).toBe('nothing went wrong');
    expect(sample.card.tries[0]?.left).toBe(8);
    const [entry] = await journal.list();
    expect(entry).not.toHaveProperty('keys');
    expect(entry).not.toHaveProperty('triesLeft');
  });

  it('is not held against a card that was written elsewhere since', async () => {
    const sample = sampleOf(53);
    const init = await rig(sample, { authorise: spoilt(sample, 1) });
    await codeOf(writeCard(init));
    const [entry] = await init.journal.list();
    if (entry === undefined) throw new Error('no entry');
    await init.journal.put({ ...entry, orderNo: '261125010300000009', phase: 'failed', told: true });
    await init.journal.remove(sample.plan.orderNo);
    await init.session.end();
    expect(await codeOf(writeCard(await rig(sample)))).toBe('nothing went wrong');
    const again = await rig(sample, { journal: init.journal });
    expect(await codeOf(writeCard(again))).toBe('nothing went wrong');
    expect((await init.journal.list()).map(({ orderNo }) => orderNo)).toEqual([sample.plan.orderNo]);
  });

  it('counts a presentation whose answer never came, and leaves the third to staff', async () => {
    const sample = sampleOf(54);
    const { journal } = await rig(sample);
    for (const [pull, outcome, unanswered] of [
      [true, 'reader.removed', 1],
      [true, 'reader.removed', 2],
      [false, 'meter-card.code-tries', 2],
    ] as const) {
      const init = await rig(sample, { journal });
      const { session } = init;
      const transmit = session.transmit.bind(session);
      session.transmit = async (apdu) => {
        const answer = await transmit(apdu);
        if (!pull || apdu[1] !== 0x82) return answer;
        await session.end();
        return transmit(apdu);
      };
      const end = await writeCard(init).then(
        () => 'written',
        (error: unknown) => (error as { code?: string }).code,
      );
      expect(end).toBe(outcome);
      expect((await journal.list())[0]?.keys?.unanswered).toBe(unanswered);
      await session.end();
    }
  });

  it('is never marked for the last try but by staff, whatever the plan of the grid says', () => {
    const { plan } = sampleOf(55);
    expect(asReleased(plan, { lastTry: true })).toEqual({ ...plan, lastTry: true });
    expect(asReleased({ ...plan, lastTry: true })).toEqual(plan);
    const memory = samplePurchase('SLE4442', { cipher: tripleDes, seed: 55 });
    expect(asReleased(memory.plan, { lastTry: true })).not.toHaveProperty('lastTry');
  });
});
