import type { CpuFields, DescribedDialect, FileRole } from './dialect.ts';
import { D1_CARD, DIRECTORIES, file, KEYS, LEAST_TRIES, MAC } from './dialect-d1.ts';

/*
 * Sources by short name: *reader*: a Java NFC reader, `com/rthitech/CardLogic.java`; *bench*: a C# test bench for
 * meters of China Southern Power Grid, `CLDC_SafeFileProtocol/{Protocols/WatchDataW2160,CardAPI/CardCmdAPI}.cs`;
 * *firmware*: prepaid meter firmware, R:float12/WorkProjectsSVN `…/PrePay/GuoWang698/{Card.c,PrePay.h}`.
 */

/**
 * The order of a purchase that survives a pulled card: until the purse's count is there, last, the meter sees no
 * purchase; and when it is there, the return file is empty and everything else in place.
 */
export const SAFE_ORDER: readonly FileRole[] = [
  'return',
  'parameters',
  'tariff-current',
  'tariff-spare',
  'control',
  'purse',
];

/**
 * Positions that all three have: the bench takes the meter number at byte 30 and the customer number at 36, the
 * firmware reads the flags at 5, the card type at 42, and writes a return file with meter number at 11 and count
 * at 27; purse: amount 4, count 4.
 */
const fieldsWith = (returnZone: string): CpuFields => ({
  updateFlags: { zone: 'df01:01', offset: 5, length: 1 },
  meterNo: { zone: 'df01:01', offset: 30, length: 6 },
  customerNo: { zone: 'df01:01', offset: 36, length: 6 },
  cardType: { zone: 'df01:01', offset: 42, length: 1 },
  amount: { zone: 'df01:02', offset: 0, length: 4 },
  count: { zone: 'df01:02', offset: 4, length: 4 },
  returnedCount: { zone: returnZone, offset: 27, length: 4 },
  returnedMeterNo: { zone: returnZone, offset: 11, length: 6 },
});

const TRIES_UNKNOWN =
  'tries told without data: no public text says that these cards do it, and one that counts the question as a try would lose it';
const TRIES_COUNTED =
  'fewest tries of the external key: no public text counts them; three is our own choice, on the careful side';
const RELAXED_ORDER = 'our own order of writes: the public sources write the return file last';

/**
 * The dialect of the *reader*: serial at MF SFI 19h offset 1; DF01 holds parameters, purse, two
 * tariff files (read in 128 + 130 bytes) and the return file; one challenge of 4 bytes serves all MACed writes.
 * Beside DF01 it knows DF02 for water and DF03 for gas. Command set: FMCOS 2.0 manual.
 */
export const D1: DescribedDialect = {
  ...D1_CARD,
  source: 'reader',
  fields: fieldsWith('df01:05'),
  sourceOrder: ['parameters', 'purse', 'tariff-current', 'tariff-spare', 'return', 'public'],
  returnBlank: 'uniform',
  unconfirmed: [
    'length of the serial file: the reader takes bytes 1 to 8 only',
    'when a return file is empty: the reader does not say; all bytes alike is the strictest reading',
    TRIES_UNKNOWN,
    TRIES_COUNTED,
    RELAXED_ORDER,
  ],
};

/**
 * The dialect of the *bench*: tariff files of 199 bytes, an encrypted control file, and a return file of 50 bytes
 * that is written by 04 D6 86 00 36. The serial (8 bytes) diversifies the keys; issuing replaces twelve keys.
 */
export const D2: DescribedDialect = {
  id: 'D2',
  source: 'bench',
  directories: DIRECTORIES,
  files: [
    file(['mf', 0x19, 9], 'serial', 'never'),
    file(['df01', 0x01, 45], 'parameters'),
    file(['df01', 0x02, 8], 'purse'),
    file(['df01', 0x03, 199], 'tariff-current'),
    file(['df01', 0x04, 199], 'tariff-spare'),
    file(['df01', 0x05, 16], 'control'),
    file(['df01', 0x06, 50], 'return'),
  ],
  serial: { in: 'file', region: { zone: 'mf:19', offset: 1, length: 8 } },
  fields: fieldsWith('df01:06'),
  maxRead: 203,
  maxUpdate: 199,
  keys: KEYS,
  mac: { ...MAC, challengeServes: 'session' },
  leastTries: LEAST_TRIES,
  tellsTries: false,
  sourceOrder: ['parameters', 'purse', 'tariff-current', 'tariff-spare', 'control', 'return'],
  returnBlank: 'uniform',
  unconfirmed: [
    'place of the serial: a closed library builds the command of 5 bytes that reads it under the MF; D1’s is taken',
    'SFI and length of the control file: the write command has 25 bytes, so that 16 are data; a meter firmware of the same grid reads it at SFI 05',
    'key numbers: inside the closed library; those of the other two are taken',
    'challenge of the MACs: the bench hands one random of 8 bytes to authentication and MACs alike; 4 bytes are taken, as on the others and in its own reading with MAC',
    'positions within the return file: of the meter’s own copy in another maker’s firmware (68 11 00 2C …, meter mode at 47); the bench names none',
    'when a return file is empty: as for D1',
    TRIES_UNKNOWN,
    TRIES_COUNTED,
    RELAXED_ORDER,
  ],
};

/**
 * The dialect of the *firmware*: the serial is bytes 5 to 12 of the answer to reset `3B 69 …`; SFI 1 to 5 are
 * parameters, purse, current price, spare price and return file. Card types 01 open, 02 purchase, 03 replacement,
 * 00 reclose; update flags 80 parameters, 01/02 current/spare rate, 04/08 current/spare ladder. The preset card of
 * the factory (command byte 06) has its money in SFI 5 by the header, in SFI 2 by the code: it is no customer's.
 */
export const D3: DescribedDialect = {
  id: 'D3',
  source: 'firmware',
  directories: DIRECTORIES,
  files: [
    file(['df01', 0x01, 45], 'parameters'),
    file(['df01', 0x02, 8], 'purse'),
    file(['df01', 0x03, 203], 'tariff-current'),
    file(['df01', 0x04, 203], 'tariff-spare'),
    file(['df01', 0x05, 49], 'return'),
  ],
  serial: { in: 'atr', offset: 5, length: 8 },
  fields: fieldsWith('df01:05'),
  maxRead: 136,
  maxUpdate: 132,
  keys: KEYS,
  mac: { ...MAC, challengeServes: 'command' },
  leastTries: LEAST_TRIES,
  tellsTries: false,
  sourceOrder: ['return'],
  returnBlank: 'head',
  unconfirmed: [
    'length of the price files: bytes to 200 are read; check sum and 16 of the framing make 203, as in another meter’s header',
    'most bytes of one command: 136 is the longest answer that the firmware asks for',
    'how long a challenge serves: the firmware takes a new one before its only MACed write',
    TRIES_UNKNOWN,
    TRIES_COUNTED,
    RELAXED_ORDER,
  ],
};

/** All dialects, in the order in which they were found. */
export const DIALECTS: readonly DescribedDialect[] = [D1, D2, D3];
