import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { T0CardLine } from '../../testing/sim-card-line-t0.ts';
import { ReaderError } from '../error.ts';
import { procedureT0 } from './procedure.ts';

/** Characters both ways by script: what is sent, how many are expected, what comes. */
function script(...steps: readonly (readonly [sent: string, expected: number, comes: string])[]) {
  let at = 0;
  return (data: Uint8Array, expected: number): Promise<Uint8Array> => {
    const [sent, asked, comes] = steps[at++] ?? ['', 0, ''];
    expect([toHex(data), expected]).toEqual([sent, asked]);
    return Promise.resolve(fromHex(comes));
  };
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ReaderError ? error.code : String(error)),
  );
}

// ISO/IEC 7816-3:2006 §10.3.3, table 11.
describe('T=0 by its procedure bytes', () => {
  it('sends all data after INS', async () => {
    const card = script(['00D6000002', 1, 'D6'], ['AABB', 1, '90'], ['', 1, '00']);
    expect(toHex(await procedureT0(card, fromHex('00D6000002AABB')))).toBe('9000');
  });

  it('sends one byte after INS inverted, and the rest after INS', async () => {
    const card = script(
      ['00D6000003', 1, '29'],
      ['AA', 1, '29'],
      ['BB', 1, 'D6'],
      ['CC', 1, '90'],
      ['', 1, '00'],
    );
    expect(toHex(await procedureT0(card, fromHex('00D6000003AABBCC')))).toBe('9000');
  });

  it('fetches data after INS, with the procedure byte that follows', async () => {
    const card = script(['00B0000002', 1, 'B0'], ['', 3, 'AABB90'], ['', 1, '00']);
    expect(toHex(await procedureT0(card, fromHex('00B0000002')))).toBe('AABB9000');
  });

  it('fetches one byte after INS inverted', async () => {
    const card = script(
      ['00B0000002', 1, '4F'],
      ['', 2, 'AA4F'],
      ['', 2, 'BB60'],
      ['', 1, '90'],
      ['', 1, '00'],
    );
    expect(toHex(await procedureT0(card, fromHex('00B0000002')))).toBe('AABB9000');
  });

  it('waits at NULL', async () => {
    const card = script(
      ['00B0000001', 1, '60'],
      ['', 1, '60'],
      ['', 1, 'B0'],
      ['', 2, 'AA60'],
      ['', 1, '90'],
      ['', 1, '00'],
    );
    expect(toHex(await procedureT0(card, fromHex('00B0000001')))).toBe('AA9000');
  });

  it('takes more than it asked for, where the reader gives it', async () => {
    const card = script(['00B0000001', 1, 'B0AA9000']);
    expect(toHex(await procedureT0(card, fromHex('00B0000001')))).toBe('AA9000');
  });

  it('ends at SW1 at any time', async () => {
    const card = script(['00B0000001', 1, '6A'], ['', 1, '82']);
    expect(toHex(await procedureT0(card, fromHex('00B0000001')))).toBe('6A82');
  });

  it('gives a card up that is out of turn, silent, or patient without end', async () => {
    expect(await code(procedureT0(script(['00B0000001', 1, '42']), fromHex('00B0000001')))).toBe(
      'reader.protocol',
    );
    expect(await code(procedureT0(script(['00B0000001', 1, ''], ['', 1, '']), fromHex('00B0000001')))).toBe(
      'reader.timeout',
    );
    const twice = script(['00D6000001', 1, 'D6'], ['AA', 1, 'D6']);
    expect(await code(procedureT0(twice, fromHex('00D6000001AA')))).toBe('reader.protocol');
    const patient = (): Promise<Uint8Array> => Promise.resolve(Uint8Array.of(0x60));
    expect(await code(procedureT0(patient, fromHex('00B0000001')))).toBe('reader.protocol');
    // INS of 6x and 9x would be taken for SW1.
    expect(await code(procedureT0(patient, fromHex('0060000001')))).toBe('reader.protocol');
  });

  it('reaches a card of any manners with any command, and hears it', async () => {
    const sent = fc.record({
      ins: fc.constantFrom(0xb0, 0x84, 0xd6, 0x20),
      data: fc.uint8Array({ minLength: 1, maxLength: 255 }),
      nulls: fc.nat(3),
      byteByByte: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(sent, async ({ ins, data, nulls, byteByByte }) => {
        const outbound = ins === 0xb0 || ins === 0x84;
        const seen: string[] = [];
        const line = new T0CardLine(
          (command) => {
            seen.push(toHex(command));
            return Uint8Array.of(...(outbound ? data : []), 0x90, 0x00);
          },
          { nulls, byteByByte },
        );
        const command = Uint8Array.of(0, ins, 0, 0, data.length, ...(outbound ? [] : data));
        const answer = await procedureT0(
          (bytes, count) => Promise.resolve(line.exchange(bytes, count)),
          command,
        );
        expect(toHex(answer)).toBe((outbound ? toHex(data) : '') + '9000');
        expect(seen).toEqual([toHex(command)]);
      }),
    );
  });
});
