import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import type { IdentifyResponse } from '@bianmin/purchase/api/card';
import type { PurchaseApi } from '@bianmin/purchase/purchase/ports';
import { CommandedKiosk } from '../../testing/commanded-kiosk.ts';
import { unlessBlocked } from './blocked-sales.ts';

let kiosk: CommandedKiosk;
beforeEach(async () => {
  kiosk = await CommandedKiosk.open();
});
afterEach(() => kiosk.close());

describe('a blocked kiosk', () => {
  const asked: string[] = [];
  const api = (unfinished: object | null): PurchaseApi =>
    ({
      identify: () => Promise.resolve({ unfinished } as IdentifyResponse),
      createOrder: () => Promise.resolve(void asked.push('order')),
      describeRemote: () => Promise.resolve(void asked.push('describe')),
      release: () => Promise.resolve(void asked.push('release')),
    }) as unknown as PurchaseApi;

  it('finishes what is open first, stays blocked over a start, and is unblocked', async () => {
    kiosk.moment = { busy: true, idleMs: 0 };
    await kiosk.beat(await kiosk.command('block'));
    expect(kiosk.blocked).toBe(false);
    kiosk.moment = { busy: false, idleMs: 0 };
    await kiosk.beat();
    expect(kiosk.blocked).toBe(true);
    await kiosk.restarted();
    expect(kiosk.blocked).toBe(true);
    await kiosk.beat(await kiosk.command('unblock'));
    expect([kiosk.blocked, kiosk.done]).toEqual([false, ['blocked true', 'blocked false']]);
  });

  it('begins nothing new, and lets a payer have their card written', async () => {
    const refused = (ask: Promise<unknown>) => ask.then(() => 'taken', codeOf);
    const blocked = unlessBlocked(api(null), () => true);
    expect(await refused(blocked.identify({} as never))).toBe('terminal.blocked');
    expect(await refused(blocked.createOrder({} as never))).toBe('terminal.blocked');
    expect(await refused(blocked.describeRemote({} as never))).toBe('terminal.blocked');
    expect(asked).toEqual([]);
    const paid = unlessBlocked(api({ orderNo: '1' }), () => true);
    expect(await refused(paid.identify({} as never))).toBe('taken');
    await paid.release('1', {} as never);
    expect(asked).toEqual(['release']);
    expect(await refused(unlessBlocked(api(null), () => false).createOrder({} as never))).toBe('taken');
  });
});
