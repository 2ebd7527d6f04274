import { describe, expect, it } from 'vitest';
import { codeChangerOf } from '../cli/code-change.ts';
import { tripleDes } from './node/triple-des.ts';
import { runs } from './property-runs.ts';
import { CODE_CHANGE_CHIPS, tearCodeChange, type CodeChangeRig } from './tear-code-change.ts';

const RIG: CodeChangeRig = { cipher: tripleDes, changerOf: codeChangerOf };
const SEEDS = Array.from({ length: runs(25) }, (_, i) => i + 1);

describe.each(CODE_CHANGE_CHIPS)('the code of an %s that is changed', (chip) => {
  it('is the new one where nothing is cut', async () => {
    expect(await tearCodeChange({ chip, seed: 1 }, RIG)).toMatchObject({
      ...{ cut: false, opens: 'new', harmed: false },
    });
  });

  it('is the old one before the change begins, the new one after it, and may be neither inside it', async () => {
    const ended = new Map<number, Set<string>>();
    for (const seed of SEEDS) {
      const { places } = await tearCodeChange({ chip, seed }, RIG);
      for (let cutAt = 0; cutAt < places; cutAt++) {
        const outcome = await tearCodeChange({ chip, seed, cutAt }, RIG);
        expect({ seed, cutAt, ...outcome }).toMatchObject({ seed, cutAt, cut: true, harmed: false });
        const fromEnd = places - cutAt;
        ended.set(fromEnd, (ended.get(fromEnd) ?? new Set()).add(outcome.opens));
      }
    }
    // Counted from the end: the last place is the answer to the last write, when all is done.
    expect([...(ended.get(1) ?? [])]).toEqual(['new']);
    const lost = [...ended].filter(([, opens]) => opens.has('neither')).map(([fromEnd]) => fromEnd);
    expect(lost.length).toBeGreaterThan(0);
    // Nothing before the first place of the change costs the card: it opens with the old code.
    for (const [fromEnd, opens] of ended) {
      if (fromEnd > Math.max(...lost)) expect([...opens]).toEqual(['old']);
    }
  });
});
