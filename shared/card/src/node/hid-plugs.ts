import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';

/** Calls back when something may have been plugged in or out; returns its own removal. */
export type PlugSource = (listener: () => void) => () => void;

/** Looking for HID devices opens each of them on some systems: not more often than this. */
const POLL_MS = 3_000;

/** `node-hid` tells of no plugs: the `usb` package's events do, or a look every three seconds where it has none. */
export async function watchPlugs(clock: Clock): Promise<PlugSource> {
  try {
    const { usb } = await import('usb');
    // Listening on a machine without USB ends the process from inside the package: ask first.
    await usb.getDevices();
    return (listener) => {
      usb.addEventListener('connect', listener);
      usb.addEventListener('disconnect', listener);
      return () => {
        usb.removeEventListener('connect', listener);
        usb.removeEventListener('disconnect', listener);
      };
    };
  } catch {
    return polledPlugs(clock);
  }
}

/** Every three seconds. */
export function polledPlugs(clock: Clock): PlugSource {
  return (listener) => {
    const end = new Stop();
    const poll = async (): Promise<void> => {
      while (!end.stopped) {
        await clock.sleep(POLL_MS, end.signal);
        listener();
      }
    };
    poll().catch(() => undefined); // Stopped.
    return () => {
      end.stop();
    };
  };
}
