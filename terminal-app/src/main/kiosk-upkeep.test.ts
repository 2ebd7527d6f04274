import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { CRASH_WINDOW_MS, FIRST_PAINT_MS, RELOAD_AFTER_MS, SILENT_MS } from '../policy/crashes.ts';
import { READING_MS } from '../policy/display.ts';
import { EXIT_AGAIN } from '../policy/leaving.ts';
import { APP_URL } from '../policy/page.ts';
import { app, told, windows } from '../testing/fake-electron.ts';
import { count, LOAD, KioskRig } from '../testing/kiosk-rig.ts';
import { LOOK_MS } from '../upkeep/upkeep.ts';

vi.mock('electron-updater', async () => ({
  default: (await import('../testing/fake-auto-updater.ts')).electronUpdater,
}));
vi.mock('electron', async () => (await import('../testing/fake-electron.ts')).electron);

let kiosk: KioskRig;
beforeEach(async () => {
  kiosk = await KioskRig.open();
});
afterEach(() => kiosk.end());

describe('a page that is gone', () => {
  it('comes back after a wait that grows, and is given up for a restart without the graphics card', async () => {
    await kiosk.start();
    expect(count(LOAD)).toBe(1);
    for (const [index, wait] of RELOAD_AFTER_MS.entries()) {
      kiosk.crash();
      await kiosk.clock.advance(wait - 1);
      expect(count(LOAD)).toBe(index + 1);
      await kiosk.clock.advance(1);
      expect(count(LOAD)).toBe(index + 2);
    }
    kiosk.crash();
    await settled();
    expect(kiosk.closes).toBe(1);
    expect(told.slice(-2)).toEqual(['app.relaunch {}', 'app.exit 0']);
    await kiosk.startAgain();
    expect(told.indexOf('app.disableHardwareAcceleration')).toBeLessThan(told.indexOf('app.whenReady'));
    expect(count('app.disableHardwareAcceleration')).toBe(1);
  });

  it('is not given up for crashes that lie far apart', async () => {
    await kiosk.start();
    for (let round = 0; round < 2 * RELOAD_AFTER_MS.length; round += 1) {
      kiosk.crash();
      await kiosk.beat(CRASH_WINDOW_MS);
    }
    expect(kiosk.closes).toBe(0);
    expect(count(LOAD)).toBe(1 + 2 * RELOAD_AFTER_MS.length);
  });

  it('comes back where it could not be loaded, but not for a load that another one replaced', async () => {
    await kiosk.start();
    kiosk.page().emit('did-fail-load', {}, -3, 'ERR_ABORTED', APP_URL, true);
    kiosk.page().emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', `${APP_URL}frame`, false);
    await kiosk.clock.advance(RELOAD_AFTER_MS[0]);
    expect(count(LOAD)).toBe(1);
    kiosk.page().emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', APP_URL, true);
    await kiosk.clock.advance(RELOAD_AFTER_MS[0]);
    expect(count(LOAD)).toBe(2);
  });
});

describe('a page that hangs', () => {
  it('is ended and loaded anew when it says nothing any more', async () => {
    await kiosk.start();
    await kiosk.beat(60_000);
    expect(count('page.forcefullyCrashRenderer')).toBe(0);
    await kiosk.clock.advance(SILENT_MS);
    expect(count('page.forcefullyCrashRenderer')).toBe(1);
    await kiosk.clock.advance(RELOAD_AFTER_MS[0]);
    expect(count(LOAD)).toBe(2);
  });

  it('is ended when it never painted', async () => {
    await kiosk.start();
    await kiosk.clock.advance(FIRST_PAINT_MS - LOOK_MS);
    expect(count('page.forcefullyCrashRenderer')).toBe(0);
    await kiosk.clock.advance(LOOK_MS);
    expect(count('page.forcefullyCrashRenderer')).toBe(1);
  });

  it('is ended when it takes no input, unless it comes to itself', async () => {
    await kiosk.start();
    const beat = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        kiosk.painted();
        await kiosk.clock.advance(LOOK_MS);
      }
    };
    windows[0]?.emit('unresponsive');
    await beat(1);
    windows[0]?.emit('responsive');
    await beat(5);
    expect(count('page.forcefullyCrashRenderer')).toBe(0);
    windows[0]?.emit('unresponsive');
    await beat(3);
    expect(count('page.forcefullyCrashRenderer')).toBe(1);
  });
});

describe('the graphics card', () => {
  const gpuGone = (reason = 'crashed'): void =>
    void app.emit('child-process-gone', {}, { type: 'GPU', reason });

  it('is given up after two deaths close together, when the kiosk is idle', async () => {
    await kiosk.start({ NOTIFY_SOCKET: '/run/none' });
    kiosk.busy = true;
    gpuGone();
    gpuGone();
    kiosk.painted();
    await kiosk.clock.advance(LOOK_MS);
    expect(kiosk.closes).toBe(0);
    kiosk.busy = false;
    kiosk.painted();
    await kiosk.clock.advance(LOOK_MS);
    // A supervisor starts it again: a child of ours would be ended with our control group.
    expect(told.at(-1)).toBe(`app.exit ${EXIT_AGAIN}`);
    expect(told.some((line) => line.startsWith('app.relaunch'))).toBe(false);
  });

  it('stays for one death, for other processes and for a clean end', async () => {
    await kiosk.start();
    gpuGone();
    gpuGone('clean-exit');
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed' });
    kiosk.painted();
    await kiosk.clock.advance(LOOK_MS);
    expect(kiosk.closes).toBe(0);
    await kiosk.startAgain();
    expect(count('app.disableHardwareAcceleration')).toBe(0);
  });
});

describe('the display', () => {
  it('is kept on while the kiosk is in use and for a while after, and no longer', async () => {
    await kiosk.start();
    const blocked = (): string[] => told.filter((line) => line.startsWith('blocker'));
    await kiosk.beat(READING_MS);
    expect(blocked()).toEqual(['blocker.start prevent-display-sleep', 'blocker.stop 7']);
    kiosk.page().emit('input-event', {}, { type: 'touchStart' });
    await kiosk.beat(LOOK_MS);
    kiosk.busy = true;
    await kiosk.beat(2 * READING_MS);
    kiosk.busy = false;
    await kiosk.beat(READING_MS - 2 * LOOK_MS);
    expect(blocked()).toHaveLength(3);
    await kiosk.beat(2 * LOOK_MS);
    expect(blocked()).toHaveLength(4);
  });
});
