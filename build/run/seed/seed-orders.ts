import type { Entry } from '@bianmin/purchase/api/scalars';
import { newOrderNo } from '../../../server/src/orders/model/order-no.ts';
import { PROVINCE_PATH } from '../../../server/src/kernel/org-path.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import type { Terminal } from '../../../server/src/fleet/store/terminals.ts';
import { Dice } from '@bianmin/card/testing/dice';
import { seededRandom } from '@bianmin/card/testing/random';
import { Bytes } from './bytes.ts';
import { momentsOf, yearOf, type SeedDay } from './calendar.ts';
import { OrderStory } from './order-story.ts';
import { OUTCOMES, QUICK_OUTCOMES, STORY_MS, tell, type Outcome } from './outcomes.ts';
import { townOf, type Household, type Town } from './town.ts';

export interface YearInit {
  readonly orders: number;
  readonly seed: number;
  /** When the year ends. */
  readonly now: Date;
}

export interface Year {
  readonly town: Town;
  /** Oldest first; made as they are asked for. */
  orders(): Generator<Order>;
}

/** Every household buys about so often in a year. */
const ORDERS_A_HOUSEHOLD = 7;
const DAYS_OF_SLOW_STORIES = 5;
const DAY_MS = 86_400_000;
const FACES_FEN = { 5000: 30, 10000: 34, 20000: 20, 30000: 8, 2000: 5, 50000: 3 } as const;
const DISCOUNT = {
  fen: 500,
  share: 0.03,
  discount: {
    rule: 'seed-spring',
    names: { 'zh-CN': '敬老优惠', ug: 'ياشانغانلار ئېتىبارى', en: 'Discount for the elderly' },
    funder: 'community',
  },
} as const;

/** A year of finished orders that ends now: the same for the same seed, orders and end. */
export function seedYear({ orders, seed, now }: YearInit): Year {
  const random = seededRandom(seed);
  const [dice, bytes] = [new Dice(random), new Bytes(random)];
  const households = Math.max(14, Math.round(orders / ORDERS_A_HOUSEHOLD));
  const town = townOf({ households, now, dice, bytes });
  return { town, orders: () => new Orders({ town, now, dice, bytes }).of(yearOf(now, orders, dice)) };
}

class Orders {
  readonly #town: Town;
  readonly #now: Date;
  readonly #dice: Dice;
  readonly #bytes: Bytes;
  /** The order numbers of one second. */
  readonly #taken = new Set<string>();
  #second = 0;

  constructor(init: { town: Town; now: Date; dice: Dice; bytes: Bytes }) {
    this.#town = init.town;
    this.#now = init.now;
    this.#dice = init.dice;
    this.#bytes = init.bytes;
  }

  *of(days: readonly SeedDay[]): Generator<Order> {
    const last = new Date(this.#now.getTime() - STORY_MS);
    for (const day of days) {
      // Numbers within a second are in no order: a day is sorted by them, so that orders come as the store sorts them.
      const made = momentsOf(day, last, this.#dice).map((at) => ({ at, orderNo: this.#orderNo(at) }));
      made.sort((a, b) => (a.orderNo < b.orderNo ? -1 : 1));
      for (const { at, orderNo } of made) yield this.#order(orderNo, at, day);
    }
  }

  #order(orderNo: string, at: Date, day: SeedDay): Order {
    const [dice, bytes] = [this.#dice, this.#bytes];
    const household = dice.pick(this.#town.households);
    const story = new OrderStory(this.#made(orderNo, at, { household, ...this.#wayIn(household, day) }));
    const slow = this.#now.getTime() - at.getTime() > DAYS_OF_SLOW_STORIES * DAY_MS;
    const outcome: Outcome = slow ? dice.weighted(OUTCOMES) : dice.weighted(QUICK_OUTCOMES);
    // A card that is pulled is written again; what goes to a meter from afar has no card.
    const told = story.order.kind === 'remote' && outcome === 'written-later' ? 'written' : outcome;
    tell(story, told, { dice, bytes, slowBanks: slow });
    const { order } = story;
    if (order.saleSlot !== null) household.count += 1;
    return order;
  }

  /** By which way a household buys: one with a box mostly at home, the more so when all stay there. */
  #wayIn(
    { box, kiosks }: Household,
    { lockDown }: SeedDay,
  ): { entry: Entry; terminal: Terminal | undefined } {
    const dice = this.#dice;
    if (box !== undefined && dice.chance(lockDown ? 0.85 : 0.5)) {
      return { entry: dice.weighted({ iptv2: 35, iptv3: 65 }), terminal: box };
    }
    if (dice.chance(lockDown ? 0.55 : 0.12)) return { entry: 'phone', terminal: undefined };
    return { entry: dice.weighted({ kiosk: 70, community: 30 }), terminal: dice.pick(kiosks) };
  }

  #made(
    orderNo: string,
    at: Date,
    of: { household: Household; entry: Entry; terminal: Terminal | undefined },
  ): Order {
    const { household, entry, terminal } = of;
    const [dice, bytes] = [this.#dice, this.#bytes];
    const faceFen = Number(dice.weighted(FACES_FEN));
    const given = dice.chance(DISCOUNT.share) ? DISCOUNT : undefined;
    const discountFen = Math.min(given?.fen ?? 0, faceFen);
    const kind = terminal === undefined ? 'remote' : 'card';
    const terminalId = terminal?._id ?? `payer:${bytes.uuid()}`;
    const by = terminal === undefined ? 'payer' : 'terminal';
    const { customerNo, meterNo, chip, serial, masked, count } = household;
    return {
      _id: orderNo,
      version: 1,
      state: 'created',
      idempotencyKey: bytes.uuid(),
      idempotencyDigest: bytes.hex(32),
      terminalId,
      orgPath: terminal?.orgPath ?? PROVINCE_PATH,
      kind,
      entry,
      faceFen,
      discountFen,
      paidFen: faceFen - discountFen,
      ...(given === undefined ? {} : { discount: given.discount }),
      grid: 'collection-v1',
      ...{ customerNo, meterNo, chip, serial, masked, count },
      imageDigest: kind === 'remote' ? '' : bytes.hex(32),
      payments: [],
      sale: { status: 'none' },
      saleSlot: null,
      reversal: { status: 'none' },
      write: { status: 'none' },
      credit: { status: 'none' },
      refunds: [],
      closure: { status: 'open' },
      attention: null,
      watchers: [terminalId],
      events: [{ n: 1, at, name: 'order.created', by, data: { faceFen, discountFen, kind } }],
      createdAt: at,
      updatedAt: at,
      dueAt: null,
    };
  }

  #orderNo(at: Date): string {
    const second = Math.floor(at.getTime() / 1000);
    if (second !== this.#second) this.#taken.clear();
    this.#second = second;
    for (;;) {
      const orderNo = newOrderNo(at, (below) => this.#dice.below(below));
      if (this.#taken.has(orderNo)) continue;
      this.#taken.add(orderNo);
      return orderNo;
    }
  }
}
