import type { AndroidUsbBridge, AndroidUsbPage } from '@bianmin/purchase/android/bridge';
import type { AndroidShell, AndroidShellPage } from '@bianmin/purchase/android/shell';
import type { Box } from './box.ts';
import { BoxError } from './error.ts';
import { pageClock } from './page-clock.ts';
import { startBox } from './start-box.ts';

declare global {
  interface Window {
    BianminShell?: AndroidShell;
    BianminUsb?: AndroidUsbBridge;
    BianminShellPage?: AndroidShellPage;
    BianminUsbPage?: AndroidUsbPage;
  }
}

/** The box whose shell this page runs in. Fails with a `BoxError`, also where there is none. */
export async function startBoxOfPage(onFault: (where: string, error: unknown) => void): Promise<Box> {
  const { BianminShell: shell, BianminUsb: usb } = window;
  if (shell === undefined || usb === undefined) {
    throw new BoxError({ code: 'shell.none', message: 'This page is not running on a box. Open it there.' });
  }
  return startBox({
    shell,
    usb,
    installShell: (page) => {
      window.BianminShellPage = page;
    },
    installUsb: (page) => {
      window.BianminUsbPage = page;
    },
    clock: pageClock,
    random: () => crypto.getRandomValues(new Uint8Array(16)),
    onFault,
  });
}
