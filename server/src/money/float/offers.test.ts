import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { cashOffers } from './offers.ts';

const OFFER = { staff: 'u1', terminalId: 'T1', orderNo: '260301100000000001' };

/** What is kept, and for how many seconds. */
function rig() {
  const kept = new Map<string, string>();
  const lasts: unknown[] = [];
  const redis = {
    set: (key: string, value: string, ...how: unknown[]) => {
      kept.set(key, value);
      lasts.push(how);
      return Promise.resolve('OK');
    },
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
  } as unknown as Redis;
  return { offers: cashOffers(redis), kept, lasts };
}

describe('an offer of cash', () => {
  it('is found by its ticket, as often as that is shown, for five minutes', async () => {
    const { offers, kept, lasts } = rig();
    const ticket = await offers.issue(OFFER);
    for (let shown = 0; shown < 2; shown += 1) expect(await offers.find(ticket)).toEqual(OFFER);
    expect(lasts).toEqual([['EX', 300]]);
    expect([...kept.keys()]).toEqual([expect.stringMatching(/^cash-offer:[0-9a-f]{64}$/u)]);
    expect(await offers.find('of nothing')).toBeNull();
  });

  it('is none of ours where it says more or less', async () => {
    const { offers, kept } = rig();
    const ticket = await offers.issue(OFFER);
    const [key = ''] = kept.keys();
    for (const other of [
      { ...OFFER, pin: '274913' },
      { staff: 'u1', terminalId: 'T1' },
      { ...OFFER, staff: 7 },
    ]) {
      kept.set(key, JSON.stringify(other));
      await expect(offers.find(ticket)).rejects.toThrow();
    }
  });
});
