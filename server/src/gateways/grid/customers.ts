import type { ChipName } from '@bianmin/card/chip/contract';
import type { AccountFacts } from './accounts.ts';

/** A meter that was taken down, and another one put up (换表), as long as the grid tells of it. */
export interface MeterExchange {
  readonly formerMeterNo: string;
  /** When, by the grid's clock, ISO 8601; null: it does not say. */
  readonly at: string | null;
  /**
   * Our order that was sold for the former meter and is not known to be in it: no meter takes it any more. What is on no card can be
   * reversed; the rest the grid moves to the new meter, at its own counter.
   */
  readonly openOrderNo: string | null;
}

/** A card as the grid knows it. Names and addresses are clear here: mask before they go anywhere else. */
export interface GridCard extends AccountFacts {
  readonly customerNo: string;
  readonly customerName: string;
  readonly address: string;
  /**
   * Who holds the account, as the grid tells one holder from another; opaque. Another one than before: it was transferred (过户).
   * Absent: the grid does not say.
   */
  readonly holder?: string | undefined;
  readonly meterNo: string;
  readonly chip: ChipName;
  /** Hex, 16 digits. Of an account the card that it once had; zeros: it never had one. */
  readonly serial: string;
  /** The last purchase count the grid sold for this meter. */
  readonly soldCount: number;
  /** The count on this card. */
  readonly cardCount: number;
  /** The count that return data or the meter proves credited, or null where the card was never in a meter. */
  readonly creditedCount: number | null;
  /** Whether every sale so far is proven credited: only then may another be sold. */
  readonly previousInserted: boolean;
  readonly balanceFen: number | null;
  /** When the meter said so by its own time, ISO 8601; null where it never did. */
  readonly balanceAt: string | null;
  /**
   * The balance was read from the meter just now. Otherwise it is what the meter had just after its last credit: the most
   * that it can have had since.
   */
  readonly balanceLive: boolean;
  /** 囤积限额: the most that the meter takes, fen; null where it takes any or the grid does not say. */
  readonly ceilingFen: number | null;
  readonly arrearsFen: number;
  readonly minFen: number;
  /** The grid alone reckons with the ceiling here, where the balance is live; below `minFen`: nothing can be bought now. */
  readonly maxFen: number;
  /** The meter is another one than before; counts, balance and ceiling are the new one's. Absent: none that is told. */
  readonly exchanged?: MeterExchange | undefined;
  /** The card is still the former meter's: no meter takes it. The grid's counter makes it the new one's. */
  readonly ofFormerMeter?: boolean | undefined;
}

/** A customer without a card at hand. Clear: mask before it goes anywhere else. */
export interface GridCustomer extends Omit<GridCard, 'cardCount' | 'ofFormerMeter'> {
  /** Whether the meter can be credited from afar. */
  readonly remote: boolean;
}

export interface QuoteRequest {
  readonly customerNo: string;
  readonly meterNo: string;
  readonly faceFen: number;
}

/** What an amount buys. `faceFen = creditFen + arrearsFen + feeFen`; a discount is the grid's own, taken off the price. */
export interface GridQuote {
  readonly faceFen: number;
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
  readonly discountFen: number;
  /** Watt-hours that `creditFen` buys at today's tariff; null where the tariff depends on the time of use. */
  readonly energyWh: number | null;
  /** In the order in which they are used up. */
  readonly tiers: readonly {
    readonly name: string;
    /** Thousandths of a fen a kWh. */
    readonly priceMilliFen: number;
    readonly energyWh: number;
  }[];
}
