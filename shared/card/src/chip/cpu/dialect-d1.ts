import type { CpuDialect, CpuFile, Directory, FileRole } from './dialect.ts';

export const file = (
  [directory, sfi, length]: readonly [Directory, number, number],
  role: FileRole,
  update: CpuFile['update'] = 'mac',
): CpuFile => ({ directory, sfi, length, role, update });

export const DIRECTORIES = { mf: 0x3f00, df01: 0xdf01 } as const;
export const MAC = { cla: 0x04, length: 4, challengeLength: 4 } as const;
/** All three: internal authentication by key 1, external by key 2. */
export const KEYS = { internal: 1, external: 2 } as const;

/** Fewest tries of the external key: our own choice, on the careful side. */
export const LEAST_TRIES = 3;

/** D1 as its cards are driven; what else is known of it is in `dialects.ts`, which no terminal carries. */
export const D1_CARD: CpuDialect = {
  id: 'D1',
  directories: DIRECTORIES,
  files: [
    file(['mf', 0x01, 39], 'public', 'plain'),
    file(['mf', 0x19, 9], 'serial', 'never'),
    file(['df01', 0x01, 45], 'parameters'),
    file(['df01', 0x02, 8], 'purse'),
    { ...file(['df01', 0x03, 258], 'tariff-current'), pieces: [128, 130] },
    { ...file(['df01', 0x04, 258], 'tariff-spare'), pieces: [128, 130] },
    file(['df01', 0x05, 49], 'return'),
  ],
  serial: { in: 'file', region: { zone: 'mf:19', offset: 1, length: 8 } },
  maxRead: 130,
  maxUpdate: 130,
  keys: KEYS,
  mac: { ...MAC, challengeServes: 'session' },
  leastTries: LEAST_TRIES,
  tellsTries: false,
};
