import type { HostBridge } from '../ipc/map.ts';

declare global {
  interface Window {
    /** Set by Electron's preload; absent in the Chromium shell. */
    bianmin?: HostBridge;
  }
}
