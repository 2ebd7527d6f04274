import { encodeReturnData } from '@bianmin/card/testing/meter-layout';
import type { CardSecurity } from '../platform/encryptor.ts';
import { judge, takesAlarms, type CardContents, type Verdict } from './accept.ts';
import { MeterFault, type MeterCard } from './card-access.ts';
import { contentsOf } from './contents.ts';
import { charge, consume, reclose } from './consumption.ts';
import { showBalance, showCredit, type Shown } from './display.ts';
import type { Ailment, MeterErrorNumber } from './errors.ts';
import { judgeFrame } from './receive.ts';
import type { InsertResult, MeterState } from './meter-state.ts';
import { beijingMinute } from './beijing-minute.ts';

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
      this.#failIf(1, 3);
      if (this.state.atGrid === true) throw new MeterFault(8);
      error = this.#work(open());
    } catch (cause) {
      // Anything that is not the card's own answer is its going away.
      error = cause instanceof MeterFault ? cause.number : 20;
    }
    return this.#show(this.state.creditedFen - before, error);
  }

  #work(card: MeterCard): MeterErrorNumber | null {
    const contents = contentsOf(card, this.#security);
    this.#failIf(19);
    const verdict = judge(contents, this.state);
    if (verdict.error !== null && ILLEGAL.has(verdict.error)) this.state.illegalCards += 1;
    if (!verdict.credit && !verdict.writeBack) return verdict.error;
    card.unlock();
    // The module takes money and count in one move, or, as here, neither: the card is as good as before.
    this.#failIf(2);
    if (takesAlarms(contents, this.state, verdict)) Object.assign(this.state, contents.alarms);
    this.#credit(verdict, contents);
    if (verdict.writeBack) card.writeReturnData(this.#returnData());
    return verdict.error;
  }

  #failIf(...ailments: readonly Ailment[]): void {
    const { ailment } = this.state;
    if (ailment !== undefined && ailments.includes(ailment)) throw new MeterFault(ailment);
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
    reclose(state);
  }

  /**
   * Judges a frame from afar, hex: its MAC, then its count by the same counter as cards. A count that is there already
   * is answered like a credit of nothing, so that a sender who lost the first answer learns what it was.
   */
  receive(frame: string): InsertResult {
    const { state } = this;
    const { credit, error } =
      state.atGrid === true
        ? ({ credit: null, error: 15 } as const)
        : judgeFrame(frame, state, this.#security);
    if (credit !== null) {
      state.balanceFen += credit.amountFen;
      state.creditedFen += credit.amountFen;
      state.remoteFen += credit.amountFen;
      state.count = credit.count;
      reclose(state);
    }
    // A frame that is refused is told to its sender; the household sees nothing of it.
    if (credit === null) return this.#result(0, error, showCredit(0, error));
    return this.#show(credit.amountFen, null);
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
    const shown = showCredit(creditedFen, error);
    this.#display(shown);
    return this.#result(creditedFen, error, shown);
  }

  #result(creditedFen: number, error: MeterErrorNumber | null, shown: Shown): InsertResult {
    const { balanceFen, count } = this.state;
    return { creditedFen, balanceFen, count, error, message: shown.zh, messageEn: shown.en };
  }

  #display({ zh, en }: Shown): void {
    this.state.display = zh;
    this.state.displayEn = en;
  }

  /** Switched by the grid, which keeps the balance. */
  switch(on: boolean): void {
    this.state.relayOpen = !on;
    this.#display(
      on ? showBalance({ ...this.state, balanceFen: this.state.alarm1Fen + 1 }) : showBalance(this.state),
    );
  }

  /** The household uses electricity for so much money: below zero as far as the overdraft, then the relay opens. */
  consume(fen: number): void {
    charge(this.state, fen);
    if (this.state.opened) this.#display(showBalance(this.state));
  }

  /** Lets the household's load draw electricity between two moments, ms. */
  run(span: { from: number; to: number }): void {
    if (!this.state.opened) return;
    const { balanceFen } = this.state;
    consume(this.state, span);
    if (this.state.balanceFen !== balanceFen) this.#display(showBalance(this.state));
  }
}
