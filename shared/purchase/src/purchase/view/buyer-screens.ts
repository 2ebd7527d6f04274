import type { IdentifyResponse } from '../../api/card.ts';
import type { Household } from './household.ts';

/** Whose electricity, and how much of it. */
export type BuyerScreen =
  /** `withoutCard`: a household may also buy by its number now. */
  | { readonly screen: 'wait'; readonly reader: string; readonly withoutCard?: true }
  | { readonly screen: 'reading' }
  /** Without the card: which customer number? */
  | { readonly screen: 'customer-no' }
  /** The six digits that the household's own phone shows. */
  | {
      readonly screen: 'proof';
      /** The number's last digits: enough to see a slip. */
      readonly ending: string;
      readonly fault: ProofFault | null;
      readonly busy: boolean;
    }
  /** A household that the box keeps is being asked about. */
  | { readonly screen: 'recalling' }
  | { readonly screen: 'who'; readonly household: Household; readonly remote?: true }
  | {
      readonly screen: 'amount';
      readonly household: Household;
      readonly limits: IdentifyResponse['limits'];
      /** An order is being made of this amount. */
      readonly busyFen: number | null;
      readonly remote?: true;
      /** It was not asked whether it is the right household: this screen says whose it is. */
      readonly bound?: true;
    };

/** Why six digits are asked for once more. */
export type ProofFault = 'wrong' | 'used';
