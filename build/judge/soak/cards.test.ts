import { describe, expect, it } from 'vitest';
import { seededRandom } from '@bianmin/card/testing/random';
import { SOAK_CARDS, soakCards, soakCodeChanges, soakWrongKeys } from './cards.ts';

describe('the soak of cards', () => {
  it.each(SOAK_CARDS)('tears %s until enough cuts have happened, and harms no household', async (chip) => {
    const row = await soakCards({ chip, cuts: 60, seed: 7 });
    expect(row).toMatchObject({ soak: 'cards', chip, seed: 7, lost: 0, doubled: 0, bricked: 0 });
    expect(row.cuts).toBeGreaterThanOrEqual(60);
  });

  it('counts cut changes of a code apart: they lose cards, and harm nothing else', async () => {
    const changes = await soakCodeChanges({ chip: 'SLE4442', cuts: 500 }, seededRandom(7));
    expect(changes).toMatchObject({ codeChangeCuts: 50, codeChangeHarmed: 0 });
    expect(changes.codeChangeLost).toBeGreaterThan(0);
    expect(await soakCodeChanges({ chip: 'CPU', cuts: 500 }, seededRandom(7))).toMatchObject({
      codeChangeCuts: 0,
    });
  });

  it('puts CPU cards in again and again under wrong keys, which lock none', async () => {
    const keys = await soakWrongKeys({ chip: 'CPU', insertions: 401 }, seededRandom(7));
    expect(keys).toEqual({ wrongKeyInsertions: 440, wrongKeyLocked: 0 });
    expect(await soakWrongKeys({ chip: 'SLE4442', insertions: 400 }, seededRandom(7))).toEqual({
      wrongKeyInsertions: 0,
      wrongKeyLocked: 0,
    });
  });

  it('puts CPU cards of the second maker in again and again as well', async () => {
    const keys = await soakWrongKeys({ chip: 'second-CPU', insertions: 200 }, seededRandom(7));
    expect(keys).toEqual({ wrongKeyInsertions: 200, wrongKeyLocked: 0 });
  });

  it('tears the same way for the same seed', async () => {
    const init = { chip: 'SLE4442', cuts: 40, seed: 11 } as const;
    expect(await soakCards(init)).toEqual(await soakCards(init));
  });
});
