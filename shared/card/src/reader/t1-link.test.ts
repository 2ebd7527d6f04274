import { describe, expect, it } from 'vitest';
import { equalBytes } from '../bytes/compare.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { crcOf, decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import { T1Link } from './t1-link.ts';
import { rig, answerTo } from '../testing/t1-line-rig.ts';

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
