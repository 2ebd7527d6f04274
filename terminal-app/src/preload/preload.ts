import { contextBridge, ipcRenderer } from 'electron';
import { exposedBridge } from '../ipc/exposed-bridge.ts';
import type { HostBridge, HostEvent } from '../ipc/map.ts';
import type { WireMessage } from '../ipc/wire.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../policy/channels.ts';

/** Gives the page the typed map as `window.bianmin`, and nothing of Electron. */
const bridge: HostBridge = exposedBridge({
  invoke: (name, request) => ipcRenderer.invoke(CALL_CHANNEL, name, request) as Promise<WireMessage>,
  listen: (listener) => {
    const onEvent = (_event: unknown, name: HostEvent, payload: unknown): void => {
      listener(name, payload);
    };
    ipcRenderer.on(EVENT_CHANNEL, onEvent);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, onEvent);
    };
  },
});
contextBridge.exposeInMainWorld('bianmin', bridge);
