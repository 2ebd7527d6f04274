import { z } from 'zod';
import { accountFacts } from './account.ts';
import { cardImage } from './card-image.ts';
import { maskedHousehold } from './household.ts';
import { uncredited } from './meter-shown.ts';
import { meterState } from './meter.ts';
import { entry, fen } from './scalars.ts';
import { orderView } from './order.ts';

export const identifyRequest = z.strictObject({ image: cardImage, entry });
export type IdentifyRequest = z.infer<typeof identifyRequest>;

/** Whose card it is, masked by the server; what may be bought; what stands in the way. */
export const identifyResponse = z.object({
  /** Names this reading of this card for ten minutes; an order is made against it. */
  cardSession: z.string(),
  customer: maskedHousehold,
  meter: meterState,
  limits: z.object({ minFen: fen, maxFen: fen, stepFen: fen, presetsFen: z.array(fen) }),
  /** Set: no new purchase now. The card may still finish `unfinished`. */
  blocked: z.enum(['meter.previous-not-inserted', 'meter.order-open']).nullable(),
  /** An order of this card that is paid and not yet on it: offered first, without paying again. */
  unfinished: orderView.nullable(),
  /** Of `meter.previous-not-inserted`, where it is ours and on this card. */
  uncredited: uncredited.optional(),
  /**
   * Of `meter.previous-not-inserted`: the last purchase was undone when it was on a card. The card has to be in the meter once
   * before another is sold.
   */
  undone: z.literal(true).optional(),
  /** Cash that goes back to this household and waits at the counter where it was paid, fen; absent: none does. */
  cashWaitingFen: fen.optional(),
  ...accountFacts,
});
export type IdentifyResponse = z.infer<typeof identifyResponse>;
