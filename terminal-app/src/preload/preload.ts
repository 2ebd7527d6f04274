import { contextBridge, ipcRenderer } from 'electron';
import type { HostBridge, HostEvent } from '../ipc/map.ts';
import type { WireMessage } from '../ipc/wire.ts';
import { exposedBridge } from './bridge.ts';

/** Gives the page the typed map as `window.bianmin`, and nothing of Electron. */
const bridge: HostBridge = exposedBridge({
  invoke: (name, request) => ipcRenderer.invoke('bianmin:call', name, request) as Promise<WireMessage>,
  listen: (listener) => {
    const onEvent = (_event: unknown, name: HostEvent, payload: unknown): void => {
      listener(name, payload);
    };
    ipcRenderer.on('bianmin:event', onEvent);
    return () => {
      ipcRenderer.removeListener('bianmin:event', onEvent);
    };
  },
});
contextBridge.exposeInMainWorld('bianmin', bridge);
