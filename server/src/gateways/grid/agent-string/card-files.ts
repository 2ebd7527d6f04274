import type { ChipName } from '@bianmin/shared/chip/contract';
import type { Region } from '@bianmin/shared/chip/region';

/** Fields of the card record that hold a file of the card. */
export const FILE_FIELDS = ['parameters', 'purse', 'returnFile'] as const;
type FileField = (typeof FILE_FIELDS)[number];
export type CardFiles = Readonly<Record<FileField, Region>>;

/** Parameter file, purse, return file: offsets and lengths in one zone. */
const inZone = (zone: string, ...[parameters, purse, returnFile]: [number, number, number]): CardFiles => ({
  parameters: { zone, offset: parameters, length: 45 },
  purse: { zone, offset: purse, length: 12 },
  returnFile: { zone, offset: returnFile, length: 49 },
});

/**
 * Where on each chip the record's files lie: docs/protocol/meter-layout.md, our own choice as everywhere, since the
 * layouts of real meter cards are not public. What a card has beyond them goes up in segments.
 */
export const CARD_FILES: Readonly<Partial<Record<ChipName, CardFiles>>> = {
  SLE4442: inZone('main', 0x20, 0x50, 0x60),
  SLE4428: inZone('main', 0x20, 0x50, 0x60),
  AT88SC1608: inZone('user0', 0x10, 0x40, 0x50),
  AT88SC1602: inZone('az1', 1, 48, 64),
  AT88SC153: {
    parameters: { zone: 'user0', offset: 8, length: 45 },
    purse: { zone: 'user1', offset: 0, length: 12 },
    returnFile: { zone: 'user2', offset: 0, length: 49 },
  },
  // The purse of a CPU card was written under a MAC and carries none.
  CPU: {
    parameters: { zone: 'df01:01', offset: 0, length: 45 },
    purse: { zone: 'df01:02', offset: 0, length: 8 },
    returnFile: { zone: 'df01:05', offset: 0, length: 49 },
  },
};
