import type { HostBridge, HostCall, HostCalls, HostEvent, HostEvents } from './map.ts';
import type { Router } from './router.ts';

/** The host's events, for as many shells as listen. */
export class HostEventBus {
  readonly #listeners = new Map<HostEvent, Set<(payload: never) => void>>();

  emit<K extends HostEvent>(name: K, payload: HostEvents[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(payload as never);
  }

  on<K extends HostEvent>(name: K, listener: (payload: HostEvents[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }
}

export const HOST_EVENTS = [
  'host.status',
  'purchase.view',
  'remote-card.view',
  'staff.view',
  'page.reload',
] as const satisfies readonly HostEvent[];

/** The map without a wire: what a shell's renderer would see, for callers in the host's own process. */
export function directBridge(router: Router, events: HostEventBus): HostBridge {
  return {
    call: async <K extends HostCall>(name: K, request: HostCalls[K]['request']) =>
      (await router(name, structuredClone(request))) as HostCalls[K]['response'],
    on: (name, listener) => events.on(name, listener),
  };
}
