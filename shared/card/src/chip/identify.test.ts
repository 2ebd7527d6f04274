import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../bytes/hex.ts';
import type { CardSession } from '../reader/slot.ts';
import { isIsoAtr, isSureUpTo } from './cpu/atr.ts';
import { CHIP_FAMILIES, identifyChip } from './identify.ts';
import { sle4442Family } from './sle4442/driver.ts';

/** A session that counts what is sent and answers 90 00. */
function sessionWith(atr: string): CardSession & { sent: Uint8Array[] } {
  const sent: Uint8Array[] = [];
  return {
    atr: bytes(atr),
    sent,
    transmit: (apdu) => {
      sent.push(apdu);
      return Promise.resolve(bytes('9000'));
    },
    end: () => Promise.resolve(),
  };
}

const READER = { memoryDialect: 'acs' } as const;

describe('identification by answer to reset', () => {
  it.each([
    ['3B04A2131091', 'SLE4442', 1],
    ['3B04F0F03696', 'AT88SC102', 1],
    ['3B048C5C0000', 'AT88SC1604', 1],
    ['3B0468400000', 'AT88SC1602', 1],
    ['3B0492231091', 'SLE4428', 1],
    ['3B680000444C435055010000', 'CPU', 0],
    ['3B888131FE45444C435055010000CC', 'CPU', 0],
    ['3B888131FE45444C435055010000CD', 'CPU', 0],
    ['3B680000444C435055010000FFFF', 'CPU', 0],
  ])('%s is %s, with %i commands', async (atr, chip, commands) => {
    const session = sessionWith(atr);
    expect((await identifyChip(session, READER)).chip).toBe(chip);
    expect(session.sent).toHaveLength(commands);
  });

  it.each([
    ['3BB2110010800016', 'an AT88SC1616C: T=0, but a memory chip'],
    ['3B68000044', 'cut short'],
    ['3BB211001080001690', 'an AT88SC1616C with a byte behind'],
    ['3B04A213109100', 'an SLE4442 with a byte behind'],
    ['3B04A21310', 'an SLE4442 cut short'],
    ['3B04', 'a memory card without its own bytes'],
    ['', 'empty'],
  ])('%s is unknown: %s', async (atr) => {
    const session = sessionWith(atr);
    await expect(identifyChip(session, READER)).rejects.toMatchObject({ code: 'chip.unknown' });
    expect(session.sent).toEqual([]);
  });

  it('leaves a card alone that two families claim', async () => {
    const session = sessionWith('3B04A2131091');
    const families = [...CHIP_FAMILIES, { ...sle4442Family, chip: 'SLE4428' as const }];
    await expect(identifyChip(session, READER, families)).rejects.toMatchObject({ code: 'chip.ambiguous' });
    expect(session.sent).toEqual([]);
  });

  it('says when the reader cannot drive memory cards', async () => {
    const identified = identifyChip(sessionWith('3B04A2131091'), { memoryDialect: undefined });
    await expect(identified).rejects.toMatchObject({ code: 'chip.unsupported' });
  });
});

describe('the shape of an answer to reset', () => {
  it.each([
    ['as D3 has it', '3B69000080' + '6501000000000042', true],
    ['of which a byte lies behind the answer', '3B68000080' + '6501000000000042', false],
    ['of an answer that is cut', '3B6A000080' + '6501000000000042', false],
    ['with bytes behind', '3B69000080' + '6501000000000042' + '00', false],
    ['of an answer whose check byte is wrong', '3BF9000000810000' + '80' + '6501000000000042' + '00', false],
  ])('holds a serial %s: %s', (_, atr, sure) => {
    expect(isSureUpTo(bytes(atr), 13)).toBe(sure);
  });

  it('is one with all that it announces, whatever its check byte is', () => {
    expect(isIsoAtr(bytes('3B888131FE45444C435055010000CC'))).toBe(true);
    expect(isIsoAtr(bytes('3B888131FE45444C435055010000CD'))).toBe(true);
    expect(isIsoAtr(bytes('3B888131FE45444C435055010000'))).toBe(true);
    expect(isIsoAtr(bytes('3B888131FE45444C4350550100'))).toBe(false);
  });
});
