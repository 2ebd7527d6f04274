import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { FakeSlot, FakeSlots } from '@bianmin/card/testing/fake-slots';
import type { HttpCall } from '@bianmin/purchase/api/http-call';
import { IDLE_POLL_MS } from '@bianmin/purchase/remote-card/terminal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { loadHostEnvironment } from './env.ts';
import { startHost } from './host.ts';
import type { Host } from './host.ts';
import { createLog } from './log.ts';
import { mergeSlots } from './readers.ts';
import type { OpenSlots } from './readers.ts';

let folder: string;
let slots: FakeSlots;
let host: Host;

function openable(source: FakeSlots): OpenSlots {
  return {
    slots: () => source.slots(),
    onChange: (listener) => source.onChange(listener),
    close: () => Promise.resolve(),
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-host-'));
  slots = new FakeSlots();
  // Nothing listens on the discard port: a server that is away.
  const env = {
    BIANMIN_SERVER_URL: 'http://127.0.0.1:9',
    BIANMIN_DATA_DIR: folder,
    BIANMIN_PRINTER: 'tcp://127.0.0.1:9',
  };
  host = await startHost({
    env: loadHostEnvironment(env),
    shell: 'none',
    slots: openable(slots),
    log: createLog('silent'),
  });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the host without its server', () => {
  it('tells what it is, and that the server is away', async () => {
    expect(await host.bridge.call('host.status', null)).toMatchObject({
      terminalId: null,
      server: 'away',
      entry: 'kiosk',
      sandbox: null,
    });
    expect(host.url).toBe('');
  });

  it('prints no receipt again without staff mode', async () => {
    const request = { orderNo: '261127000000000001', language: 'zh-CN' } as const;
    expect(await host.bridge.call('printer.reprint', request)).toBe(false);
    expect((await host.bridge.call('host.status', null)).printer?.job).toBeNull();
  });

  it('follows readers and cards, and tells every screen', async () => {
    const seen: PurchaseView[] = [];
    host.bridge.on('purchase.view', (view) => seen.push(view));
    expect(await host.bridge.call('purchase.view', null)).toMatchObject({ code: 'no-reader' });
    const slot = new FakeSlot('A reader');
    slots.plug(slot);
    expect(await host.bridge.call('purchase.view', null)).toEqual({
      screen: 'wait',
      reader: 'A reader',
      withoutCard: true,
    });
    expect(host.busy()).toBe(false);
    slot.insert('6501000000000001');
    await expect.poll(() => seen.at(-1)).toMatchObject({ screen: 'problem', code: 'card-unknown' });
    expect(host.busy()).toBe(true);
    slot.remove();
    await expect.poll(() => seen.at(-1)?.screen).toBe('wait');
  });

  it('has no drawer on a real terminal', async () => {
    await expect(host.bridge.call('sandbox.eject', null)).rejects.toMatchObject({ code: 'ipc.unavailable' });
  });
});

it('several sources of readers are one, in their order', async () => {
  const [real, simulated] = [new FakeSlots(), new FakeSlots()];
  const all = mergeSlots([openable(real), openable(simulated)]);
  let changes = 0;
  const off = all.onChange(() => changes++);
  simulated.plug(new FakeSlot('simulated'));
  real.plug(new FakeSlot('real'));
  expect(all.slots().map(({ name }) => name)).toEqual(['real', 'simulated']);
  expect(changes).toBe(2);
  off();
  real.plug(new FakeSlot('second'));
  expect(changes).toBe(2);
  await all.close();
});

it('hears what an administrator decided about it with the answer to its enrolment', async () => {
  const clock = new ManualClock();
  let status = 'suspended';
  const http: HttpCall = ({ url }) => {
    const enrols = url.endsWith('/v1/terminal/enrol');
    const refusal = { type: 'about:blank', title: 'no', status: 403, traceId: 't', retryable: false };
    return Promise.resolve({
      ...{ status: enrols ? 200 : 403, headers: {} },
      body: JSON.stringify(
        enrols ? { terminalId: 't1', status } : { ...refusal, code: 'terminal.suspended' },
      ),
    });
  };
  const cut = await startHost({
    env: loadHostEnvironment({
      BIANMIN_SERVER_URL: 'http://server.test',
      BIANMIN_DATA_DIR: join(folder, 'cut'),
    }),
    ...{ shell: 'none', log: createLog('silent'), slots: openable(new FakeSlots()), clock, http },
  });
  const told = async () => cut.bridge.call('host.status', null);
  expect(await told()).toMatchObject({ standing: 'suspended', terminalId: null, server: 'online' });
  status = 'accepted';
  await clock.advance(IDLE_POLL_MS);
  await expect.poll(told).toMatchObject({ standing: 'accepted', terminalId: 't1' });
  await cut.close();
});

describe('the link of an idle kiosk', () => {
  it('is looked at with every question for work, so that it learns that the server went and came back', async () => {
    const clock = new ManualClock();
    let there = true;
    // Knows no terminal, and says so: it is there.
    const refusal = { type: 'about:blank', title: 'no', status: 401, traceId: 't', retryable: false };
    const http: HttpCall = () =>
      there
        ? Promise.resolve({
            status: 401,
            headers: {},
            body: JSON.stringify({ ...refusal, code: 'auth.required' }),
          })
        : Promise.reject(new Error('ECONNREFUSED'));
    const told: string[] = [];
    const idle = await startHost({
      env: loadHostEnvironment({
        BIANMIN_SERVER_URL: 'http://server.test',
        BIANMIN_DATA_DIR: join(folder, 'idle'),
      }),
      ...{ shell: 'none', log: createLog('silent'), slots: openable(new FakeSlots()), clock, http },
    });
    idle.bridge.on('host.status', ({ server }) => told.push(server));
    const link = async (): Promise<string> => (await idle.bridge.call('host.status', null)).server;
    expect(await link()).toBe('online');
    there = false;
    await clock.advance(IDLE_POLL_MS);
    expect(await link()).toBe('away');
    await clock.advance(IDLE_POLL_MS);
    there = true;
    await clock.advance(IDLE_POLL_MS);
    expect(await link()).toBe('online');
    // A server that refuses is there: nothing flickers while this terminal asks again to be let in.
    await clock.advance(10 * IDLE_POLL_MS);
    expect(told).toEqual(['away', 'online']);
    await idle.close();
  });
});
