import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { Journal } from '@bianmin/card/meter-card/journal';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { Stop } from '@bianmin/card/stop';
import type { CardImageMessage } from '../api/card-image.ts';
import { ApiError } from '../api/client-error.ts';
import { abandonOrder } from './abandon.ts';
import { Alarm } from './alarm.ts';
import { askServer } from './server-question.ts';
import type { ServerTools } from './server-question.ts';
import { Claims } from './claims.ts';
import { noSlot, readerBlind } from './error.ts';
import { INITIAL_STATE, reduce } from './machine.ts';
import { MuteCards } from './mute-cards.ts';
import { Mutex } from './mutex.ts';
import { ticketOf, watchedOrder } from './phase.ts';
import { waitOf } from './wake.ts';
import type { CardWork, OfferCash, OrderFeed, PurchaseApi, SlotSource } from './ports.ts';
import { troubleOf } from './problems.ts';
import { releaseAndWrite } from './releasing.ts';
import { screenOf } from './screen.ts';
import { SlotTable } from './slots.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import type { PurchaseState } from './state.ts';
import type { PurchaseEvent } from './event.ts';
import type { PurchaseEffect } from './effect.ts';
import type { FlowSettings, PurchaseTimings } from './timings.ts';
import type { PurchaseView } from './view.ts';
import type { PurchaseCommand } from './view/command.ts';

export interface PurchaseFlowInit {
  readonly slots: SlotSource;
  readonly api: PurchaseApi;
  /** Absent where no staff are: no cash is taken there. */
  readonly offerCash?: OfferCash;
  readonly feed: OrderFeed;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly cards: CardWork;
  /** Opens a compact JWE with the terminal's own key; gives the plaintext. */
  readonly unseal: (jwe: string) => Promise<string>;
  readonly settings: FlowSettings;
  /** A fresh UUID. */
  readonly newKey: () => string;
  readonly timings?: Partial<PurchaseTimings>;
  /** Our wall clock less the server's, ms, where that is measured; null while it is not. */
  readonly skewMs?: () => number | null;
  /** For the log: where it happened, and the typed error. The flow has dealt with it. */
  readonly onFault?: (where: string, error: unknown) => void;
}

/** Runs the purchase's state machine: performs what it asks for and tells it what came of it. */
export class PurchaseFlow {
  readonly #init: PurchaseFlowInit;
  readonly #timings: PurchaseTimings;
  readonly #table: SlotTable;
  readonly #claims: Claims;
  /** Cards are worked on one at a time; an attempt to write always runs to its end. */
  readonly #cards = new Mutex();
  readonly #listeners = new Set<(view: PurchaseView) => void>();
  readonly #stop = new Stop();
  #queue: PurchaseEvent[] = [];
  #busy = false;
  #state: PurchaseState = INITIAL_STATE;
  #view: PurchaseView = screenOf(INITIAL_STATE);
  #image: CardImageMessage | undefined;
  #watching: { readonly orderNo: string; readonly off: () => void } | undefined;
  readonly #alarm: Alarm;
  readonly #mute: MuteCards;

