import type { HostBridge, HostCall, HostCalls, HostEvent, HostEvents } from './map.ts';
import type { WireMessage } from './wire.ts';

/** What the preload needs of Electron. */
export interface PreloadWire {
  invoke(name: string, request: unknown): Promise<WireMessage>;
  /** Every event from main; returns its own removal. */
  listen(listener: (name: HostEvent, payload: unknown) => void): () => void;
}

// Written out here: a sandboxed preload is one file, and must hold nothing that the page could grow by asking. As records, so
// that a call or event that the map has and they lack does not compile.
const CALLS: Readonly<Record<HostCall, true>> = {
  'host.status': true,
  'purchase.view': true,
  'purchase.command': true,
  'remote-card.view': true,
  'remote-card.command': true,
  'page.painted': true,
  'printer.print': true,
  'printer.reprint': true,
  'receipt.link': true,
  'staff.view': true,
  'staff.enter': true,
  'staff.pin': true,
  'staff.aside': true,
  'staff.touch': true,
  'staff.leave': true,
  'staff.orders': true,
  'staff.card-orders': true,
  'staff.order': true,
  'staff.expect': true,
  'staff.takings': true,
  'staff.waiting': true,
  'staff.hand-out': true,
  'staff.close': true,
  'staff.print-slip': true,
  'staff.diagnostics': true,
  'staff.report': true,
  'sandbox.insert': true,
  'sandbox.eject': true,
};
const EVENTS: Readonly<Record<HostEvent, true>> = {
  'host.status': true,
  'purchase.view': true,
  'remote-card.view': true,
  'staff.view': true,
  'page.reload': true,
};

/** Exactly the map: names that are not in it are refused before they leave the page's process. */
export function exposedBridge(wire: PreloadWire): HostBridge {
  return {
    call: async <K extends HostCall>(name: K, request: HostCalls[K]['request']) => {
      if (!Object.hasOwn(CALLS, name)) throw new Error('ipc.unknown-call');
      const answer = await wire.invoke(name, request);
      if (!('ok' in answer)) throw new Error('ipc.failed');
      if (!answer.ok) throw new Error(answer.code);
      return answer.response as HostCalls[K]['response'];
    },
    on: <K extends HostEvent>(name: K, listener: (payload: HostEvents[K]) => void) => {
      if (!Object.hasOwn(EVENTS, name)) throw new Error('ipc.unknown-call');
      return wire.listen((sent, payload) => {
        if (sent === name) listener(payload as HostEvents[K]);
      });
    },
  };
}
