import { utilityProcess } from 'electron';
import type { PcscChild } from '@bianmin/shared/node/pcsc-fork';

/** Starts the PC/SC child: `fork` needs a fuse (`runAsNode`) that a kiosk has off, a utility process does not. */
export function startPcscChild(program: string): PcscChild {
  const child = utilityProcess.fork(program, [], { serviceName: 'bianmin readers', stdio: 'ignore' });
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
      child.kill();
    },
  };
}
