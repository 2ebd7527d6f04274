import { describe, expect, it } from 'vitest';
import { mayInstallUpdate, UPDATE_IDLE_MS } from './update-moment.ts';

describe('when an update may be installed', () => {
  const night = { busy: false, idleMs: UPDATE_IDLE_MS, undelivered: 0, hour: 3 };

  it('at night, when it is quiet', () => {
    expect(mayInstallUpdate(night)).toBe(true);
    expect(mayInstallUpdate({ ...night, idleMs: UPDATE_IDLE_MS - 1 })).toBe(false);
  });

  it('never in a purchase, nor while a claim is undelivered', () => {
    expect(mayInstallUpdate({ ...night, busy: true })).toBe(false);
    expect(mayInstallUpdate({ ...night, undelivered: 1 })).toBe(false);
  });

  it('by day only after a quiet hour', () => {
    expect(mayInstallUpdate({ ...night, hour: 10 })).toBe(false);
    expect(mayInstallUpdate({ ...night, hour: 10, idleMs: 3_600_000 })).toBe(true);
  });
});
