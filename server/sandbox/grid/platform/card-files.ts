import { createHash } from 'node:crypto';
import { bytesOf, type CardImage } from '@bianmin/shared/meter-card/image';
import { METER_FILES, type MeterFiles } from '@bianmin/shared/testing/meter-files';

/** Where the files of an image's chip are; undefined for a chip that no card here has. */
export function filesFor({ chip }: Pick<CardImage, 'chip'>): MeterFiles | undefined {
  return (METER_FILES as Readonly<Partial<Record<string, MeterFiles>>>)[chip];
}

/** The files of one image; undefined where the image does not hold them all. */
export interface CardFiles {
  readonly map: MeterFiles;
  readonly parameters: Uint8Array;
  /** On memory cards the MAC follows amount and count. */
  readonly purse: Uint8Array;
  readonly returnData: Uint8Array;
}

export function filesOf(image: CardImage): CardFiles | undefined {
  const map = filesFor(image);
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
