import { createHash } from 'node:crypto';
import type { ChipName } from '@bianmin/shared/chip/contract';
import type { Region } from '@bianmin/shared/chip/region';
import { bytesOf, type CardImage } from '@bianmin/shared/meter-card/image';
import { CPU_FILES, SLE4442_FILES } from '@bianmin/shared/testing/meter-layout';

/** Where the files of a chip are. */
export interface FileMap {
  readonly serial: Region;
  readonly parameters: Region;
  readonly purse: Region;
  readonly returnData: Region;
}

export const FILES: Partial<Record<ChipName, FileMap>> = { SLE4442: SLE4442_FILES, CPU: CPU_FILES };

/** The files of one image; undefined where the image does not hold them all. */
export interface CardFiles {
  readonly map: FileMap;
  readonly parameters: Uint8Array;
  /** On memory cards the MAC follows amount and count. */
  readonly purse: Uint8Array;
  readonly returnData: Uint8Array;
}

export function filesOf(image: CardImage): CardFiles | undefined {
  const map = FILES[image.chip];
  if (map === undefined) return undefined;
  const parameters = bytesOf(image, map.parameters);
  const purse = bytesOf(image, map.purse);
  const returnData = bytesOf(image, map.returnData);
  if (parameters === undefined || purse === undefined || returnData === undefined) return undefined;
  return { map, parameters, purse, returnData };
}

/** SHA-256, hex. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
