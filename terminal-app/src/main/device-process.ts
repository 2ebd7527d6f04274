import process from 'node:process';
import { utilityProcess } from 'electron';
import type { ReaderChild } from '@bianmin/card/node/guarded-child';
import type { DeviceDriver } from '../host/device-child.ts';

/** Starts a child that drives readers or the printer: `fork` needs a fuse (`runAsNode`) that a kiosk has off, a utility process does not. */
export function startDeviceChild(program: string, driver: DeviceDriver): ReaderChild {
  const child = utilityProcess.fork(program, [driver], {
    serviceName: `bianmin ${driver}`,
    stdio: 'ignore',
  });
  return {
    send: (request) => {
      child.postMessage(request);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', listener);
    },
    kill: () => {
      if (child.pid === undefined) return;
      try {
        // Electron's own way is SIGTERM, which a stopped process does not hear.
        process.kill(child.pid, 'SIGKILL');
      } catch {
        // It ended a moment ago, and we have not been told yet.
      }
    },
  };
}
