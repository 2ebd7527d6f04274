import {
  CONFIG as CONFIG_153,
  PAC_ADDRESS,
  PASSWORD_SIZE as PASSWORD_153,
} from '../chip/at88sc153/constants.ts';
import {
  CONFIG as CONFIG_1608,
  counterAddress,
  PASSWORD_SIZE,
  PASSWORDS,
} from '../chip/at88sc1608/constants.ts';
import { AT88SC102 } from '../chip/bit-serial/tables/at88sc102.ts';
import { AT88SC1604 } from '../chip/bit-serial/tables/at88sc1604.ts';
import { ownZone } from '../chip/bit-serial/zone-table.ts';
import { ACS_CARD_TYPE } from '../chip/dialect/acs.ts';
import { PSC_ADDRESS, PSC_SIZE } from '../chip/sle4428/constants.ts';
import { CONTROL as SLE4442 } from '../chip/sle4442/constants.ts';
import { decodeBusCommand, OMNIKEY_BUS } from '../chip/dialect/omnikey.ts';
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
  /** As last selected by FF A4; every type when absent. Type 00 is also where none is selected. */
  readonly cardTypes?: readonly number[];
  /** Whether it is this command, where class and instruction do not say. */
  readonly applies?: (apdu: Uint8Array) => boolean;
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
/** SLE4428: the code is memory's last two bytes, and reads as it is after a right presentation. */
const SLE4428_CODE: readonly Span[] = [{ start: PSC_ADDRESS, end: PSC_ADDRESS + PSC_SIZE }];

/** Configuration of an AT88SC153: the seed, and each password behind its counter. */
export const AT88SC153_SECRETS: readonly Span[] = [
  { start: CONFIG_153.seed, end: CONFIG_153.seed + 8 },
  ...Object.values(PAC_ADDRESS).map((at) => ({ start: at + 1, end: at + 1 + PASSWORD_153 })),
];
/** The same of an AT88SC1608. */
export const AT88SC1608_SECRETS: readonly Span[] = [
  { start: CONFIG_1608.secretSeed.at, end: CONFIG_1608.secretSeed.at + CONFIG_1608.secretSeed.size },
  ...Array.from({ length: PASSWORDS }, (_, key) => {
    const at = counterAddress(key) + 1;
    return { start: at, end: at + PASSWORD_SIZE };
  }),
];
/** Bit-serial chips: all codes of an AT88SC102; of the others the security code, which alone is at one place in all. */
const AT88SC102_CODES: readonly Span[] = AT88SC102.codes.map(({ zone }) => spanOf(ownZone(AT88SC102, zone)));
const AT88SC1604_CODE: readonly Span[] = [spanOf(ownZone(AT88SC1604, 'sc'))];

function spanOf({ offset, length }: { readonly offset: number; readonly length: number }): Span {
  return { start: offset, end: offset + length };
}

/** P2 is the address; or P1 and P2 are. */
const atP2 = (secret: readonly Span[]): Secret => ({ addressOf: (_, p2) => p2, secret });
const atP1P2 = (secret: readonly Span[]): Secret => ({ addressOf: (p1, p2) => p1 * 0x100 + p2, secret });

/** OMNIKEY: one command of the card's own bus inside FF 70; where its data byte and the answer's data are. */
const BUS_DATA: Secret = { addressOf: () => 0, secret: [{ start: 6, end: 7 }] };
const BUS_ANSWER: Secret = { addressOf: () => 0, secret: [{ start: 2, end: Infinity }] };
const BUS_AFTER_COUNTER: Secret = { addressOf: () => 0, secret: [{ start: 3, end: Infinity }] };

const onTwoWire =
  (...controls: readonly number[]) =>
  (apdu: Uint8Array): boolean => {
    const command = decodeBusCommand(apdu);
    return command?.bus === OMNIKEY_BUS.twoWire && controls.includes(command.control);
  };

/** Any command at the code of an SLE4428; the high bits of its address go along with the control byte. */
function atSle4428Code(apdu: Uint8Array): boolean {
  const command = decodeBusCommand(apdu);
  if (command?.bus !== OMNIKEY_BUS.threeWire) return false;
  return ((command.control >> 6) << 8) + command.address >= PSC_ADDRESS;
}

const pseudo = (ins: number, rule: Omit<RedactionRule, 'classes' | 'ins'>): RedactionRule => ({
  classes: PSEUDO,
  ins,
  ...rule,
});
const iso = (ins: number, hides: string): RedactionRule => ({ classes: ISO, ins, hides, command: 'all' });

