import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { GridCall } from '../gateways/grid/collection-v1.ts';
import type { GridCardTask, GridStepReport, GridTaskEnd } from '../gateways/grid/card-tasks.ts';
import type { DueBill, Supply } from '../gateways/grid/accounts.ts';
import type { GridGateway } from '../gateways/grid/contract.ts';
import type { VendorCredit } from '../gateways/grid/vendor-credit.ts';
import type { Operation } from '../gateways/grid/wire/operations.ts';
import type { MeterCard } from '@bianmin/card/testing/meter-files';
import type { ManualClock } from '@bianmin/card/testing/manual-clock';

/** Households that every grid's test side can give, named for what happens to them. */
export type HarnessHousehold =
  | MeterCard
  | 'first-purchase'
  | 'arrears'
  | 'not-inserted'
  | 'replaced'
  | 'closed'
  | 'foreign'
  | 'blank'
  /** Its meter holds 980.00 and takes 20.00 more, nothing beyond; only the card tells the grid what it holds. */
  | 'ceiling'
  /** The same, and the grid reads the meter before it sells. */
  | 'ceiling-read';

/** What a province's grid may not offer. Its adapter refuses each, by `grid.refused` with `other`; `ceiling` is null, a sale without our credit. */
export type HarnessCapability =
  | 'identifyCustomer'
  | 'quote'
  | 'ceiling'
  | 'creditWithSale'
  | 'remoteCredit'
  | 'replaceCard'
  | 'dailyBill'
  | 'cardTasks'
  | 'account'
  /** Meters of a second maker on the same chips. */
  | 'secondMaker';

/** The way from the grid to one meter: nothing gets through for now; the next answer is lost; never again. */
type HarnessLink = 'online' | 'offline' | 'answer-lost' | 'dead';

/** How the grid's side of one message fails. `after` and what follows it: what was asked has been done. */
export type HarnessFault =
  | 'before'
  | 'after'
  /** The answer comes two minutes later by the grid's clock: beyond every time-out. */
  | 'delay'
  | 'http-500'
  | 'garbage-signature'
  | 'other-id'
  | 'wrong-amount'
  | 'duplicate'
  | 'forget-session'
  /** The day is cut after the message was sent and before it is worked on. */
  | 'day-cut'
  | 'late';

/** A card, and the meter it belongs to. */
export interface HarnessCard {
  read(): Promise<CardImage>;
  /** Puts a plan on the card as a terminal does, with the real write procedure. */
  write(plan: WritePlan): Promise<CardImage>;
  /** Carries it home. */
  insert(): { creditedFen: number; balanceFen: number; count: number; error: number | null };
  /** A forger's copy. */
  copy(): HarnessCard;
}

/** An account at the grid, as the grid and its meter have it. */
export interface HarnessAccount {
  readonly customerNo: string;
  readonly meterNo: string;
  readonly balanceFen: () => number;
  supply(): Supply;
  /** Electricity for so much. */
  use(fen: number): void;
  link(link: HarnessLink): void;
  /** A month's bill for this customer; gives its number. */
  bill(bill: Omit<DueBill, 'billNo' | 'dueFen'> & { readonly totalFen: number }): string;
}

/** A gateway, the grid behind it, and the clock that both go by. */
export interface GridHarness {
  readonly gateway: GridGateway;
  readonly clock: ManualClock;
  /** What the gateway reported of each call. */
  readonly calls: GridCall[];
  readonly card: (household: HarnessHousehold) => HarnessCard;
  fault(operation: Operation, fault: HarnessFault, times?: number): void;
  /** Lets messages that were held by `late` be worked on, their senders long gone. Resolves when they are. */
  releaseLate(): Promise<void>;
  /** Sales that stand in the grid's own book. */
  standing(): { orderNo: string; faceFen: number }[];
  /** The meter of a household, which alone knows what was credited. */
  meter(household: HarnessHousehold): { readonly count: number; readonly balanceFen: number };
  link(household: HarnessHousehold, link: HarnessLink): void;
  /** One that never had a card: with money in it, or 6.40 below zero. */
  account(which: 'kept' | 'off'): HarnessAccount;
  /** Its balance moves to an account, and its card is void; a sale that waits for the card moves as well, or is undone. */
  convert(household: HarnessHousehold, open: 'moved' | 'reversed'): HarnessAccount;
  /** An unissued card from the issuer's stock. */
  stock(card: MeterCard): HarnessCard;
  /** The grid wants a card session, and will ask for these commands, one after the other. */
  wantCardTask(task: Omit<GridCardTask, 'taskNo'>, steps: readonly { readonly do: string }[]): GridCardTask;
  /** What the grid has written down of a task. */
  cardTask(taskNo: string): {
    readonly heard: readonly Pick<GridStepReport, 'done' | 'answer'>[];
    readonly end: Omit<GridTaskEnd, 'taskNo'> | null;
  };
  /** What we have at the grid from now on; null: nothing is bounded. Absent batch: open. */
  deposit(has: { readonly availableFen: number | null; readonly batch?: VendorCredit['batch'] }): void;
  /** Cuts the day that is open, and gives its name. */
  cutDay(): string;
  /** Another gateway to the same grid, bent in one way. */
  bent(how: 'nobody-listens' | 'wrong-grid-key' | 'unknown-agent' | 'clock-slow'): GridGateway;
  close(): Promise<void>;
}
