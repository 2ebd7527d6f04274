import { describe, expect, it } from 'vitest';
import type { HostEvent } from './map.ts';
import { HOST_EVENTS } from './events.ts';
import { REQUEST_SCHEMAS } from './schemas.ts';
import type { WireMessage } from './wire.ts';
import { exposedBridge } from './exposed-bridge.ts';

function fakeWire(answer: WireMessage) {
  const sent: unknown[][] = [];
  let tell: (name: HostEvent, payload: unknown) => void = () => undefined;
  const bridge = exposedBridge({
    invoke: (...call) => {
      sent.push(call);
      return Promise.resolve(answer);
    },
    listen: (listener) => {
      tell = listener;
      return () => (tell = () => undefined);
    },
  });
  return { bridge, sent, tell: (name: HostEvent, payload: unknown) => tell(name, payload) };
}

describe('what the preload gives the page', () => {
  it('has every call and event of the map, and no other', async () => {
    const { bridge, sent } = fakeWire({ id: 0, ok: true, response: null });
    for (const name of Object.keys(REQUEST_SCHEMAS)) await bridge.call(name as 'sandbox.eject', null);
    expect(sent).toHaveLength(Object.keys(REQUEST_SCHEMAS).length);
    for (const name of HOST_EVENTS) bridge.on(name, () => undefined);
    await expect(bridge.call('shell.open' as 'sandbox.eject', null)).rejects.toThrow('ipc.unknown-call');
    expect(() => bridge.on('anything' as 'host.status', () => undefined)).toThrow('ipc.unknown-call');
  });

  it('gives failures as their codes', async () => {
    const { bridge } = fakeWire({ id: 0, ok: false, code: 'ipc.failed', message: 'no' });
    await expect(bridge.call('sandbox.eject', null)).rejects.toThrow('ipc.failed');
  });

  it('tells a listener of its own event only, until it is taken away', () => {
    const { bridge, tell } = fakeWire({ id: 0, ok: true, response: null });
    const seen: unknown[] = [];
    const off = bridge.on('purchase.view', (view) => seen.push(view));
    tell('host.status', {});
    tell('purchase.view', { screen: 'reading' });
    off();
    tell('purchase.view', { screen: 'reading' });
    expect(seen).toEqual([{ screen: 'reading' }]);
  });
});
