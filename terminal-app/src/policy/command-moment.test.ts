import { describe, expect, it } from 'vitest';
import { mayDo, showsNobody } from './command-moment.ts';

describe('when a command from afar is done', () => {
  it('is at once where it is not seen, between purchases, or when the terminal is idle', () => {
    const all = (moment: { busy: boolean; idleMs: number }) =>
      (['now', 'between', 'quiet'] as const).map((when) => mayDo(when, moment, 60_000));
    expect(all({ busy: true, idleMs: 0 })).toEqual([true, false, false]);
    expect(all({ busy: false, idleMs: 59_999 })).toEqual([true, true, false]);
    expect(all({ busy: false, idleMs: 60_000 })).toEqual([true, true, true]);
    // A forgotten card is a household's.
    expect(all({ busy: true, idleMs: 3_600_000 })).toEqual([true, false, false]);
  });

  it('takes a picture of the waiting screen alone', () => {
    const nobody = { screen: 'wait', staffIn: false, remote: false };
    expect(showsNobody(nobody)).toBe(true);
    for (const other of [{ screen: 'who' }, { screen: 'problem' }, { staffIn: true }, { remote: true }]) {
      expect(showsNobody({ ...nobody, ...other })).toBe(false);
    }
  });
});
