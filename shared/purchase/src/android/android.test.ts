import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import { PORT_CONTRACT } from '@bianmin/card/testing/port-contract';
import { outcome } from '@bianmin/card/testing/outcome';
import { fromBase64, toBase64 } from './base64.ts';
import { parseAnswer, parseDevices } from './bridge.ts';
import { GRACE_MS } from './bridge-link.ts';
import { box } from '../testing/sim-box.ts';

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

  it('keeps what came after the wait was over for the next read', async () => {
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
