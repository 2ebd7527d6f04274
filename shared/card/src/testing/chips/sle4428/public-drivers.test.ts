import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../../bytes/hex.ts';
import { triesOf } from '../../../chip/sle4428/constants.ts';
import { CODE, EC, chipWith, read, present, takesBytes } from './chip-rig.ts';

describe('what public drivers of the SLE4428 get wrong, seen on this chip', () => {
  /** R:sqf-ice/Mygit smartcard/MEMORY/sle4428.c looks for a free bit among bits 0, 1 and 2 alone. */
  const lowThree = (counter: number): number => {
    const bit = [0x01, 0x02, 0x04].find((one) => (counter & one) !== 0) ?? 0;
    return counter & ~bit;
  };

  it('burns no bit after three failures, so that the right code fails for ever', () => {
    const { chip } = chipWith();
    const counter = (): number => Number.parseInt(read(chip, EC, 1), 16);
    for (let i = 0; i < 3; i++) present(chip, bytes('0000'), lowThree(counter()));
    expect(counter()).toBe(0xf8);
    for (let i = 0; i < 4; i++) present(chip, CODE, lowThree(counter()));
    expect(counter()).toBe(0xf8);
    expect(takesBytes(chip)).toBe(false);
    present(chip, CODE, 0xf0);
    expect(counter()).toBe(0xff);
  });

  it('tells the end of its loop, 8, for the tries that are left, and not the bits that are set', () => {
    const { chip } = chipWith();
    present(chip, bytes('0000'), 0xfe);
    const bits = Array.from({ length: 8 }, (_, i) => ((chip.memory[EC] ?? 0) >> i) & 1);
    // R:sqf-ice/Mygit counts these into one variable and answers 63 C0 with the other, its index, laid over.
    expect(bits.length).toBe(8);
    expect(bits.filter((bit) => bit === 1).length).toBe(7);
    expect(triesOf(chip.memory[EC] ?? 0)).toBe(7);
  });

  it('takes a full counter for a locked card where it knows 7F, 7E, 7C … alone', () => {
    // R:hidglobal/HID-OMNIKEY-Sample-Codes HidGlobal.OK.SampleCodes/AViatoR/ContactCardCommunicationSample.cs
    const known = [0x7f, 0x7e, 0x7c, 0x78, 0x70, 0x60, 0x40];
    const { chip } = chipWith();
    expect(known).not.toContain(Number.parseInt(read(chip, EC, 1), 16));
    expect(triesOf(0xff)).toBe(8);
    expect(triesOf(0x7f)).toBe(7);
  });
});