const { auto, sle4442, sle4428, at88sc153, at88sc1608, at88sc102, at88sc1604 } = ACS_CARD_TYPE;

/**
 * What a transcript never holds. To hide too much costs a fixture a byte; to hide too little costs a card its code.
 * The pseudo-APDUs are those of chip/dialect/ and each chip's tables, the card's own commands ISO/IEC 7816-4's and
 * FMCOS 2.0's, also those that no driver here sends.
 */
export const REDACTION_RULES: readonly RedactionRule[] = [
  // Firmware of 2006 answers an SLE4428's presentation with the counter and the code (ACS ACR38 manual 1.9).
  pseudo(0x20, {
    hides: 'a code that is presented, and an answer that repeats it',
    command: 'all',
    answer: 'all',
  }),
  pseudo(0x21, { hides: 'a code that is compared uncounted', command: 'all', answer: 'all' }),
  pseudo(0x82, { hides: 'AT88SC: what authenticates the host', command: 'all' }),
  pseudo(0x84, { hides: 'AT88SC: what begins an authentication', command: 'all' }),
  pseudo(0xd2, {
    hides: 'a new code (on an AT88SC153 the command writes a user zone)',
    cardTypes: [auto, sle4442, sle4428, at88sc1608, at88sc102, at88sc1604],
    command: 'all',
  }),

  pseudo(0xb1, { hides: 'the code after its counter', cardTypes: [sle4442, sle4428], answer: AFTER_COUNTER }),
  pseudo(0xb0, { hides: 'the code in memory', cardTypes: [auto, sle4428], answer: atP1P2(SLE4428_CODE) }),
  // The same firmware of 2006 answers a question for protect bits with memory.
  pseudo(0xb2, { hides: 'the code in memory', cardTypes: [sle4428], answer: atP1P2(SLE4428_CODE) }),
  pseudo(0xd0, { hides: 'a new code in memory', cardTypes: [sle4428], command: atP1P2(SLE4428_CODE) }),
  pseudo(0xd1, { hides: 'a new code in memory', cardTypes: [sle4428], command: atP1P2(SLE4428_CODE) }),

  // OMNIKEY readers find the type by themselves, so that none is ever selected.
  pseudo(0xd6, { hides: 'a new code in memory', cardTypes: [auto, sle4428], command: atP1P2(SLE4428_CODE) }),
  pseudo(0x70, {
    hides: 'the code after its counter',
    applies: onTwoWire(SLE4442.readSecurity),
    answer: BUS_AFTER_COUNTER,
  }),
  // The byte that goes out is the code's in two of the chip's commands, and nothing that is missed in all others.
  pseudo(0x70, { hides: 'a code that is compared or written', command: BUS_DATA }),
  pseudo(0x70, { hides: 'the code, whatever is done to it', applies: atSle4428Code, answer: BUS_ANSWER }),

  pseudo(0xb3, { hides: 'passwords and seed', cardTypes: [at88sc153], answer: atP2(AT88SC153_SECRETS) }),
  pseudo(0xd3, { hides: 'new passwords and seed', cardTypes: [at88sc153], command: atP2(AT88SC153_SECRETS) }),
  pseudo(0xb1, { hides: 'passwords and seed', cardTypes: [at88sc1608], answer: atP2(AT88SC1608_SECRETS) }),
  pseudo(0xd1, {
    hides: 'new passwords and seed',
    cardTypes: [at88sc1608],
    command: atP2(AT88SC1608_SECRETS),
  }),

  pseudo(0xb0, { hides: 'codes in memory', cardTypes: [at88sc102], answer: atP2(AT88SC102_CODES) }),
  pseudo(0xd0, { hides: 'new codes in memory', cardTypes: [at88sc102], command: atP2(AT88SC102_CODES) }),
  pseudo(0xb0, { hides: 'the code in memory', cardTypes: [at88sc1604], answer: atP1P2(AT88SC1604_CODE) }),
  pseudo(0xd0, { hides: 'a new code in memory', cardTypes: [at88sc1604], command: atP1P2(AT88SC1604_CODE) }),

  iso(0x20, 'a PIN'),
  iso(0x24, 'a changed PIN'),
  iso(0x2c, 'an unblocked PIN'),
  iso(0x5e, 'a reloaded PIN'),
  // With the challenge before it, guesses of the key can be tried at leisure.
  iso(0x82, 'what authenticates the terminal'),
  iso(0xd4, 'a key that is written'),
];
