import { expect, it } from 'vitest';
import { needsDisplay, READING_MS } from './display.ts';
import { howToRestart } from './leaving.ts';

it.each([
  [{}, { by: 'itself' }],
  [{ APPIMAGE: '/opt/kiosk.AppImage' }, { by: 'itself', execPath: '/opt/kiosk.AppImage' }],
  [{ NOTIFY_SOCKET: '', BIANMIN_SUPERVISED: '0' }, { by: 'itself' }],
  [{ NOTIFY_SOCKET: '/run/systemd/notify', APPIMAGE: '/opt/kiosk.AppImage' }, { by: 'supervisor' }],
  [{ BIANMIN_SUPERVISED: '1' }, { by: 'supervisor' }],
])('with %j it is started again by %j', (env, how) => {
  expect(howToRestart(env)).toEqual(how);
});

it('the display is needed while the terminal is in use or may still be read', () => {
  expect(needsDisplay({ busy: true, idleMs: 10 * READING_MS })).toBe(true);
  expect(needsDisplay({ busy: false, idleMs: READING_MS - 1 })).toBe(true);
  expect(needsDisplay({ busy: false, idleMs: READING_MS })).toBe(false);
});
