import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/compare.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { envelopesOf, isExtended, shortFormOf } from './t0-extended.ts';
import { exchangeT0, isShort } from './t0.ts';

/** A card that gives these answers in turn, and what it was asked. */
function script(...answers: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    exchange: (bytes: Uint8Array): Promise<Uint8Array> => {
      asked.push(toHex(bytes));
      return Promise.resolve(fromHex(answers[asked.length - 1] ?? '6F00'));
    },
  };
}

// The cases of ISO/IEC 7816-3:2006 §12.2, in its order.
describe('an APDU over T=0', () => {
  it.each([
    ['case 1 goes with P3 00', '00440000', ['0044000000'], ['9000'], '9000'],
    [
      'case 2 is asked again with the length that the card names',
      '00B0000000',
      ['00B0000000', '00B0000004'],
      ['6C04', '010203049000'],
      '010203049000',
    ],
    [
      'case 2 is fetched where the card keeps it',
      '00B0000000',
      ['00B0000000', '00C0000002'],
      ['6102', '01029000'],
      '01029000',
    ],
    ['case 3 goes as it is', '00D600000201 02'.replace(' ', ''), ['00D60000020102'], ['9000'], '9000'],
    [
      'case 4 goes without Le, its answer is fetched',
      '00A40000023F0000',
      ['00A40000023F00', '00C0000003'],
      ['6103', '0102039000'],
      '0102039000',
    ],
    [
      'an answer of several parts is put together',
      '00A40000023F0000',
      ['00A40000023F00', '00C0000002', '00C0000001'],
      ['6102', '01026101', '039000'],
      '0102039000',
    ],
    [
      'the logical channel stays',
      '01A40000023F0000',
      ['01A40000023F00', '01C0000001'],
      ['6101', '019000'],
      '019000',
    ],
    ['extended case 2 is asked for in short', '00B00000000010', ['00B0000010'], ['9000'], '9000'],
    ['extended case 2 of all there is asks for 256', '00B00000000000', ['00B0000000'], ['9000'], '9000'],
    [
      'extended case 3 that is short goes in short',
      '00D6000000000201 02'.replace(' ', ''),
      ['00D60000020102'],
      ['9000'],
      '9000',
    ],
    [
      'extended case 4 that is short goes in short, without Le',
      '00A40000000002' + '3F00' + '0100',
      ['00A40000023F00'],
      ['9000'],
      '9000',
    ],
    [
      'a pseudo-APDU is the reader’s own',
      'FFA40000010 6'.replace(' ', ''),
      ['FFA400000106'],
      ['61AA'],
      '61AA',
    ],
  ] as const)('%s', async (...[, apdu, asked, answers, result]) => {
    const card = script(...answers);
    expect(toHex(await exchangeT0(card.exchange, fromHex(apdu)))).toBe(result);
    expect(card.asked).toEqual(asked);
  });

  it('goes in ENVELOPEs where it is too long, and its answer is that of the last', async () => {
    const data = new Uint8Array(300).fill(0xab);
    const apdu = concatBytes(fromHex('00D60000' + '00012C'), data);
    const card = script('9000', '6102', '01029000');
    expect(toHex(await exchangeT0(card.exchange, apdu))).toBe('01029000');
    expect(card.asked.map((hex) => hex.slice(0, 10))).toEqual(['00C20000FF', '00C2000034', '00C0000002']);
    expect(
      card.asked
        .slice(0, 2)
        .map((hex) => hex.slice(10))
        .join(''),
    ).toBe(toHex(apdu));
  });

  it('ends with the verdict of a card that knows no ENVELOPE', async () => {
    const apdu = concatBytes(fromHex('00D60000' + '00012C'), new Uint8Array(300));
    const card = script('6D00');
    expect(toHex(await exchangeT0(card.exchange, apdu))).toBe('6D00');
    expect(card.asked.length).toBe(1);
  });

  it('of the extended form is told from the short one, for every length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 255 }),
        fc.option(fc.nat(255), { nil: undefined }),
        fc.boolean(),
        (data, le, long) => {
          const header = fromHex('00D60000');
          const lc = data.length === 0 ? [] : long ? [0, 0, data.length] : [data.length];
          const end = le === undefined ? [] : long ? (data.length === 0 ? [0, 0, le] : [0, le]) : [le];
          const apdu = concatBytes(header, Uint8Array.from(lc), data, Uint8Array.from(end));
          const extended = long && (data.length > 0 || le !== undefined);
          expect(isExtended(apdu)).toBe(extended);
          expect(isShort(apdu)).toBe(!extended);
          if (!extended) return;
          // Le 0000 is 65,536, of which a short one asks for 256; 00xx stays.
          const short = [
            data.length === 0 ? [] : [data.length],
            [...data],
            le === undefined ? [] : [le],
          ].flat();
          expect(toHex(shortFormOf(apdu) ?? new Uint8Array())).toBe(
            toHex(concatBytes(header, Uint8Array.from(short))),
          );
        },
      ),
    );
    const long = concatBytes(fromHex('00D60000' + '000100'), new Uint8Array(256), fromHex('0000'));
    expect(shortFormOf(long)).toBeUndefined();
    expect(envelopesOf(long).map((bytes) => bytes.length)).toEqual([260, 5 + long.length - 255]);
  });
});
