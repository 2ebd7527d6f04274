import type { MeterCard } from '@bianmin/card/testing/meter-files';
import type { CardType } from '@bianmin/card/testing/meter-layout';
import type { WhenFull } from '../meter/accept.ts';
import type { TariffName } from '../tariff/tariffs.ts';

export interface HouseholdSeed {
  readonly name: string;
  readonly address: string;
  /** Its meter's maker with it. */
  readonly chip: MeterCard;
  readonly note: string;
  readonly noteEn: string;
  /** Purchases that the meter has credited. */
  readonly counted: number;
  readonly balanceFen: number;
  /** A further purchase that is on the card and was never inserted. */
  readonly pendingFen?: number;
  readonly arrearsFen?: number;
  readonly feeFen?: number;
  readonly hoardLimitFen?: number;
  /** What its meter does with a card that it has no room for; absent: it leaves it as it is. */
  readonly whenFull?: WhenFull;
  /** `flat` when absent. */
  readonly tariff?: TariffName;
  /** Used in the settlement period so far. */
  readonly usedWh?: number;
  readonly discountPerMille?: number;
  readonly overdraftLimitFen?: number;
  readonly loadW?: number;
  /** False: the meter has no module that can be reached from afar. */
  readonly remote?: boolean;
  /** True: the grid reads its balance by that module before it sells. */
  readonly read?: boolean;
  /** True: `balanceFen` is at the grid, and there is no card. */
  readonly account?: boolean;
  readonly cardType?: CardType;
  readonly closed?: boolean;
  readonly locked?: boolean;
  /** Memory cards: tries left of the code; all when absent. */
  readonly triesLeft?: number;
  /** The first card was lost: there is a second, of type 03. */
  readonly replacedBy?: { readonly note: string; readonly noteEn: string };
}
