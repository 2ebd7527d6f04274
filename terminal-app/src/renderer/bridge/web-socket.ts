import type { HostCall, HostCalls, HostEvent, HostEvents } from '../../ipc/map.ts';
import type { WireCall, WireMessage } from '../../ipc/wire.ts';
import type { LinkedBridge } from './linked-bridge.ts';

const RETRY_MS = 500;

interface Waiting {
  resolve(response: unknown): void;
  reject(error: Error): void;
}

/**
 * The bridge over the loopback WebSocket. Reconnects by itself; calls made while the link is down fail at
 * once, since a purchase is the host's and the next view tells what is true.
 */
export function connectWebSocketBridge(page: URL): LinkedBridge {
  const address = new URL(page);
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<HostEvent, Set<(payload: never) => void>>();
  const links = new Set<(linked: boolean) => void>();
  let socket: WebSocket | undefined;
  let nextId = 1;

  const setLinked = (linked: boolean): void => {
    for (const listener of links) listener(linked);
  };

  const receive = (message: WireMessage): void => {
    if ('event' in message) {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) call?.resolve(message.response);
    else call?.reject(new Error(message.code));
  };

  const connect = (): void => {
    const opened = new WebSocket(address);
    opened.onopen = () => {
      socket = opened;
      setLinked(true);
    };
    opened.onmessage = (event) => {
      receive(JSON.parse(String(event.data)) as WireMessage);
    };
    opened.onclose = () => {
      socket = undefined;
      setLinked(false);
      for (const call of waiting.values()) call.reject(new Error('link.down'));
      waiting.clear();
      setTimeout(connect, RETRY_MS);
    };
  };
  connect();

  return {
    call<K extends HostCall>(name: K, request: HostCalls[K]['request']): Promise<HostCalls[K]['response']> {
      return new Promise((resolve, reject) => {
        if (socket === undefined) {
          reject(new Error('link.down'));
          return;
        }
        const frame: WireCall = { id: nextId++, call: name, request };
        waiting.set(frame.id, { resolve: resolve, reject });
        socket.send(JSON.stringify(frame));
      });
    },
    on<K extends HostEvent>(name: K, listener: (payload: HostEvents[K]) => void) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    onLink(listener) {
      links.add(listener);
      listener(socket !== undefined);
      return () => links.delete(listener);
    },
  };
}
