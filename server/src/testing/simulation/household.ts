import type { Channel } from '@bianmin/purchase/api/channels';
import type { FakeCard } from '../fake-card.ts';
import type { Order } from '../../orders/model/order.ts';
import { isUnpaid } from '../../orders/model/state.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { OFFICE } from './persons.ts';
import type { Payers } from './paying.ts';
import { TERMINALS, type SimulatedTerminal } from './terminal.ts';
import type { Town } from './town.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The most that is bought at once, fen; a meter with a ceiling takes no more together. */
const MOST_FEN = 20_000;
/** How often a screen looks what became of an order. */
const LOOKS = 15;
/** Visits after which a card must be finished. */
const LAST_VISITS = 4;

/** One household: a card, a meter, a phone, and the wish to have light. */
export class Household {
  readonly card: FakeCard;
  readonly #town: Town;
  readonly #payers: Payers;
  /** One of the household stands before a terminal with the card. */
  #cardIsOut = false;
  #keys = 0;
  /** Months that were used first. */
  readonly #bills: string[] = [];

  constructor(town: Town, payers: Payers) {
    this.#town = town;
    this.#payers = payers;
    this.card = town.household();
  }

  /** One person's errands, one after the other. */
  async live(): Promise<void> {
    const { turns, dice } = this.#town;
    for (let errands = 1 + dice.below(3); errands > 0; errands -= 1) {
      await turns.sleep(dice.below(8 * MINUTE));
      this.#mayConvert();
      if (this.#cardIsOut || dice.chance(0.35)) await this.#fromAfar();
      else await this.#withCard((terminal) => this.#atTerminal(terminal));
    }
  }

  /** Nothing fails any more: what waits is finished, chosen, written, and put into the meter. */
  async finish(): Promise<void> {
    const { turns, grid } = this.#town;
    // A meter that can be reached is; one that cannot stays so.
    if (grid.credits.reaches(this.card.meterNo)) grid.credits.link(this.card.meterNo, 'online');
    for (let visit = 0; visit < LAST_VISITS; visit += 1) {
      await this.#chooseAll();
      await this.#withCard(async (terminal) => void (await this.#visit(terminal)));
      // In the end all is used up, and a meter with a ceiling has room.
      this.#insert(visit + 1 === LAST_VISITS ? 2 * MOST_FEN : undefined);
      await turns.sleep(4 * MINUTE);
    }
  }

  /** Somebody of the staff has the card in a reader for this long; nothing where it is out already. */
  async lends(errand: (terminal: SimulatedTerminal) => Promise<void>): Promise<void> {
    if (!this.#cardIsOut) await this.#withCard(errand);
  }

  /** The grid keeps the balance from now on, but not of one whose payer waits for the money. */
  #mayConvert(): void {
    const { dice, grid } = this.#town;
    const { meterNo } = this.card;
    if (dice.chance(0.1))
      this.#bills.push(grid.payments.bill(meterNo, 100 * (1 + dice.below(80)), dice.chance(0.3)));
    const waits = this.#town
      .all()
      .some(
        (order) => order.meterNo === meterNo && order.fallback === 'refund' && order.state !== 'refunded',
      );
    if (dice.chance(0.12) && !waits) grid.convert(meterNo, dice.pick(['moved', 'reversed']));
  }

  /** The card is in one reader at a time. */
  async #withCard(errand: (terminal: SimulatedTerminal) => Promise<void>): Promise<void> {
    this.#cardIsOut = true;
    try {
      await errand(this.#town.dice.pick(TERMINALS));
    } finally {
      this.#cardIsOut = false;
    }
  }

  async #atTerminal(terminal: SimulatedTerminal): Promise<void> {
    const { dice, turns } = this.#town;
    if (await this.#visit(terminal)) return;
    const order = await this.#buy(terminal);
    if (order === undefined) return;
    await this.#offer(order, terminal);
    if (dice.chance(0.25)) turns.begin(() => this.#cancel(order, terminal));
    const paid = await this.#watch(order, terminal);
    if (paid?.state === 'sold') await this.#write(paid._id, terminal);
    if (dice.chance(0.7)) {
      await turns.sleep(dice.below(10 * MINUTE));
      this.#insert();
    }
  }

  /** Whether there was something to finish on this card. */
  async #visit(terminal: SimulatedTerminal): Promise<boolean> {
    const { dice, weather } = this.#town;
    const known = await this.#identify(terminal);
    const { unfinished = null, blocked = null } = known ?? {};
    if (unfinished !== null) {
      if (unfinished.choices?.includes('card') === true) await this.#choose(unfinished.orderNo);
      await this.#write(unfinished.orderNo, terminal);
      // A screen that heard nothing asks once more.
      if (!weather.calm && dice.chance(0.2)) await this.#write(unfinished.orderNo, terminal);
      return true;
    }
    if (blocked === 'meter.previous-not-inserted') this.#insert();
    return blocked === 'meter.order-open';
  }

  #identify(terminal: SimulatedTerminal) {
    return this.#town.ask(({ services }) =>
      services.cards.identify(terminal.terminalId, { image: this.card.read(), entry: 'kiosk' }),
    );
  }

  async #buy(terminal: SimulatedTerminal): Promise<Order | undefined> {
    const session = (await this.#identify(terminal))?.cardSession;
    if (session === undefined) return undefined;
    const request = { ...this.#request(), cardSession: session, entry: 'kiosk' } as const;
    const create = () => this.#town.ask(({ services }) => services.orders.create(terminal, request));
    return this.#meant((await create()) ?? (await create()));
  }

  /** It is for this meter, whatever is stored of it. */
  #meant(order: Order | undefined): Order | undefined {
    if (order !== undefined) this.#town.meant.set(order._id, this.card.meterNo);
    return order;
  }

  /** A code on the screen, two codes, or cash on the counter. */
  async #offer(order: Order, terminal: SimulatedTerminal): Promise<void> {
    const { dice } = this.#town;
    const means = dice.weighted({ wechat: 3, alipay: 3, both: 6, cash: 3, nothing: 1 });
    if (means === 'cash') {
      const by = { staff: '100001', pin: '123456' };
      const { terminalId } = terminal;
      await this.#town.ask(async ({ services, staff }) =>
        staff.cash.take(await services.orders.get(terminalId, order._id), { terminalId, by }, OFFICE),
      );
      if (dice.chance(0.8)) return;
    }
    const wallets =
      means === 'both'
        ? (['wechat', 'alipay'] as const)
        : means === 'wechat'
          ? (['wechat'] as const)
          : (['alipay'] as const);
    await this.#show(order, terminal, means === 'nothing' ? [] : wallets);
  }

  /** Codes to scan, as far as there are any. */
  async #show(
    order: Order,
    { terminalId }: { terminalId: string },
    wallets: readonly Channel[],
  ): Promise<void> {
    let shown: Order | undefined;
    for (const wallet of wallets) {
      const begin = () =>
        this.#town.ask(async ({ services }) =>
          services.orders.createPayment(await services.orders.toPay(terminalId, order._id, wallet), wallet),
        );
      shown = (await begin()) ?? (await begin()) ?? shown;
    }
    if (shown !== undefined) this.#payers.scan(shown);
  }

  /** The one at the terminal presses Back, perhaps while a payer pays. */
  async #cancel(order: Order, { terminalId }: SimulatedTerminal): Promise<void> {
    await this.#town.turns.sleep(this.#payers.thoughtMs());
    await this.#town.ask(async ({ services }) =>
      services.orders.cancel(await services.orders.get(terminalId, order._id)),
    );
  }

  /** Until it is paid for and sold, or over, or the wait is given up. */
  async #watch(order: Order, { terminalId }: { terminalId: string }): Promise<Order | undefined> {
    const { turns, dice } = this.#town;
    for (let look = 0; look < LOOKS; look += 1) {
      await turns.sleep((10 + dice.below(30)) * SECOND);
      const now = await this.#town.ask(({ services }) => services.orders.get(terminalId, order._id));
      if (
        now !== undefined &&
        !isUnpaid(now.state) &&
        !['paid', 'grid-silent', 'crediting'].includes(now.state)
      )
        return now;
      if (dice.chance(0.05)) return undefined;
    }
    return undefined;
  }

  /** Released, written, and said so; or cut off anywhere in between. */
  async #write(orderNo: string, terminal: SimulatedTerminal): Promise<void> {
    const { dice, weather } = this.#town;
    const { terminalId } = terminal;
    const bad = (share: number): boolean => !weather.calm && dice.chance(share);
    if (bad(0.1)) await this.#writeOther(orderNo, terminal);
    const sealed = await this.#town.ask(async ({ services }) =>
      services.writes.release(await services.orders.get(terminalId, orderNo), terminal, {
        image: this.card.read(),
      }),
    );
    if (sealed === undefined) return;
    const whole = !bad(0.3);
    this.card.write(terminal.open(sealed), whole ? undefined : dice.below(13));
    const imageDigest = this.card.digest();
    // The same bytes on another chip come to the meter first.
    if (bad(0.08)) this.#town.meterOf(this.card).insert(this.card.clone());
    if (bad(0.2)) return;
    const result = whole ? 'written' : 'failed';
    const claim = { lease: sealed.lease, result, imageDigest } as const;
    for (let copies = bad(0.2) ? 2 : 1; copies > 0; copies -= 1) {
      await this.#town.ask(async ({ services }) =>
        services.writes.claim(
          await services.orders.toClaim(terminalId, orderNo, claim.lease),
          terminalId,
          claim,
        ),
      );
    }
  }

  /** Another card of the family goes in first: whatever is given for it is written. */
  async #writeOther(orderNo: string, terminal: SimulatedTerminal): Promise<void> {
    const others = [...this.#town.cards.values()].filter((card) => card !== this.card);
    if (others.length === 0) return;
    const other = this.#town.dice.pick(others);
    const sealed = await this.#town.ask(async ({ services }) =>
      services.writes.release(await services.orders.get(terminal.terminalId, orderNo), terminal, {
        image: other.read(),
      }),
    );
    if (sealed !== undefined) other.write(terminal.open(sealed));
  }

  async #fromAfar(): Promise<void> {
    const { dice, grid, turns } = this.#town;
    const ownerId = dice.pick(['payer:p1', 'payer:p2']);
    const customerNo = `6501${this.card.meterNo}`;
    const request = {
      ownerId,
      orgPath: PROVINCE_PATH,
      customerNo,
      entry: 'phone',
      ...this.#request(),
    } as const;
    const bill = this.#bills.length > 0 && dice.chance(0.4) ? dice.pick(this.#bills) : undefined;
    const create = () =>
      this.#town.ask(({ services }) => services.remote.create({ ...request, ...this.#payOf(bill) }));
    if (dice.chance(0.8)) grid.credits.link(this.card.meterNo, 'online');
    const order = this.#meant((await create()) ?? (await create()));
    if (order === undefined) {
      await this.#chooseAll();
      return;
    }
    // One that cannot be reached at all was sold nothing: it goes off after that.
    grid.credits.link(this.card.meterNo, dice.pick(['online', 'online', 'answer-lost', 'offline', 'dead']));
    await this.#show(
      order,
      { terminalId: ownerId },
      dice.pick([['wechat'], ['alipay'], ['wechat', 'alipay']] as const),
    );
    const now = await this.#watch(order, { terminalId: ownerId });
    if (now?.state === 'credit-failed') await this.#choose(now._id);
    if (dice.chance(0.5)) await turns.sleep(dice.below(10 * MINUTE));
    if (dice.chance(0.3))
      await this.#town.ask(({ services }) => services.remote.describe(customerNo, ownerId));
  }

  /** All that is due of a bill; another amount is refused. */
  #payOf(billNo: string | undefined): { billNo?: string; faceFen?: number } {
    const due = this.#town.grid.payments
      .factsOf(this.card.meterNo)
      .bills?.find((bill) => bill.billNo === billNo);
    return due === undefined ? {} : { billNo: due.billNo, faceFen: due.dueFen };
  }

  /** What becomes of orders whose credit failed: perhaps both, at the same moment. */
  async #chooseAll(): Promise<void> {
    for (const { _id } of this.#town
      .all()
      .filter(({ meterNo, state }) => meterNo === this.card.meterNo && state === 'credit-failed')) {
      await this.#choose(_id);
    }
  }

  async #choose(orderNo: string): Promise<void> {
    const { dice } = this.#town;
    const isMoved = this.#town.grid.payments.balances.has(this.card.meterNo);
    const choices = isMoved
      ? (['card'] as const)
      : dice.pick([['card'], ['refund'], ['card', 'refund']] as const);
    await Promise.all(
      choices.map((choice) =>
        this.#town.ask(async ({ services }) => {
          const order = await services.store.get(orderNo);
          return order === null ? undefined : services.remote.choose(order, choice);
        }),
      ),
    );
  }

  /** Some is used up before each visit to the meter, fen. */
  #insert(usedFen = this.#town.dice.below(2 * MOST_FEN)): void {
    const meter = this.#town.meterOf(this.card);
    meter.use(usedFen);
    // The wrong one of the family's meters first, at times: none but its own takes a card.
    if (this.#town.dice.chance(0.1)) for (const any of this.#town.grid.meters.values()) any.insert(this.card);
    meter.insert(this.card);
  }

  #request() {
    this.#keys += 1;
    return {
      idempotencyKey: `${this.card.meterNo}-${this.#keys}`,
      faceFen: 100 * (1 + this.#town.dice.below(MOST_FEN / 100)),
    };
  }
}
