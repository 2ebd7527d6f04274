import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { codeOf } from '../errors.ts';
import { watchReaders } from '../reader/readers.ts';
import { FakeAndroidBridge } from '../testing/fake-android-bridge.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { PORT_CONTRACT } from '../testing/port-contract.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { parseAnswer, parseDevices } from './bridge.ts';
import { GRACE_MS } from './bridge-link.ts';
import { openAndroidUsbBus } from './usb-bus.ts';

async function box() {
  const clock = new ManualClock();
  const shell = new FakeAndroidBridge();
  const reader = new SimulatedReader({ clock });
  shell.plug(reader);
  const bus = await openAndroidUsbBus({
    bridge: shell,
    clock,
    install: (page) => {
      shell.page = page;
    },
  });
  return { clock, shell, reader, bus };
}

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => codeOf(error) ?? error,
  );

const SLOT_STATUS = fromHex('65000000000007000000');
const ANSWER = '81000000000007020000';

describe('base64', () => {
  it('is what Node and Java make of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AAA', 'AA=A', 'A===', '====', 'AA-_', 'AAAA\n'])(
    'is refused where it is none: %j',
    (text) => {
      expect(fromBase64(text)).toBeUndefined();
    },
  );
});

describe('an answer of the shell', () => {
  it.each([
    '',
    'null',
    '[]',
    '{"ok":1}',
    '{"ok":true,"data":"?"}',
    '{"ok":true,"devices":[{"id":1}]}',
    '{"ok":true,"port":3}',
    '{"ok":false,"code":"order.paid"}',
  ])('that is not as agreed is usb.io: %s', (text) => {
    expect(parseAnswer(text)).toEqual({ ok: false, code: 'usb.io' });
  });

  it('of any kind is taken or refused, and throws nothing', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        for (const each of [json, text]) {
          expect(typeof parseAnswer(each).ok).toBe('boolean');
          parseDevices(each);
        }
      }),
    );
  });
});

describe('a port over the box’s bridge', () => {
  it.each(PORT_CONTRACT)('$name', async (portCase) => {
    const { clock, shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    const unplug = reader.unplug.bind(reader);
    reader.unplug = () => {
      reader.unplug = unplug;
      shell.unplug(reader);
    };
    await portCase.run({ reader, port, pass: (ms) => clock.advance(ms) });
  });

  it('is as long as the shell’s own time-outs and a little more, where the shell hangs', async () => {
    const { clock, shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    shell.mute = true;
    const asked = outcome(port.bulkIn(271, 100));
    await clock.advance(100 + GRACE_MS);
    expect(await asked).toBe('usb.timeout');
    expect(clock.sleepers).toBe(0);
  });

  it('keeps what came after nobody waited any more for the next read', async () => {
    const { clock, shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    await port.bulkOut(SLOT_STATUS, 100);
    shell.hold = true;
    const asked = outcome(port.bulkIn(271, 100));
    await clock.advance(100 + GRACE_MS);
    expect(await asked).toBe('usb.timeout');
    shell.release();
    expect(toHex(await port.bulkIn(4, 100)) + toHex(await port.bulkIn(271, 100))).toBe(ANSWER);
  });

  it('takes an answer that is not as agreed for a fault', async () => {
    const { shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    await port.bulkOut(SLOT_STATUS, 100);
    shell.garble = '{"ok":true}';
    expect(await outcome(port.bulkIn(271, 100))).toBe('usb.io');
    shell.garble = 'not JSON';
    expect(await outcome(port.bulkOut(SLOT_STATUS, 100))).toBe('usb.io');
  });

  it('takes an exception of the shell for a fault', async () => {
    const { shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    shell.call = () => {
      throw new Error('Java exception was raised during method invocation');
    };
    expect(await outcome(port.bulkOut(SLOT_STATUS, 100))).toBe('usb.io');
  });
});

describe('the box’s bus', () => {
  it('says hello first, with the vendors whose own class is a reader’s', async () => {
    const { shell } = await box();
    expect(JSON.parse(shell.requests[0] ?? '')).toEqual({
      op: 'hello',
      version: 1,
      vendors: [0x072f, 0x076b],
    });
  });

  it('opens what a person allows, and says what is not', async () => {
    const { shell, reader, bus } = await box();
    shell.allowed = false;
    expect(await outcome(bus.open(reader.info.id))).toBe('usb.permission');
    expect(await outcome(bus.open('another'))).toBe('usb.gone');
  });

  it('closes again what was allowed after nobody waited any more', async () => {
    const { clock, shell, reader, bus } = await box();
    shell.hold = true;
    const opening = outcome(bus.open(reader.info.id));
    await clock.advance(60_000 + GRACE_MS);
    expect(await opening).toBe('usb.timeout');
    shell.release();
    await settled();
    expect(shell.openPorts).toBe(0);
  });

  it('has readers opened and closed as they are plugged', async () => {
    const { shell, reader, bus } = await box();
    const faults: unknown[] = [];
    const readers = await watchReaders(bus, (_, error) => faults.push(error));
    expect(await readers.slots()[0]?.present()).toBe(false);
    shell.unplug(reader);
    await settled();
    expect(readers.slots()).toHaveLength(0);
    shell.plug(reader);
    await settled();
    expect(await readers.slots()[0]?.present()).toBe(false);
    expect(faults).toEqual([]);
  });

  it('has a page that is loaded anew close what the last one left', async () => {
    const { clock, shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    await openAndroidUsbBus({ bridge: shell, clock, install: (page) => (shell.page = page) });
    expect(shell.openPorts).toBe(0);
    const asked = outcome(port.bulkOut(SLOT_STATUS, 100));
    await clock.advance(100 + GRACE_MS);
    expect(await asked).toBe('usb.timeout');
  });
});
