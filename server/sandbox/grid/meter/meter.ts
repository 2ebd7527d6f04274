import { encodeReturnData } from '@bianmin/shared/testing/meter-layout';
import type { CardSecurity } from '../platform/encryptor.ts';
import { judge, type CardContents, type MeterMemory, type Verdict } from './accept.ts';
import { MeterFault, type MeterCard } from './card-access.ts';
import { contentsOf } from './contents.ts';
import { METER_ERRORS, type MeterErrorNumber } from './errors.ts';

/** All that a meter keeps through a power cut, as data. */
export interface MeterState extends MeterMemory {
  opened: boolean;
  customerNo: string;
  serial: string;
  count: number;
  balanceFen: number;
  hoardLimitFen: number;
  /** Cards of other meters, customers or serials that were tried. */
  illegalCards: number;
  /** Everything ever credited by cards: what an audit adds up. */
  creditedFen: number;
  display: string;
  displayEn: string;
}

export interface InsertResult {
  readonly creditedFen: number;
  readonly balanceFen: number;
  readonly count: number;
  readonly error: MeterErrorNumber | null;
  readonly message: string;
  readonly messageEn: string;
}

/** Refusals that a meter counts as foreign cards. */
const ILLEGAL: ReadonlySet<number> = new Set([11, 12, 13]);

export interface MeterInit {
  readonly state: MeterState;
  readonly security: CardSecurity;
  /** Wall clock, ms. */
  readonly now: () => number;
}

/**
 * A prepaid meter with a card slot. It credits itself, money and count in one move, before it writes anything
 * back: a card pulled in between shows an equal count next time, and is never credited twice. (Public firmware
 * that writes the count to the card first loses money there.)
 */
export class Meter {
  readonly state: MeterState;
  readonly #security: CardSecurity;
  readonly #now: () => number;

  constructor(init: MeterInit) {
    this.state = init.state;
    this.#security = init.security;
    this.#now = init.now;
  }

  /** Judges a card. `open` powers it and reads its files; any failure becomes the number the meter shows. */
  insert(open: () => MeterCard): InsertResult {
    const before = this.state.creditedFen;
    let error: MeterErrorNumber | null;
    try {
      error = this.#work(open());
    } catch (cause) {
      // Anything that is not the card's own answer is its going away.
      error = cause instanceof MeterFault ? cause.number : 20;
    }
    return this.#show(this.state.creditedFen - before, error);
  }

  #work(card: MeterCard): MeterErrorNumber | null {
    const contents = contentsOf(card, this.#security);
    const verdict = judge(contents, this.state);
    if (verdict.error !== null && ILLEGAL.has(verdict.error)) this.state.illegalCards += 1;
    if (!verdict.credit && !verdict.writeBack) return verdict.error;
    card.unlock();
    this.#credit(verdict, contents);
    if (verdict.writeBack) card.writeReturnData(this.#returnData());
    return verdict.error;
  }

  #credit(verdict: Verdict, card: CardContents): void {
    if (!verdict.credit) return;
    const { state } = this;
    state.balanceFen += card.amountFen;
    state.creditedFen += card.amountFen;
    state.count = card.count;
    state.serial = card.serial;
    state.customerNo = card.customerNo;
    state.opened = true;
  }

  #returnData(): Uint8Array {
    const { state } = this;
    return encodeReturnData({
      currentRatio: 1,
      voltageRatio: 1,
      meterNo: state.meterNo,
      customerNo: state.customerNo,
      remainingFen: Math.max(0, state.balanceFen),
      overdraftFen: Math.max(0, -state.balanceFen),
      count: state.count,
      illegalCards: Math.min(999_999, state.illegalCards),
      writtenAt: beijingMinute(this.#now()),
    });
  }

  #show(creditedFen: number, error: MeterErrorNumber | null): InsertResult {
    const { state } = this;
    const credited = (creditedFen / 100).toFixed(2);
    const fault = error === null ? undefined : METER_ERRORS[error];
    if (creditedFen > 0) {
      state.display = `充入 ${credited} 元${fault === undefined ? '' : `，${fault.zh}`}`;
      state.displayEn = `${credited} yuan credited${fault === undefined ? '' : `; ${fault.en.toLowerCase()}`}`;
    } else {
      state.display = fault?.zh ?? '读卡成功，没有新的购电';
      state.displayEn = fault?.en ?? 'Card read; no new purchase on it';
    }
    return {
      creditedFen,
      balanceFen: state.balanceFen,
      count: state.count,
      error,
      message: state.display,
      messageEn: state.displayEn,
    };
  }

  /** The household uses electricity: the balance falls, below zero if need be. */
  consume(fen: number): void {
    this.state.balanceFen -= fen;
  }
}

/** YYMMDDhhmm in Beijing time, which all meters keep. */
export function beijingMinute(now: number): string {
  return new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 12);
}
