import type { CashReceipt } from '../../api/float.ts';
import type { Household } from './household.ts';

/** What staff see who take cash. */
export type CashScreen =
  /** Who takes the cash? Staff number and PIN, or in a shift the PIN alone. */
  | {
      readonly screen: 'cash-staff';
      readonly orderNo: string;
      readonly fault: CashFault | null;
      readonly pinOnly?: true;
      /** Of `locked`: whole minutes, where the server said so. */
      readonly waitMinutes: number | null;
      /** The cash is in their hand already. */
      readonly held: boolean;
      readonly busy: boolean;
    }
  /** How much to take, from whom, and what the float holds; nothing is taken yet. */
  | {
      readonly screen: 'cash-take';
      readonly orderNo: string;
      readonly household: Household;
      readonly committee: string;
      readonly staff: string;
      readonly takeFen: number;
      /** In the float before this, and what it may still pay today. */
      readonly balanceFen: number;
      readonly leftTodayFen: number;
      readonly held: boolean;
      readonly busy: boolean;
    }
  /** The network went while the cash was recorded: being asked about. */
  | {
      readonly screen: 'cash-unsure';
      readonly orderNo: string;
      readonly takeFen: number;
      /** It takes long. */
      readonly slow: boolean;
    }
  | {
      readonly screen: 'cash-refused';
      readonly orderNo: string;
      readonly why: CashRefusal;
      readonly held: boolean;
    };

/** Why staff number and PIN are asked for once more; `stale`: it took too long; `ended`: their sign-in is over. */
export type CashFault = 'wrong' | 'locked' | 'forbidden' | 'away' | 'stale' | 'ended';
/** Why no cash is taken here and now. */
export type CashRefusal = 'none' | 'frozen' | 'empty' | 'day-limit';
/** Paid in cash; paid by a phone while staff were about to take cash; or closed without the cash. */
export type CashSays = 'paid' | 'phone-paid' | 'not-recorded';
export interface CashLine {
  readonly says: CashSays;
  /** null until the server gave it. */
  readonly receipt: CashReceipt | null;
}
