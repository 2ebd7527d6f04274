import type { ChipName } from '../chip/contract.ts';
import { D1_CARD } from '../chip/cpu/dialect-d1.ts';
import { identifyChip } from '../chip/identify.ts';
import type { CardLayout, CardLayouts, Recognise } from './layout.ts';

/** Bytes of the parameter and the return file. */
const PARAMETERS = 45;
const RETURN_DATA = 49;

const inZone = (zone: string, parameters: number, returnData: number): CardLayout['files'] & object => ({
  parameters: { zone, offset: parameters, length: PARAMETERS },
  returnData: { zone, offset: returnData, length: RETURN_DATA },
});

const of = <Chip extends ChipName>(
  chip: Chip,
): { id: string; maker: string; chip: Chip; recognise: readonly [] } => ({
  id: `sandbox-${chip}`,
  maker: 'sandbox',
  chip,
  recognise: [],
});

/**
 * The sandbox grid's layouts; docs/protocol/meter-layout.md has them as tables. The same files lie on every chip:
 * serial (8 bytes), parameter file (45), purse (amount 4, count 4, on memory chips a MAC of 4), return file (49).
 * Where they lie is our own choice, since the layouts of real meter cards are not public.
 */
const LAYOUTS: readonly CardLayout[] = [
  {
    ...of('SLE4442'),
    serial: { zone: 'main', offset: 0x08, length: 8 },
    regions: [{ zone: 'main', offset: 0x08, length: 0x89 }],
    purse: { zone: 'main', offset: 0x50, length: 12 },
    files: inZone('main', 0x20, 0x60),
    codes: [0],
  },
  {
    ...of('SLE4428'),
    serial: { zone: 'main', offset: 0x08, length: 8 },
    regions: [{ zone: 'main', offset: 0x08, length: 0x89 }],
    purse: { zone: 'main', offset: 0x50, length: 12 },
    files: inZone('main', 0x20, 0x60),
    codes: [0],
  },
  {
    ...of('CPU'),
    serial: { zone: 'mf:19', offset: 1, length: 8 },
    regions: [
      { zone: 'mf:19', offset: 1, length: 8 },
      { zone: 'df01:01', offset: 0, length: 45 },
      { zone: 'df01:02', offset: 0, length: 8 },
      { zone: 'df01:05', offset: 0, length: 49 },
    ],
    purse: { zone: 'df01:02', offset: 0, length: 8 },
    codes: [],
    dialect: D1_CARD,
  },
  // One user zone of 256 bytes, written under Write password 0; the purse lies within one page of 16.
  {
    ...of('AT88SC1608'),
    serial: { zone: 'user0', offset: 0, length: 8 },
    regions: [{ zone: 'user0', offset: 0, length: 0x81 }],
    purse: { zone: 'user0', offset: 0x40, length: 12 },
    files: inZone('user0', 0x10, 0x50),
    codes: [0],
  },
  // Three user zones of 64 bytes, all written under Write password 0.
  {
    ...of('AT88SC153'),
    serial: { zone: 'user0', offset: 0, length: 8 },
    regions: [
      { zone: 'user0', offset: 0, length: 53 },
      { zone: 'user1', offset: 0, length: 12 },
      { zone: 'user2', offset: 0, length: 49 },
    ],
    purse: { zone: 'user1', offset: 0, length: 12 },
    files: {
      parameters: { zone: 'user0', offset: 8, length: PARAMETERS },
      returnData: { zone: 'user2', offset: 0, length: RETURN_DATA },
    },
    codes: [0],
  },
  // Issuer zone and application zone 1; security code (0) for writing, erase key 1 (1) for raising bits.
  {
    ...of('AT88SC1602'),
    serial: { zone: 'iz', offset: 0, length: 8 },
    regions: [
      { zone: 'iz', offset: 0, length: 8 },
      { zone: 'az1', offset: 1, length: 112 },
    ],
    purse: { zone: 'az1', offset: 48, length: 12 },
    files: inZone('az1', 1, 64),
    codes: [0, 1],
  },
];

/** The first document: a terminal that never heard of another sells by it. */
export const BUILT_IN_LAYOUTS: CardLayouts = { version: 1, layouts: LAYOUTS };

/** A chip's layout in the first document, where each has one; undefined for chips without. */
export function builtInLayout(chip: ChipName): CardLayout | undefined {
  return LAYOUTS.find((layout) => layout.chip === chip);
}

/** Of the first document alone. Fails as `identifyChip` does. */
export const recogniseBuiltIn: Recognise = async (session, reader) => {
  const driver = await identifyChip(session, reader);
  return { driver, layout: builtInLayout(driver.chip) };
};
