import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';

export interface ReplaceCardRequest {
  /** Ours, unique, at most 32 characters. */
  readonly requestNo: string;
  readonly customerNo: string;
  /** The blank card as read. */
  readonly image: CardImage;
}

export interface GridReplacement {
  readonly customerNo: string;
  /** Hex, 16 digits each. */
  readonly formerSerial: string;
  readonly serial: string;
  /** The count that the new card bears: of the open sale, or the last one credited. */
  readonly count: number;
  /** The order whose sale goes onto the new card; null where everything sold is credited. */
  readonly openOrderNo: string | null;
  /** What is to be written on the new card. */
  readonly plan: WritePlan;
}
