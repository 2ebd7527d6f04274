import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandedKiosk, signingKey } from '../../testing/commanded-kiosk.ts';

let kiosk: CommandedKiosk;
beforeEach(async () => {
  kiosk = await CommandedKiosk.open();
});
afterEach(() => kiosk.close());

describe('whose commands are taken', () => {
  it('only those of the key that was heard first, for this terminal, as a command', async () => {
    const other = await signingKey();
    kiosk.hearKey(other);
    expect(kiosk.faults).toEqual(['commands command.other-key']);
    kiosk.faults.length = 0;
    await kiosk.beat(await kiosk.command('block', { by: other.sign }));
    await kiosk.beat(await kiosk.command('block', { to: `t${'2'.repeat(30)}` }));
    await kiosk.beat(await kiosk.command('block', { typ: 'at+jwt' }));
    await kiosk.beat({ jws: 'nonsense' });
    expect(kiosk.faults).toEqual(Array(4).fill('commands command.bad-signature'));
    // The key is still the first after a start.
    await kiosk.restarted();
    await kiosk.beat(await kiosk.command('block', { by: other.sign }));
    expect([kiosk.blocked, kiosk.heard]).toEqual([false, []]);
    await kiosk.beat(await kiosk.command('block'));
    expect(kiosk.blocked).toBe(true);
  });

  it('none’s before a key was heard', async () => {
    await rm(join(kiosk.folder, 'command-key.json'));
    await kiosk.restarted();
    await kiosk.beat(await kiosk.command('block'));
    expect([kiosk.blocked, kiosk.faults]).toEqual([false, ['commands command.bad-signature']]);
  });
});
