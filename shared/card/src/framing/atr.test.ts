import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { parseAtr } from './atr.ts';
import { FramingError } from './error.ts';
import { withTck } from '../testing/atr-with-tck.ts';

describe('an answer to reset', () => {
  it('of a T=0 card has no check byte', () => {
    const atr = parseAtr(fromHex('3B680000' + '444C435055010000'));
    expect(atr).toMatchObject({ convention: 'direct', protocols: [0], interfaceBytes: { TB1: 0, TC1: 0 } });
    expect(atr.historical.length).toBe(8);
  });

  it('of a T=1 card names its block size and is checked', () => {
    // Byte by byte: TD1 81, TD2 31, TA3 FE (IFSC 254), TB3 45, no historical bytes, TCK.
    const atr = parseAtr(fromHex('3B808131FE45' + '8B'));
    expect(atr).toMatchObject({ protocols: [1], ifsc: 254 });
    expect(atr.deviations).toEqual([]);
  });

  it('as readers show a memory card is two bytes and the four of the chip', () => {
    expect(toHex(parseAtr(fromHex('3B04A2131091')).historical)).toBe('A2131091');
  });

  it('without interface bytes has the values of the standard', () => {
    expect(parseAtr(fromHex('3B00'))).toEqual({
      convention: 'direct',
      interfaceBytes: {},
      protocols: [0],
      protocol: 0,
      specific: false,
      specificMode: undefined,
      ...{ fiDi: 0x11, extraGuard: 0, waitingInteger: 10, ifsc: 32, bwi: 4, cwi: 13, check: 'lrc' },
      ...{ classes: ['A'], clockStop: 'never', spu: undefined, historical: new Uint8Array(), deviations: [] },
    });
  });

  it('tells every level apart: T=0, T=1 and what holds for all', () => {
    // T0 F2, TA1 95, TB1 00, TC1 02, TD1 C0 (T=0), TC2 14, TD2 F1 (T=1), TA3 FE, TB3 75, TC3 01, TD3 3F (T=15),
    // TA4 C7, TB4 80, two historical bytes, TCK.
    const atr = withTck('3FF2950002C014F1FE75013FC7804142');
    expect(atr).toMatchObject({
      convention: 'inverse',
      interfaceBytes: {
        TA1: 0x95,
        TC1: 2,
        TD1: 0xc0,
        TC2: 0x14,
        TA3: 0xfe,
        TB3: 0x75,
        TC3: 1,
        TA4: 0xc7,
        TB4: 0x80,
      },
      ...{ protocols: [0, 1], protocol: 0, specific: false, fiDi: 0x95, extraGuard: 2, waitingInteger: 0x14 },
      ...{
        ifsc: 254,
        bwi: 7,
        cwi: 5,
        check: 'crc',
        classes: ['A', 'B', 'C'],
        clockStop: 'either',
        spu: 0x80,
      },
      deviations: [],
    });
    expect(toHex(atr.historical)).toBe('4142');
  });

  it('takes T=1 values from the first TA, TB and TC after a TD of T=1 only', () => {
    const atr = withTck('3B80' + '81' + 'F1FE4501' + '71204D00');
    expect(atr.interfaceBytes['TA4']).toBe(0x20);
    expect(atr).toMatchObject({ ifsc: 254, bwi: 4, cwi: 5, check: 'crc' });
  });

  it.each([
    ['3B9095' + '1001', { protocol: 1, specificMode: { changeable: true, implicit: false } }],
    ['3B9095' + '1091', { protocol: 1, specificMode: { changeable: false, implicit: true } }],
  ])('with TA2 %s is in specific mode', (hex, expected) => {
    expect(parseAtr(fromHex(hex))).toMatchObject({ specific: true, ...expected });
  });

  // None of them is looked at by pcsc-lite (src/atrhandler.c) or minded by libccid (src/towitoko/atr.c, src/ifdhandler.c).
  it.each([
    ['a wrong TCK', '3B808131FE45' + '8A', ['TCK']],
    ['no TCK where one is due', '3B808131FE45', ['TCK']],
    ['a TCK for T=0 alone', '3B8000' + '80', ['TCK']],
    ['a TCK for T=0 alone without TD', '3B024142' + '01', ['TCK']],
    ['a byte behind that sums to zero, T=0', '3B0000', ['TCK']],
    ['a byte behind, T=0', '3B0041', ['bytes behind']],
    ['9000 behind', '3B0141' + '9000', ['bytes behind']],
    ['a byte behind TCK', '3B808131FE45' + '8B' + '00', ['bytes behind']],
    ['a wrong TCK and a byte behind it', '3B808131FE45' + '8A' + '01', ['TCK', 'bytes behind']],
    ['as many zeros as a reader’s buffer has', '3B0141' + '00'.repeat(40), ['bytes behind']],
    ['fewer historical bytes than announced', '3B0441', ['historical bytes']],
    ['none of its historical bytes', '3B0F', ['historical bytes']],
    ['its TCK where the last historical byte should be', '3B818131FE45' + '8A', ['TCK']],
    ['fewer historical bytes, and so no TCK', '3B848131FE4541', ['TCK', 'historical bytes']],
  ])('with %s is read, and the deviation named', (_what, hex, deviations) => {
    expect(parseAtr(fromHex(hex)).deviations).toEqual(deviations);
  });

  it('with bytes behind means the same as without', () => {
    const { deviations: behind, ...read } = parseAtr(fromHex('3B888131FE45444C435055010000CC' + '9000'));
    const { deviations, ...plain } = parseAtr(fromHex('3B888131FE45444C435055010000CC'));
    expect(read).toEqual(plain);
    expect([behind, deviations]).toEqual([['bytes behind'], []]);
  });

  it.each([
    ['nothing', ''],
    ['TS alone', '3B'],
    ['another TS', '3C00'],
    ['TS as it sounds in the other convention', '0300'],
    ['no TA1 where one is announced', '3B10'],
    ['no level behind TD1', '3B8081'],
    ['interface bytes without end', '3B80' + '81'.repeat(40)],
  ])('with %s is refused: what it means is not plain', (_what, hex) => {
    expect(() => parseAtr(fromHex(hex))).toThrow(FramingError);
  });

  it.each([
    ['a reserved Fi', '3B1075', ['TA1']],
    ['a reserved Di', '3B101A', ['TA1']],
    ['T=15 first', '3B801F05', ['order of TD']],
    ['WI of 0', '3B80' + '40' + '00', ['TC2']],
    ['protocols that fall', '3B80' + '81' + '00', ['order of TD']],
    ['IFSC of 0', '3B80' + '8111' + '00', ['TA3']],
  ])('with %s is parsed, and the deviation named', (_what, hex, deviations) => {
    const checked = deviations[0] !== 'TA1' && deviations[0] !== 'TC2';
    const atr = checked ? withTck(hex) : parseAtr(fromHex(hex));
    expect(atr.deviations).toEqual(deviations);
  });
});
