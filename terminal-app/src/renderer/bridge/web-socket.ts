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
  const bridge = new WebSocketBridge(address);
  bridge.connect();
  return bridge;
}

class WebSocketBridge implements LinkedBridge {
  readonly #address: URL;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<HostEvent, Set<(payload: never) => void>>();
  readonly #links = new Set<(linked: boolean) => void>();
  #socket: WebSocket | undefined;
  #nextId = 1;

  constructor(address: URL) {
    this.#address = address;
  }

  connect(): void {
    const opened = new WebSocket(this.#address);
    opened.onopen = () => {
      this.#socket = opened;
      this.#setLinked(true);
    };
    opened.onmessage = (event) => {
      this.#receive(JSON.parse(String(event.data)) as WireMessage);
    };
    opened.onclose = () => {
      this.#socket = undefined;
      this.#setLinked(false);
      for (const call of this.#waiting.values()) call.reject(new Error('link.down'));
      this.#waiting.clear();
      setTimeout(() => {
        this.connect();
      }, RETRY_MS);
    };
  }

  call<K extends HostCall>(name: K, request: HostCalls[K]['request']): Promise<HostCalls[K]['response']> {
    return new Promise((resolve, reject) => {
      if (this.#socket === undefined) {
        reject(new Error('link.down'));
        return;
      }
      const frame: WireCall = { id: this.#nextId++, call: name, request };
      this.#waiting.set(frame.id, { resolve: resolve, reject });
      this.#socket.send(JSON.stringify(frame));
    });
  }

  on<K extends HostEvent>(name: K, listener: (payload: HostEvents[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  onLink(listener: (linked: boolean) => void): () => void {
    this.#links.add(listener);
    listener(this.#socket !== undefined);
    return () => this.#links.delete(listener);
  }

  #setLinked(linked: boolean): void {
    for (const listener of this.#links) listener(linked);
  }

  #receive(message: WireMessage): void {
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    const call = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) call?.resolve(message.response);
    else call?.reject(new Error(message.code));
  }
}
