import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { told, windows } from '../testing/fake-electron.ts';
import { KioskRig } from '../testing/kiosk-rig.ts';

vi.mock('electron-updater', async () => ({
  default: (await import('../testing/fake-auto-updater.ts')).electronUpdater,
}));
vi.mock('electron', async () => (await import('../testing/fake-electron.ts')).electron);

let kiosk: KioskRig;
beforeEach(async () => {
  kiosk = await KioskRig.open();
});
afterEach(() => kiosk.end());

/** As Electron says a stroke; true where it goes no further. */
function isStopped(stroke: { key: string; control?: boolean; alt?: boolean; meta?: boolean }): boolean {
  let stopped = false;
  const input = { type: 'keyDown', control: false, alt: false, meta: false, shift: false, ...stroke };
  kiosk.page().emit('before-input-event', { preventDefault: () => (stopped = true) }, input);
  return stopped;
}

describe('what is typed at a kiosk', () => {
  it.each([
    { key: 'r', control: true },
    { key: 'w', control: true },
    { key: 'I', control: true, shift: true },
    { key: 'p', control: true },
    { key: 'F4', alt: true },
    { key: 'ArrowLeft', alt: true },
    { key: 'l', meta: true },
    { key: 'F5' },
    { key: 'F11' },
    { key: 'F12' },
    { key: 'ContextMenu' },
    { key: 'BrowserBack' },
    { key: 'Unidentified' },
  ])('goes no further than the main process: %j', async (stroke) => {
    await kiosk.start();
    expect(isStopped(stroke)).toBe(true);
  });

  it.each(['F1', 'F9', '7', 'a', 'Enter', 'Backspace', 'Escape', 'Tab', 'ArrowDown'])(
    'reaches the page where staff need it: %s',
    async (key) => {
      await kiosk.start();
      expect(isStopped({ key })).toBe(false);
    },
  );
});

describe('a window that is told to close', () => {
  const close = (): boolean => {
    let stays = false;
    windows[0]?.emit('close', { preventDefault: () => (stays = true) });
    return stays;
  };

  it('stays, and the program goes on', async () => {
    await kiosk.start();
    expect(close()).toBe(true);
    expect(told.filter((line) => line.startsWith('app.exit'))).toEqual([]);
  });

  it('closes once the program ends', async () => {
    await kiosk.start();
    const { app } = await import('../testing/fake-electron.ts');
    app.emit('window-all-closed');
    await kiosk.clock.advance(0);
    expect(close()).toBe(false);
  });

  it('closes where the program is not packaged: a developer’s', async () => {
    const { app } = await import('../testing/fake-electron.ts');
    app.isPackaged = false;
    await kiosk.start();
    expect(close()).toBe(false);
  });
});
