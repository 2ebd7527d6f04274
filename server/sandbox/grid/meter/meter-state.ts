import type { MeterCard } from '@bianmin/card/testing/meter-files';
import type { MeterMemory } from './accept.ts';
import type { Consumption } from './consumption.ts';
import type { Ailment, MeterErrorNumber } from './errors.ts';

/** All that a meter keeps through a power cut, as data. */
export interface MeterState extends MeterMemory, Consumption {
  /** Whose cards it takes; absent: the first maker's, on every chip. */
  readonly card?: MeterCard;
  opened: boolean;
  customerNo: string;
  serial: string;
  count: number;
  balanceFen: number;
  hoardLimitFen: number;
  /** Cards of other meters, customers or serials that were tried. */
  illegalCards: number;
  /** Everything ever credited, by cards and from afar: what an audit adds up. */
  creditedFen: number;
  /** The part of it that came from afar. */
  remoteFen: number;
  /** The grid keeps the balance and switches it: it takes neither cards nor frames with money. */
  atGrid?: boolean | undefined;
  display: string;
  displayEn: string;
  /** What is wrong with it when a card comes, until it is set right; absent: nothing. */
  ailment?: Ailment | undefined;
}

export interface InsertResult {
  readonly creditedFen: number;
  readonly balanceFen: number;
  readonly count: number;
  readonly error: MeterErrorNumber | null;
  readonly message: string;
  readonly messageEn: string;
}
