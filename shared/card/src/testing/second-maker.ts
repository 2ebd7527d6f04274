import type { CpuDialect } from '../chip/cpu/dialect.ts';
import { BUILT_IN_LAYOUTS } from '../meter-card/built-in-layouts.ts';
import type { CardLayout, CardLayouts } from '../meter-card/layout.ts';

/** Another maker of meters on chips that the first one uses too: everything of it is data. */

const SERIAL = { zone: 'mf:15', offset: 3, length: 8 } as const;

export const SECOND_DIALECT: CpuDialect = {
  id: 'second',
  directories: { mf: 0x3f00, df01: 0xdf04 },
  files: [
    { directory: 'mf', sfi: 0x15, length: 12, role: 'serial', update: 'never' },
    { directory: 'df01', sfi: 0x03, length: 49, role: 'return', update: 'mac' },
    { directory: 'df01', sfi: 0x06, length: 8, role: 'purse', update: 'mac' },
    { directory: 'df01', sfi: 0x07, length: 45, role: 'parameters', update: 'mac' },
  ],
  serial: { in: 'file', region: SERIAL },
  maxRead: 32,
  maxUpdate: 64,
  keys: { internal: 3, external: 4 },
  mac: { cla: 0x04, length: 4, challengeLength: 4, challengeServes: 'session' },
  leastTries: 3,
  tellsTries: false,
};

/** An application's identifier, where the first maker leaves the chip as it came. */
const MARK_AT = { zone: 'main', offset: 0x15 } as const;

/** The serial before the mark, then purse and return file, the parameters last. */
export const SECOND_SLE4442: CardLayout = {
  id: 'second-SLE4442',
  maker: 'second',
  chip: 'SLE4442',
  recognise: [{ ...MARK_AT, bytes: 'D27600000432' }],
  serial: { zone: 'main', offset: 0x04, length: 8 },
  regions: [
    { zone: 'main', offset: 0x70, length: 45 },
    { zone: 'main', offset: 0x28, length: 12 },
    { zone: 'main', offset: 0x34, length: 49 },
  ],
  purse: { zone: 'main', offset: 0x28, length: 12 },
  files: {
    parameters: { zone: 'main', offset: 0x70, length: 45 },
    returnData: { zone: 'main', offset: 0x34, length: 49 },
  },
  codes: [0],
};

export const SECOND_CPU: CardLayout = {
  id: 'second-CPU',
  maker: 'second',
  chip: 'CPU',
  recognise: [],
  serial: SERIAL,
  regions: [
    { zone: 'df01:06', offset: 0, length: 8 },
    { zone: 'df01:03', offset: 0, length: 49 },
    { zone: 'df01:07', offset: 0, length: 45 },
  ],
  purse: { zone: 'df01:06', offset: 0, length: 8 },
  codes: [],
  dialect: SECOND_DIALECT,
};

/** The document in which both makers are. */
export const BOTH_MAKERS: CardLayouts = {
  version: 2,
  layouts: [
    ...BUILT_IN_LAYOUTS.layouts.map((layout): CardLayout =>
      layout.chip === 'SLE4442' ? { ...layout, recognise: [{ ...MARK_AT, bytes: 'FFFFFFFFFFFF' }] } : layout,
    ),
    SECOND_SLE4442,
    SECOND_CPU,
  ],
};
