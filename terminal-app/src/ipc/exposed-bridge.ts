import type { HostBridge, HostCall, HostCalls, HostEvent, HostEvents } from './map.ts';
import type { WireMessage } from './wire.ts';

/** What the preload needs of Electron. */
export interface PreloadWire {
  invoke(name: string, request: unknown): Promise<WireMessage>;
  /** Every event from main; returns its own removal. */
  listen(listener: (name: HostEvent, payload: unknown) => void): () => void;
}

// Written out here: a sandboxed preload is one file, and must hold nothing that the page could grow by asking.
const CALLS: readonly HostCall[] = [
  'host.status',
  'purchase.view',
  'purchase.command',
  'remote-card.view',
  'remote-card.command',
  'page.painted',
  'staff.view',
  'staff.enter',
  'staff.leave',
  'staff.orders',
  'staff.order',
  'staff.expect',
  'staff.takings',
  'staff.diagnostics',
  'staff.report',
  'sandbox.insert',
  'sandbox.eject',
];
const EVENTS: readonly HostEvent[] = ['host.status', 'purchase.view', 'remote-card.view', 'staff.view'];

/** Exactly the map: names that are not in it are refused before they leave the page's process. */
export function exposedBridge(wire: PreloadWire): HostBridge {
  return {
    call: async <K extends HostCall>(name: K, request: HostCalls[K]['request']) => {
      if (!CALLS.includes(name)) throw new Error('ipc.unknown-call');
      const answer = await wire.invoke(name, request);
      if (!('ok' in answer)) throw new Error('ipc.failed');
      if (!answer.ok) throw new Error(answer.code);
      return answer.response as HostCalls[K]['response'];
    },
    on: <K extends HostEvent>(name: K, listener: (payload: HostEvents[K]) => void) => {
      if (!EVENTS.includes(name)) throw new Error('ipc.unknown-call');
      return wire.listen((sent, payload) => {
        if (sent === name) listener(payload as HostEvents[K]);
      });
    },
  };
}
