import { describe, expect, it } from 'vitest';
import { D1, D2, D3 } from '../chip/cpu/dialects.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { SECOND_DIALECT } from '../testing/second-maker.ts';
import { runs } from '../testing/property-runs.ts';
import { insertWithWrongKey, WRONG_KEYS } from '../testing/wrong-keys.ts';

const INSERTIONS = runs(300);
const telling = { ...D1, id: 'D1 that tells its tries', tellsTries: true };

describe.each([D1, telling, D2, D3, SECOND_DIALECT])(
  'a card that is put in again and again: $id',
  (dialect) => {
    it.each(WRONG_KEYS)('is not locked by a grid whose key is wrong: %s', async (wrong) => {
      for (const seed of [1, 2, 3]) {
        const init = { cipher: tripleDes, dialect, wrong, insertions: INSERTIONS, seed };
        const outcome = await insertWithWrongKey(init);
        expect(outcome).toMatchObject({ locked: 0, insertions: INSERTIONS });
        expect(outcome.ended['written'] ?? 0).toBe(0);
        expect(outcome.ended['untyped'] ?? 0).toBe(0);
        // Two kiosks: each hears one refusal, and two may go unheard.
        expect(outcome.presented).toBeLessThanOrEqual(6);
      }
    });
  },
);