  constructor(init: PurchaseFlowInit) {
    this.#init = init;
    this.#alarm = new Alarm(init.clock);
    this.#mute = new MuteCards(init.clock);
    this.#timings = { ...DEFAULT_TIMINGS, ...init.timings };
    this.#table = new SlotTable({
      source: init.slots,
      onChange: () => {
        this.#mute.present(this.#table.present);
        this.#dispatch({ type: 'slots', readers: this.#table.names, present: this.#table.present });
      },
      onFault: this.#fault,
    });
    this.#claims = new Claims({
      journal: init.journal,
      api: init.api,
      clock: init.clock,
      exclusive: (work) => this.#cards.run(work),
      onOrder: (order) => {
        this.#dispatch({ type: 'order', order });
      },
      onFault: this.#fault,
    });
  }

  /** Never fails: a journal that cannot be read puts the terminal out of service, in words. */
  async start(): Promise<void> {
    try {
      await this.#claims.start();
      await this.#init.journal.ready?.();
    } catch (error) {
      this.#fault('journal', error);
      const trouble = troubleOf(codeOf(error) ?? 'journal.unreadable');
      this.#dispatch({ type: 'out-of-service', trouble });
    }
    this.#table.start();
  }

  /** Ends after the write in progress, if there is one. */
  async stop(): Promise<void> {
    this.#stop.stop();
    this.#alarm.clear();
    this.#watching?.off();
    this.#table.stop();
    await this.#cards.idle();
    await this.#claims.stop();
  }

  command(command: PurchaseCommand): void {
    this.#dispatch({ type: 'command', command, key: this.#init.newKey() });
  }

  /** Whether staff are at the desk in their shift: a card that is put in is a household that they help. */
  assist(assisted: boolean): void {
    this.#dispatch({ type: 'assisted', assisted });
  }

  get view(): PurchaseView {
    return this.#view;
  }

  /** The handle of the card that is being asked about; for questions beside the purchase, and for no screen. */
  get cardSession(): string | null {
    const { phase } = this.#state;
    if (phase.name !== 'who' && phase.name !== 'amount') return null;
    return 'cardSession' in phase.buyer ? phase.buyer.cardSession : null;
  }

  /** The serial of the card that is being asked about; for questions beside the purchase, and for no screen. */
  get cardSerial(): string | null {
    const { phase } = this.#state;
    if (!('buyer' in phase)) return null;
    return 'serial' in phase.buyer ? phase.buyer.serial : null;
  }

  /** Whether leaving now would interrupt a household: updates and restarts wait for this to be false. */
  get busy(): boolean {
    const { name } = this.#state.phase;
    return name !== 'starting' && name !== 'idle' && name !== 'out-of-service';
  }

  /** Calls back on each new view; returns its own removal. */
  onView(listener: (view: PurchaseView) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  readonly #fault = (where: string, error: unknown): void => {
    this.#init.onFault?.(where, error);
  };

  #dispatch(event: PurchaseEvent): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        if (!this.#stop.stopped) this.#take(next);
      }
    } finally {
      this.#busy = false;
    }
  }

  #take(event: PurchaseEvent): void {
    const step = reduce(this.#state, event, { settings: this.#init.settings, timings: this.#timings });
    this.#state = step.state;
    if (step.state.present.length === 0) this.#image = undefined;
    this.#watch();
    this.#setWake();
    const view = screenOf(step.state);
    if (JSON.stringify(view) !== JSON.stringify(this.#view)) {
      this.#view = view;
      for (const listener of [...this.#listeners]) listener(view);
    }
    for (const effect of step.effects) this.#perform(effect);
  }

  #watch(): void {
    const orderNo = watchedOrder(this.#state.phase)?.orderNo;
    if (orderNo === this.#watching?.orderNo) return;
    this.#watching?.off();
    this.#watching = undefined;
    if (orderNo === undefined) return;
    const off = this.#init.feed.subscribe(orderNo, (order) => {
      this.#dispatch({ type: 'order', order });
    });
    this.#watching = { orderNo, off };
  }

  #setWake(): void {
    const { turn } = this.#state;
    const wake = waitOf(this.#state, this.#timings);
    if (wake === null) {
      this.#alarm.clear();
      return;
    }
    const ms = (): number => ('at' in wake ? Math.max(0, wake.at - this.#init.clock.now()) : wake.afterMs);
    this.#alarm.set(JSON.stringify([turn, wake]), ms, () => {
      this.#dispatch({ type: 'timer', turn, at: this.#init.clock.now() });
    });
  }

  #perform(effect: PurchaseEffect): void {
    switch (effect.do) {
      case 'read':
        this.#ask(effect.turn, 'read', () => this.#read(effect));
        return;
      case 'write':
        this.#ask(effect.turn, 'write', () => this.#cards.run(() => this.#write(effect)));
        return;
      case 'abandon':
        void abandonOrder(effect.orderNo, {
          api: this.#init.api,
          clock: this.#init.clock,
          signal: this.#stop.signal,
          onFault: (error) => {
            this.#fault('abandon', error);
          },
        });
        return;
      case 'refresh':
      case 'quote':
      case 'tell-shown':
      case 'cash-receipt':
        this.#hear(effect.do, () => askServer(effect, this.#serverTools()));
        return;
      default:
        this.#ask(effect.turn, effect.do, () => askServer(effect, this.#serverTools()));
    }
  }

  #serverTools(): ServerTools {
    return { ...this.#init, image: this.#image, signal: this.#stop.signal };
  }

  /** Performs a question and brings its answer, or its failure, to the machine. */
  #ask(turn: number, where: string, work: () => Promise<PurchaseEvent>): void {
    this.#hear(where, work, (error) => {
      const waitMs = error instanceof ApiError ? error.retryAfterMs : undefined;
      const told = waitMs === undefined ? {} : { waitMs };
      this.#dispatch({ type: 'failed', turn, code: codeOf(error) ?? 'unexpected', ...told });
    });
  }

  /** Performs what is not waited for: a failure is noted, and nothing comes of it but what `failed` does. */
  #hear(where: string, work: () => Promise<PurchaseEvent>, failed?: (error: unknown) => void): void {
    work().then(
      (event) => {
        this.#dispatch(event);
      },
      (error: unknown) => {
        this.#fault(where, error);
        failed?.(error);
      },
    );
  }

  async #read(effect: Extract<PurchaseEffect, { do: 'read' }>): Promise<PurchaseEvent> {
    if (effect.afterMs > 0) await this.#init.clock.sleep(effect.afterMs, this.#stop.signal);
    return this.#cards.run(async () => {
      const card = await this.#init.cards.open(this.#slot(effect.slot)).catch((error: unknown) => {
        throw codeOf(error) === 'reader.mute' && this.#mute.mute(effect.slot) ? readerBlind(error) : error;
      });
      this.#mute.answered(effect.slot);
      const codeFault = await card.codeFault(this.#init.journal).catch(async (error: unknown) => {
        await card.end();
        throw error;
      });
      card.rest();
      if (effect.turn === this.#state.turn) this.#image = card.image;
      const { serial } = card;
      return { type: 'read', turn: effect.turn, serial, ...(codeFault === null ? {} : { codeFault }) };
    });
  }

  async #write(effect: Extract<PurchaseEffect, { do: 'write' }>): Promise<PurchaseEvent> {
    const { turn, orderNo, serial } = effect;
    const outcome = await releaseAndWrite(
      {
        slot: this.#slot(effect.slot),
        orderNo,
        serial,
        tries: ticketOf(this.#state.phase)?.tries ?? 0,
        onProgress: (phase, fraction) => {
          this.#dispatch({ type: 'progress', turn, phase, fraction });
        },
      },
      this.#init,
    );
    if (outcome.result === 'written' || outcome.result === 'failed') this.#claims.kick();
    return { type: 'write-ended', turn, outcome };
  }

  #slot(key: string): CardSlot {
    const slot = this.#table.slot(key);
    if (slot === undefined) throw noSlot();
    return slot;
  }
}
