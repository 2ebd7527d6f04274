import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { crcOf, decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import type { ErrorCode } from '../framing/t1/block.ts';
import { T1CardLine } from '../testing/sim-card-line.ts';
import { ReaderError } from './error.ts';
import { T1Link } from './t1-link.ts';

/** Which block is damaged on its way (0: the first that is sent, 1: its answer, …) and which of its bits. */
type Damage = ReadonlyMap<number, number>;

/** A card that answers an APDU backwards, with 9000, at the end of a line on which blocks can be damaged. */
function rig(
  init: { ifsc?: number; check?: ErrorCode; damage?: Damage; maxIfsd?: number; fault?: () => void } = {},
) {
  const { ifsc = 32, check = 'lrc', damage = new Map<number, number>(), maxIfsd = 254, fault } = init;
  const seen: string[] = [];
  const line = new T1CardLine((apdu) => {
    seen.push(toHex(apdu));
    return concatBytes(apdu.slice().reverse(), Uint8Array.of(0x90, 0x00));
  }, check);
  const wire: string[] = [];
  const waited: number[] = [];
  let blocks = 0;
  const carry = (bytes: Uint8Array): Uint8Array => {
    const bit = damage.get(blocks++);
    wire.push(toHex(bytes));
    if (bit === undefined || bytes.length === 0) return bytes;
    const at = (bit >> 3) % bytes.length;
    return bytes.map((byte, i) => (i === at ? byte ^ (1 << (bit & 7)) : byte));
  };
  const link = new T1Link(
    (bytes, waits) => {
      waited.push(waits);
      const answer = carry(line.exchange(carry(bytes)));
      return Promise.resolve().then(() => {
        fault?.();
        return answer;
      });
    },
    { ifsc, check, maxIfsd },
  );
  return { link, line, seen, wire, waited, heal: () => void (damage as Map<number, number>).clear() };
}

const answerTo = (apdu: Uint8Array): string =>
  toHex(concatBytes(apdu.slice().reverse(), Uint8Array.of(0x90, 0x00)));

describe('a T=1 link', () => {
  // ISO/IEC 7816-3:2006 annex A, scenario of two exchanges: sequence numbers alternate on both sides.
  it('numbers its blocks and the card numbers its own', async () => {
    const { link, wire } = rig();
    await link.transmit(fromHex('00B0000001'));
    await link.transmit(fromHex('00B0000001'));
    expect(wire.map((hex) => hex.slice(2, 4))).toEqual(['00', '00', '40', '40']);
  });

  it('chains what is longer than the card takes, both ways', async () => {
    const { link, wire, seen } = rig({ ifsc: 4 });
    expect(toHex(await link.transmit(fromHex('00D6000003010203')))).toBe('030201030000D6009000');
    expect(seen).toEqual(['00D6000003010203']);
    // I(0, more), R(1), I(1), and the answer in one block.
    expect(wire.map((hex) => hex.slice(2, 4))).toEqual(['20', '90', '40', '00']);
  });

  it('gives the card the time that it asks for, and once only', async () => {
    const { link, line, waited } = rig();
    line.wtx = 2;
    await link.transmit(fromHex('00B0000001'));
    expect(waited).toEqual([1, 2, 2]);
  });

  it('takes the block size that the card changes to, and announces its own', async () => {
    const sent: Uint8Array[] = [];
    // S(IFS response FE), S(IFS request 0C), I(9000), each with its LRC.
    const answers = ['00E101FE1E', '00C1010CCC', '000002900092'].map(fromHex);
    const link = new T1Link(
      (bytes) => {
        sent.push(bytes);
        return Promise.resolve(answers[sent.length - 1] ?? new Uint8Array());
      },
      { ifsc: 32, check: 'lrc' },
    );
    await link.announceIfsd();
    expect(sent.map(toHex)).toEqual(['00C101FE3E']);
    expect(toHex(await link.transmit(new Uint8Array(20)))).toBe('9000');
    // 20 bytes went into one block of 32 before the card asked for blocks of 12.
    expect(sent.map((bytes) => bytes[1])).toEqual([0xc1, 0x00, 0xe1]);
  });

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

  it('checks with a CRC where the card says so', () => {
    const bytes = encodeBlock({ type: 'I', seq: 0, more: false, data: fromHex('00') }, 'crc');
    expect(bytes.length).toBe(6);
    expect(equalBytes(encodeBlock(decodeBlock(bytes, 'crc'), 'crc'), bytes)).toBe(true);
    expect(() => decodeBlock(bytes)).toThrow(/length/);
  });

  // Gemalto reader and OsEID card, recorded by R:popovec/oseid doc/T1_CRC.txt: SELECT of the MF, answered in three blocks.
  it('speaks to a card with CRC as it was seen on the wire', async () => {
    const exchanges = [
      ['00C101FE544E', '00E101FE5775'],
      ['00000500A4000000B8DA', '0020146F1781027FFF8201388302' + '3F008603113FFF85021029'],
      ['009000206E', '00600700028A01AA9000A633'],
      ['008000B5FF', '0000003933'],
    ];
    const sent: string[] = [];
    const link = new T1Link(
      (bytes) => {
        sent.push(toHex(bytes));
        return Promise.resolve(fromHex(exchanges[sent.length - 1]?.[1] ?? ''));
      },
      { ifsc: 254, check: 'crc' },
    );
    await link.announceIfsd();
    expect(toHex(await link.transmit(fromHex('00A4000000')))).toBe(
      '6F1781027FFF8201388302' + '3F008603113FFF8502' + '00028A01AA9000',
    );
    expect(sent).toEqual(exchanges.map(([out]) => out));
  });

  it('tells the card of no more than the reader takes', async () => {
    const { link, line } = rig({ maxIfsd: 247 });
    await link.announceIfsd();
    expect(line.ifsd).toBe(247);
  });

  it('takes another block size in the middle of an exchange', async () => {
    const { link, line, wire } = rig({ ifsc: 32 });
    line.ifs = 8;
    await link.transmit(new Uint8Array(20));
    wire.length = 0;
    const apdu = new Uint8Array(20).fill(7);
    expect(toHex(await link.transmit(apdu))).toBe(answerTo(apdu));
    expect(
      wire
        .filter((hex) => hex.slice(2, 4) === '60' || hex.slice(2, 4) === '20')
        .map((hex) => hex.slice(4, 6)),
    ).toEqual(['08', '08']);
  });

  it.each(['inbound', 'outbound'] as const)(
    'ends a command whose %s chain the card gives up, and goes on',
    async (way) => {
      const { link, line, seen } = rig({ ifsc: 8 });
      line.abort = way;
      const apdu = new Uint8Array(40).fill(5);
      await expect(link.transmit(apdu)).rejects.toMatchObject({ code: 'reader.protocol' });
      expect(seen.length).toBe(way === 'inbound' ? 0 : 1);
      const last = fromHex('00B0000008');
      expect(toHex(await link.transmit(last))).toBe(answerTo(last));
    },
  );

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

describe('the CRC of T=1', () => {
  // Check values of "123456789": CRC-16/MCRF4XX 6F91, whose complement is CRC-16/X-25 906E (ISO/IEC 13239), both in the
  // catalogue of parametrised CRC algorithms (reveng.sourceforge.io/crc-catalogue).
  it('is that of ISO/IEC 13239 without its complement', () => {
    const digits = Uint8Array.from('123456789', (digit) => digit.charCodeAt(0));
    expect(crcOf(digits)).toBe(0x6f91);
    expect(crcOf(digits) ^ 0xffff).toBe(0x906e);
  });
});
