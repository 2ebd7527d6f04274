import { ACS_CARD_TYPE } from '../chip/dialect/acs.ts';
import type { Span } from './hidden.ts';

/** Which data bytes are hidden: all, or those at a chip's secret addresses, where P1 and P2 say the first one's. */
export type Secret =
  'all' | { readonly addressOf: (p1: number, p2: number) => number; readonly secret: readonly Span[] };

/** A command that carries or brings what must not be known. */
export interface RedactionRule {
  /** What is hidden, for people. */
  readonly hides: string;
  readonly classes: readonly number[];
  readonly ins: number;
  /** As last selected by FF A4; every type when absent. */
  readonly cardTypes?: readonly number[];
  /** Of the command's data; nothing when absent. */
  readonly command?: Secret;
  /** Of the answer before its status word; nothing when absent. */
  readonly answer?: Secret;
}

/** Readers' pseudo-APDUs. */
const PSEUDO = [0xff] as const;
/** A CPU card's own commands, plain and with secure messaging. */
const ISO = [0x00, 0x04, 0x80, 0x84] as const;

/** The security memory of SLE4442 and what follows the counter of SLE4428: counter first, then the code. */
const AFTER_COUNTER: Secret = { addressOf: () => 0, secret: [{ start: 1, end: Infinity }] };
/** SLE4428 main memory: the code is its last two bytes, and reads as it is after a right presentation. */
const SLE4428_CODE: Secret = {
  addressOf: (p1, p2) => p1 * 0x100 + p2,
  secret: [{ start: 0x3fe, end: 0x400 }],
};

const pseudo = (ins: number, rule: Omit<RedactionRule, 'classes' | 'ins'>): RedactionRule => ({
  classes: PSEUDO,
  ins,
  ...rule,
});
const iso = (ins: number, hides: string): RedactionRule => ({ classes: ISO, ins, hides, command: 'all' });

const { sle4442, sle4428 } = ACS_CARD_TYPE;

/**
 * What a transcript never holds. To hide too much costs a fixture a byte; to hide too little costs a card its code.
 * The pseudo-APDUs are those of chip/dialect/, the card's own commands ISO/IEC 7816-4's and FMCOS 2.0's, also those
 * that no driver here sends.
 */
export const REDACTION_RULES: readonly RedactionRule[] = [
  // Version 1.9 of one firmware answers an SLE4428's presentation with the counter and the code (ACS ACR38 manual).
  pseudo(0x20, {
    hides: 'a code that is presented, and an answer that repeats it',
    command: 'all',
    answer: 'all',
  }),
  pseudo(0x21, { hides: 'a code that is compared uncounted', command: 'all', answer: 'all' }),
  pseudo(0xd2, { hides: 'a new code, or the code that an erase needs', command: 'all' }),
  pseudo(0x82, { hides: 'AT88SC: what authenticates the host', command: 'all' }),
  pseudo(0x84, { hides: 'AT88SC: what begins an authentication', command: 'all' }),
  pseudo(0xb1, { hides: 'the code after its counter', cardTypes: [sle4442, sle4428], answer: AFTER_COUNTER }),
  pseudo(0xb0, { hides: 'the code in memory', cardTypes: [sle4428], answer: SLE4428_CODE }),
  pseudo(0xd0, { hides: 'a new code in memory', cardTypes: [sle4428], command: SLE4428_CODE }),
  pseudo(0xd1, { hides: 'a new code in memory', cardTypes: [sle4428], command: SLE4428_CODE }),

  iso(0x20, 'a PIN'),
  iso(0x24, 'a changed PIN'),
  iso(0x2c, 'an unblocked PIN'),
  iso(0x5e, 'a reloaded PIN'),
  // With the challenge before it, guesses of the key can be tried at leisure.
  iso(0x82, 'what authenticates the terminal'),
  iso(0xd4, 'a key that is written'),
];
