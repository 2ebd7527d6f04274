import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import { ReaderError } from './error.ts';
import { T1Link } from './t1-link.ts';
import { rig, answerTo } from '../testing/t1-line-rig.ts';

describe('a bad line', () => {
  it('reaches the card once and hears it right through two damaged blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 4, maxLength: 60 }),
        fc.constantFrom('lrc' as const, 'crc' as const),
        fc.constantFrom(5, 32, 254),
        fc.array(fc.tuple(fc.nat(30), fc.nat(4_000)), { maxLength: 2 }),
        async (apdu, check, ifsc, damaged) => {
          const { link, seen } = rig({ ifsc, check, damage: new Map(damaged) });
          expect(toHex(await link.transmit(apdu))).toBe(answerTo(apdu));
          expect(seen).toEqual([toHex(apdu)]);
        },
      ),
    );
  });

  it('never sends a command twice, whatever the line does, and is whole again on a good one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 4, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(5, 32),
        fc.array(fc.tuple(fc.nat(60), fc.nat(4_000)), { maxLength: 60 }),
        async (apdus, ifsc, damaged) => {
          const { link, seen, heal } = rig({ ifsc, damage: new Map(damaged) });
          for (const [i, apdu] of apdus.entries()) {
            const before = seen.length;
            const answer = await link.transmit(apdu).catch((error: unknown) => error);
            if (answer instanceof Uint8Array) expect(toHex(answer)).toBe(answerTo(apdu));
            else expect(answer).toBeInstanceOf(ReaderError);
            expect(seen.length - before, `APDU ${i}`).toBeLessThanOrEqual(1);
          }
          heal();
          const last = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x08);
          // One failure more where not even the resynchronisation got through.
          const answer = await link.transmit(last).catch(() => link.transmit(last));
          expect(toHex(answer)).toBe(answerTo(last));
        },
      ),
    );
  });

  it('asks again for a block that the reader heard badly', async () => {
    let parity = true;
    const { link } = rig({
      fault: () => {
        if (!parity) return;
        parity = false;
        throw new ReaderError({ code: 'reader.io', message: 'Parity.', context: { slotError: 'parity' } });
      },
    });
    const apdu = fromHex('00B0000008');
    expect(toHex(await link.transmit(apdu))).toBe(answerTo(apdu));
  });

  it('gives an answer up that does not end', async () => {
    let seq = 1;
    const names: string[] = [];
    const link = new T1Link(
      (bytes) => {
        const block = decodeBlock(bytes);
        names.push(block.type === 'S' ? block.name : block.type);
        if (block.type === 'S') return Promise.resolve(encodeBlock({ ...block, response: true }));
        seq ^= 1;
        const data = new Uint8Array(254);
        return Promise.resolve(encodeBlock({ type: 'I', seq: seq === 0 ? 0 : 1, more: true, data }));
      },
      { ifsc: 254, check: 'lrc' },
    );
    await expect(link.transmit(fromHex('00B0000000'))).rejects.toMatchObject({ code: 'reader.protocol' });
    expect(names.at(-1)).toBe('abort');
    expect(names.length).toBeLessThan(270);
  });
});
