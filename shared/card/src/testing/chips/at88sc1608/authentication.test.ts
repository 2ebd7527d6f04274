import { describe, expect, it } from 'vitest';
import type { At88Sc1608Chip } from './chip.ts';
import { CI, chipWith, send, give, Q0, authenticate } from './chip-rig.ts';

describe('its authentication (published vector)', () => {
  const counter = (chip: At88Sc1608Chip): string => give(chip, 'B520', 1);
  const opens = (chip: At88Sc1608Chip): boolean => {
    send(chip, 'B201');
    return give(chip, 'B110', 1) === '01';
  };

  it('burns an attempt with B6; B7 with 5A55340A11A75C61 stores 51032FA8836DC818 and fills the counter', () => {
    const { chip } = chipWith({ access: { authentication: true } });
    send(chip, `B6${Q0}`);
    expect(counter(chip)).toBe('FE');
    expect(opens(chip)).toBe(false);
    send(chip, 'B75A55340A11A75C61');
    expect(counter(chip)).toBe('FF');
    expect(give(chip, 'B528', 8)).toBe('51032FA8836DC818');
    expect(opens(chip)).toBe(true);
  });

  it('lasts until RST, power-off or another initialization', () => {
    const { chip } = chipWith({ access: { authentication: true } });
    authenticate(chip);
    send(chip, `B6${Q0}`);
    expect(opens(chip)).toBe(false);
    authenticate(chip);
    expect(opens(chip)).toBe(true);
    chip.reset();
    expect(opens(chip)).toBe(false);
  });

  it('needs another Q1 each time, since Ci changed', () => {
    const { chip } = chipWith();
    authenticate(chip);
    send(chip, `B6${Q0}`);
    send(chip, 'B75A55340A11A75C61');
    expect(counter(chip)).toBe('FE');
  });

  it('gives one answer to one initialization', () => {
    const { chip } = chipWith();
    send(chip, `B6${Q0}`);
    send(chip, 'B70000000000000000');
    send(chip, 'B75A55340A11A75C61');
    expect(counter(chip)).toBe('FE');
    expect(give(chip, 'B528', 8)).toBe(CI);
  });

  it('is locked for ever after eight failures', () => {
    const { chip } = chipWith({ access: { authentication: true } });
    for (let i = 0; i < 8; i++) authenticate(chip, '1122334455667788');
    expect(counter(chip)).toBe('00');
    authenticate(chip);
    expect(counter(chip)).toBe('00');
    expect(opens(chip)).toBe(false);
  });
});
