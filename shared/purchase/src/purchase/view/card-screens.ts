import type { WritePhase } from '@bianmin/card/meter-card/progress';
import type { MeterShown } from '../../api/meter-shown.ts';
import type { OrderView } from '../../api/order.ts';
import type { FullMeter, Household } from './household.ts';

export type { WritePhase };
export type OrderSale = NonNullable<OrderView['sale']>;

/** A purchase is on its way to the card, or on it. */
export type CardScreen =
  | {
      readonly screen: 'writing';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly phase: WritePhase;
      /** 0 to 1, true: bytes done of bytes to do, over the whole write. */
      readonly progress: number;
    }
  | {
      readonly screen: 'done';
      readonly orderNo: string;
      readonly faceFen: number;
      readonly paidFen: number;
      readonly discountFen: number;
      /** What the grid sold: what is on the card. Absent where the server did not say. */
      readonly sale?: OrderSale;
      /** The meter may have no room for it yet. */
      readonly full?: FullMeter;
      /** The card is out of the reader. */
      readonly cardOut?: true;
      readonly receiptCode: string | null;
      /** A card whose write was finished now although it was paid earlier. */
      readonly resumed: boolean;
    }
  /** A paid order waits for this card: offered before anything else. */
  | {
      readonly screen: 'resume';
      readonly household: Household;
      readonly orderNo: string;
      readonly faceFen: number;
    }
  /** A purchase is on this card, and its meter is not known to have taken it: what did the meter show? */
  | {
      readonly screen: 'uncredited';
      readonly orderNo: string;
      readonly creditFen: number;
      /** What the household has said; null: it is asked. */
      readonly shown: MeterShown | null;
      /** The meter takes it once it holds no more than this, fen. */
      readonly belowFen?: number;
      /** About when that will be, YYYY-MM-DD. */
      readonly around?: string;
    };
