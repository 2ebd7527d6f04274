import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findCommand } from '../bootstrap/machine.mjs';
import { CHROMIUM_COMMANDS } from '../bootstrap/needs.mjs';

/**
 * Opens a page in a Chromium window of its own, with a profile of its own, where there is a screen. Gives a line
 * for people, or null where there is no screen or no Chromium. The page is a local file: the token in the
 * address that it leads to must not stand in an argument list.
 */
export async function openWindow(init: {
  readonly page: string;
  readonly dir: string;
}): Promise<string | null> {
  const { env } = process;
  const screen = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  const command = env['CHROMIUM'] ?? CHROMIUM_COMMANDS.map(findCommand).find((found) => found !== undefined);
  if (!screen || command === undefined) return null;
  const asRoot = process.getuid?.() === 0;
  const child = spawn(
    command,
    [
      `--app=file://${init.page}`,
      `--user-data-dir=${join(init.dir, 'chromium')}`,
      ...['--window-size=1600,900', '--no-first-run', '--no-default-browser-check', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
      // Chromium refuses to run as root with its sandbox.
      ...(asRoot ? ['--no-sandbox'] : []),
    ],
    { stdio: 'ignore' },
  );
  const opened = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => {
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
  });
  if (!opened) return null;
  process.once('exit', () => child.kill());
  return 'Kiosk           is open in its own window';
}
