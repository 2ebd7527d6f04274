import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { codeOf } from '../../errors.ts';
import { NO_HISTORY, commandOf, permitTry, plainCommand, type KeyHistory } from './key-guard.ts';

const codeFrom = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
};

describe('a command of a plan', () => {
  it.each([
    ['SELECT', '00A4000002DF01'],
    ['GET CHALLENGE', '0084000008'],
    ['INTERNAL AUTHENTICATE', '00880001080000000000000000'],
    ['READ BINARY', '00B0810010'],
    ['READ BINARY with a check sum', '04B08200090000000004D6820C0C'],
    ['READ RECORD', '00B2011408'],
    ['UPDATE BINARY', '00D6810001AA'],
    ['UPDATE RECORD', '00DC011401AA'],
  ])('tries no key: %s', (_, hex) => {
    const apdu = fromHex(hex);
    expect(commandOf(apdu)).toEqual({ tries: 'nothing', apdu });
    expect(plainCommand(apdu)).toBe(apdu);
  });

  it.each([
    ['external', '00820002080000000000000000'],
    ['mac', '04D68200050100000000'],
  ])('tries a key: %s', (tries, hex) => {
    const apdu = fromHex(hex);
    expect(commandOf(apdu)).toEqual({ tries, apdu });
    expect(codeFrom(() => plainCommand(apdu))).toBe('chip.unsupported');
  });

  it.each([
    ['a question for tries', '00820002'],
    ['VERIFY', '0020000003123456'],
    ['CHANGE REFERENCE DATA', '0024000003123456'],
    ['RESET RETRY COUNTER', '002C000003123456'],
    ['WRITE KEY', '80D4010008' + '00'.repeat(8)],
    ['WRITE KEY with a check sum', '84D4010008' + '00'.repeat(8)],
    ['CREATE FILE', '80E0000100'],
    ['ERASE DF', '800E000000'],
    ['an authentication of another class', '04820002080000000000000000'],
    ['an update of another class', '84D68200050100000000'],
    ['a challenge of another class', '8084000008'],
    ['what is not known', '00FF000000'],
  ])('is for no plan: %s', (_, hex) => {
    expect(codeFrom(() => commandOf(fromHex(hex)))).toBe('chip.unsupported');
    expect(codeFrom(() => plainCommand(fromHex(hex)))).toBe('chip.unsupported');
  });

  it('is malformed where its lengths do not agree', () => {
    expect(codeFrom(() => commandOf(fromHex('008400000801')))).toBe('chip.malformed');
  });
});

describe('a key', () => {
  it.each<[string, Partial<KeyHistory>, string | undefined]>([
    ['that nothing is known of', {}, undefined],
    ['that one try may be lost of', { unanswered: 1 }, undefined],
    ['that two may be lost of: one of three would be left', { unanswered: 2 }, 'chip.too-few-tries'],
    ['with two tries by the card’s own word', { left: 2 }, undefined],
    ['with one', { left: 1 }, 'chip.too-few-tries'],
    ['with two of which one may be lost', { left: 2, unanswered: 1 }, 'chip.too-few-tries'],
    ['that was refused, however many are left', { left: 7, refused: true }, 'chip.too-few-tries'],
    ['that staff vouch for', { left: 1, refused: true, unanswered: 2, lastTry: true }, undefined],
    ['that is locked', { left: 0 }, 'chip.locked'],
    ['that is locked, whoever vouches', { left: 0, lastTry: true }, 'chip.locked'],
  ])('%s', (_, history, code) => {
    expect(codeFrom(() => permitTry({ ...NO_HISTORY, ...history }, 3))).toBe(code);
  });

  it('is told with its tries only where the card has told them', () => {
    const refusal = (history: Partial<KeyHistory>): unknown => {
      try {
        permitTry({ ...NO_HISTORY, ...history }, 3);
        return undefined;
      } catch (error) {
        return (error as { context: unknown }).context;
      }
    };
    expect(refusal({ left: 1 })).toEqual({ triesLeft: 1 });
    expect(refusal({ unanswered: 2 })).toEqual({});
  });
});
