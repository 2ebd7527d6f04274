import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandedKiosk } from '../../testing/commanded-kiosk.ts';

let kiosk: CommandedKiosk;
beforeEach(async () => {
  kiosk = await CommandedKiosk.open();
});
afterEach(() => kiosk.close());

describe('a picture of the screen', () => {
  it('is taken of the waiting screen', async () => {
    const { id, jws } = await kiosk.command('screenshot');
    await kiosk.beat({ jws });
    expect(kiosk.heard).toEqual([[id, { outcome: 'done', picture: '/9g=' }]]);
  });

  it('is refused where the kiosk is in use, before and while it is taken', async () => {
    kiosk.shown = { ...kiosk.shown, screen: 'who' };
    await kiosk.beat(await kiosk.command('screenshot'));
    kiosk.shown = { ...kiosk.shown, screen: 'wait' };
    await kiosk.restarted({
      shell: {
        picture: () => {
          kiosk.shown = { ...kiosk.shown, staffIn: true };
          return Promise.resolve(kiosk.picture);
        },
      },
    });
    await kiosk.beat(await kiosk.command('screenshot'));
    expect(kiosk.heard.map(([, result]) => result)).toEqual([
      { outcome: 'refused', code: 'command.personal-data' },
      { outcome: 'refused', code: 'command.personal-data' },
    ]);
  });

  it('that is too large stays here', async () => {
    kiosk.picture = new Uint8Array(150_001);
    await kiosk.beat(await kiosk.command('screenshot'));
    expect(kiosk.heard[0]?.[1]).toEqual({ outcome: 'failed', code: 'command.too-large' });
  });
});
