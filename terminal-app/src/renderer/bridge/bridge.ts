import type { LinkedBridge } from './linked-bridge.ts';
import { watchSilence } from './silent-host.ts';
import { connectWebSocketBridge } from './web-socket.ts';

/** Electron's preload where it is there, the loopback WebSocket otherwise. */
export function openBridge(): LinkedBridge {
  const electron = window.bianmin;
  if (electron === undefined)
    return watchSilence(connectWebSocketBridge(new URL('ipc', window.location.href)));
  return watchSilence({
    call: (name, request) => electron.call(name, request),
    on: (name, listener) => electron.on(name, listener),
    onLink: (listener) => {
      listener(true);
      return () => undefined;
    },
  });
}
