import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryEphemeral } from '../../testing/memory-ephemeral.ts';
import { codeOf } from '@bianmin/card/errors';
import { watchedLog } from '../../testing/watched-log.ts';
import { RefusedKeys, type PresentedCard } from './refused-keys.ts';

const HOUR = 3_600_000;
let clock: ManualClock;
let keys: RefusedKeys;
beforeEach(() => {
  clock = new ManualClock();
  keys = new RefusedKeys({ ephemeral: new MemoryEphemeral(clock), log: watchedLog() });
});

const card = (n: number, over: Partial<PresentedCard> = {}): PresentedCard => ({
  ...{ chip: 'CPU', serial: `650100000000000${n}`, imageDigest: `digest ${n}` },
  ...over,
});
const now = (): Date => new Date(clock.now());
const refused = (of: PresentedCard, reason = 'meter-card.code-wrong'): Promise<void> =>
  keys.heard(
    of,
    { lease: 1, result: 'failed', reason, imageDigest: of.imageDigest },
    { now: now(), released: now() },
  );
const written = (of: PresentedCard, released: Date | undefined = now()): Promise<void> =>
  keys.heard(of, { lease: 1, result: 'written', imageDigest: 'new' }, { now: now(), released });
const outcome = (of: PresentedCard): Promise<string | undefined> =>
  keys.check(of).then(
    () => undefined,
    (error: unknown) => codeOf(error),
  );

describe('a card that refused a key', () => {
  it('meets no other while it holds what it held then, and one card stops nothing else', async () => {
    await refused(card(1));
    expect(await outcome(card(1))).toBe('card.key-refused');
    expect(await outcome(card(1, { imageDigest: 'written since' }))).toBeUndefined();
    expect(await outcome(card(2))).toBeUndefined();
    clock.jump(90 * 24 * HOUR - 1);
    expect(await outcome(card(1))).toBe('card.key-refused');
    clock.jump(1);
    expect(await outcome(card(1))).toBeUndefined();
  });

  it('is a CPU card: others tell their tries themselves', async () => {
    const memory = card(1, { chip: 'SLE4442' });
    await refused(memory);
    expect(await outcome(memory)).toBeUndefined();
  });
});

describe('a key that two cards refused', () => {
  it('is tried on no third of that chip, for a day', async () => {
    await refused(card(1));
    clock.jump(HOUR);
    await refused(card(2));
    expect(await outcome(card(3))).toBe('grid.key-refused');
    expect(await outcome(card(3, { chip: 'SLE4428' }))).toBeUndefined();
    expect(await keys.refusedNow()).toEqual([{ chip: 'CPU', since: now() }]);
    clock.jump(23 * HOUR - 1);
    expect(await outcome(card(3))).toBe('grid.key-refused');
    clock.jump(1);
    expect(await outcome(card(3))).toBeUndefined();
    expect(await keys.refusedNow()).toEqual([]);
  });

  it('is not one that a single card refused twice, nor one that failed for something else', async () => {
    await refused(card(1));
    await refused(card(1));
    await refused(card(2), 'meter-card.code-tries');
    expect(await outcome(card(3))).toBeUndefined();
  });

  it('is tried again once a card was written, of that chip alone', async () => {
    for (const n of [1, 2]) {
      await refused(card(n));
      await refused(card(n, { chip: 'SLE4442' }));
    }
    await written(card(2));
    clock.jump(1);
    expect(await outcome(card(3))).toBeUndefined();
    expect(await outcome(card(3, { chip: 'SLE4442' }))).toBe('grid.key-refused');
    await refused(card(4));
    expect(await outcome(card(3))).toBeUndefined();
    await refused(card(5));
    expect(await outcome(card(3))).toBe('grid.key-refused');
  });

  it('stays where a card was written under a plan that left before, one refusal by the other', async () => {
    await refused(card(1));
    const between = now();
    clock.jump(HOUR);
    await refused(card(2));
    await written(card(3), new Date(between.getTime() - 1));
    clock.jump(1);
    expect(await outcome(card(4))).toBe('grid.key-refused');
    await written(card(3), between);
    clock.jump(1);
    expect(await outcome(card(4))).toBeUndefined();
    await refused(card(5));
    expect(await outcome(card(4))).toBe('grid.key-refused');
  });

  it('is met by a plan of staff’s, and by one that its terminal had before', async () => {
    for (const n of [1, 2]) await refused(card(n));
    const { chip, serial } = card(3);
    expect(await keys.permit(card(3), { lastTry: true })).toEqual({ chip, serial, lastTry: true });
    expect(await keys.permit(card(3), { lastTry: false, again: true })).toEqual({
      ...{ chip, serial, lastTry: false },
    });
    await expect(keys.permit(card(3), { lastTry: false })).rejects.toMatchObject({
      code: 'grid.key-refused',
    });
  });

  it('is not known where Redis does not answer: nothing is refused, and nothing thrown', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('no Redis'));
    const log = watchedLog();
    keys = new RefusedKeys({ ephemeral: { put: away, putNew: away, get: away, getAll: away }, log });
    await refused(card(1));
    await written(card(1));
    expect(await outcome(card(1))).toBeUndefined();
    await expect(keys.refusedNow()).rejects.toThrow('no Redis');
  });
});
