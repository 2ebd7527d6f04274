import { createHash } from 'node:crypto';
import { bytesOf, type CardImage } from '@bianmin/card/meter-card/image';
import {
  chipOf,
  METER_CARDS,
  METER_FILES,
  type MeterCard,
  type MeterFiles,
} from '@bianmin/card/testing/meter-files';

/** Which card was read: the one whose files its terminal read. Undefined for one that is not used here. */
export function cardOn(image: Pick<CardImage, 'chip' | 'regions'>): MeterCard | undefined {
  return METER_CARDS.find((card) => {
    const { parameters, purse, returnData } = METER_FILES[card];
    const files = [parameters, purse, returnData];
    return chipOf(card) === image.chip && files.every((file) => bytesOf(image, file) !== undefined);
  });
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
  const card = cardOn(image);
  if (card === undefined) return undefined;
  const map = METER_FILES[card];
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
