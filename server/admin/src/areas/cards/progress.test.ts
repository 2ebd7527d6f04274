import { describe, expect, it } from 'vitest';
import type { RecordedStep } from '@bianmin/purchase/api/card-session';
import { chipOf, isWritten, nextOf, waitsFor } from './progress.ts';

const step = (
  n: number,
  asked: string,
  outcome: string | null,
  more: Partial<RecordedStep> = {},
): RecordedStep => ({
  ...{ n, asked, outcome, askedAt: '2026-11-27T00:00:00Z', answeredAt: null, chip: null, serial: null },
  ...{ tries: null, digest: null, exchanges: [], more: 0, ...more },
});
const identified = step(1, 'identify', 'done', { chip: 'CPU' });
const read = step(2, 'read-card', 'done', { digest: 'aa' });
const at = (kind: 'inspect' | 'rewrite', ...steps: RecordedStep[]) => ({
  ...{ kind, state: 'working' as const, steps },
});

describe('the way of a session', () => {
  it('goes by identifying, reading whole, and writing where it is for a write', () => {
    expect(nextOf(at('rewrite'))).toBe('identify');
    expect(nextOf(at('rewrite', identified))).toBe('read-card');
    expect(nextOf(at('rewrite', identified, read))).toBe('write');
    expect(nextOf(at('inspect', identified, read))).toBeUndefined();
    expect(nextOf({ ...at('rewrite'), state: 'open' })).toBeUndefined();
  });

  it('waits for what was asked, also for the stages of a write, and ends with what was written', () => {
    expect(waitsFor(at('rewrite', step(1, 'identify', null)))?.n).toBe(1);
    const stage = at('rewrite', identified, read, step(3, 'write', 'done'));
    expect([waitsFor(stage)?.n, nextOf(stage), isWritten(stage)]).toEqual([3, undefined, false]);
    const written = at('rewrite', ...stage.steps, step(4, 'continue', 'done', { digest: 'bb' }));
    expect([waitsFor(written), nextOf(written), isWritten(written)]).toEqual([undefined, undefined, true]);
  });

  it('begins again with another card, and reads again after a write that failed', () => {
    const other = at('rewrite', identified, read, step(3, 'identify', 'remote-card.other-card'));
    expect([chipOf(other), nextOf(other)]).toEqual([undefined, 'identify']);
    expect(nextOf(at('rewrite', identified, read, step(3, 'write last-try', 'meter-card.locked')))).toBe(
      'read-card',
    );
  });
});
