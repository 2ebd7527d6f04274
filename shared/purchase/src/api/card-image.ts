import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { hexBytes } from './scalars.ts';

/** A card image on the wire: bytes as upper-case hex. */
export const cardImage = z.strictObject({
  chip: z.enum(CHIP_NAMES),
  atr: hexBytes(1, 33),
  serial: hexBytes(8),
  regions: z
    .array(
      z.strictObject({
        zone: z.string().min(1).max(16),
        offset: z.int().min(0).max(0xffff),
        data: hexBytes(1, 4096),
      }),
    )
    .min(1)
    .max(16),
});
export type CardImageMessage = z.infer<typeof cardImage>;
