import type { Channel } from '@bianmin/purchase/api/channels';
import { dayPlus, daysBetween } from '../../kernel/china-time.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { Order, PaymentMeans } from '../../orders/model/order.ts';
import type { FakeCard } from '../fake-card.ts';
import type { FakeTerminal } from '../order-world.ts';
import { ANNA, HERE } from '../staff-members.ts';
import { Drawer } from './drawer.ts';
import { FLOAT, MONTH, NORTH, SOUTH, WALLETS, type MonthWorld } from './month-world.ts';
import { AGENCY, COMMISSIONS, DISCOUNTS, LAST_OF_AGENCY, LATER_AGENCY } from './terms.ts';

const MINUTE = 60_000;
const [FIRST, LAST] = [`${MONTH}-01`, `${MONTH}-31`];

/** What a household remembers of an order. */
export interface Meant {
  readonly terminalId: string;
  readonly orgPath: readonly string[];
  /** What it was paid with, where it was paid. */
  readonly means: PaymentMeans;
  /** Of whose discount the household is; null: of nobody's. */
  readonly funder: string | null;
}

interface Household {
  readonly card: FakeCard;
  readonly kiosk: FakeTerminal;
  readonly funder: string | null;
}

/** One month of a community, day by day: what its people do, what goes wrong, and what staff do about it. */
export class Script {
  /** By order. */
  readonly meant = new Map<string, Meant>();
  readonly drawers: Readonly<Record<'hall' | 'gate', Drawer>>;
  /** What banks say that committees sent, less what went back to them, fen. */
  bankFen = 0;
  readonly #w: MonthWorld;
  readonly #households: readonly Household[];
  /** What happens on a day beside its sales, by its number; each at a time after noon. */
  readonly #events: Readonly<Record<number, (day: string) => Promise<void>>>;
  /** Whose cash waits at the counter. */
  #owed: Order[] = [];

  constructor(w: MonthWorld) {
    this.#w = w;
    const { hall, gate, south } = w.of.kiosks;
    const { world } = w.of;
    this.drawers = { hall: new Drawer(w, hall), gate: new Drawer(w, gate) };
    this.#households = [hall, hall, hall, gate, gate, gate, south, south, south].map((kiosk, index) => ({
      ...{ card: world.household(), kiosk },
      funder: index < 2 ? 'street-office' : index === 6 || index === 7 ? 'elders-fund' : null,
    }));
    this.#events = {
      2: () => this.#neverPaid(),
      3: () => this.#paidTwice(),
      4: () => this.#tooLate(),
      5: () => this.#lateAndSold(),
      7: () => this.#undone(1, false),
      8: () => this.#undone(6, true),
      10: () => this.#givenBack(2, 'wechat', null),
      11: () => this.#givenBack(7, 'alipay', 1_234),
      13: () => this.#refundOnItsWay(),
      14: (day) => this.#overMidnight(day),
      15: () => this.#newAgencyTerms(),
      16: () => this.#answerLost(),
      17: () => this.#strangersMoney(),
      18: () => this.#settleStrangers(),
      20: () => this.#fromAfar(),
      22: () => this.#bankErred(),
    };
  }

  /** The whole month, each day compared on the morning after it. */
  async play(): Promise<void> {
    await this.#prepare();
    for (const day of daysBetween(FIRST, LAST)) {
      if (day > FIRST) await this.#morning(dayPlus(day, -1));
      else await this.#openFloat();
      await this.#sales(day);
      await this.#counter(day);
      this.#w.at(day, '17:00:00');
      await this.#events[Number(day.slice(-2))]?.(day);
    }
    await this.#morning(LAST);
  }

  async #prepare(): Promise<void> {
    const w = this.#w;
    const { world, discounts } = w.of;
    const reason = 'Agreed for this year.';
    for (const terms of [AGENCY, ...COMMISSIONS]) await w.commission({ ...terms, reason });
    for (const rule of DISCOUNTS) await w.allow((await discounts.propose(rule, ANNA, HERE)).approval);
    const households = this.#households.flatMap(({ card, funder }) => {
      if (funder === null) return [];
      const community = funder === 'street-office' ? NORTH : SOUTH;
      return [
        { customerNo: world.customerOf(card), community, tags: funder === 'elders-fund' ? ['elderly'] : [] },
      ];
    });
    await w.allow(
      await discounts.requestHouseholds({ households, reason: 'The list of March.' }, ANNA, HERE),
    );
    const { debts } = world.grid;
    debts.owe(this.#of(2).card.meterNo, { arrearsFen: 12_345, feeFen: 37 });
    debts.owe(this.#of(4).card.meterNo, { arrearsFen: 500, feeFen: 0 });
    debts.owe(this.#of(7).card.meterNo, { arrearsFen: 0, feeFen: 101 });
  }

  async #openFloat(): Promise<void> {
    const w = this.#w;
    const { floats } = w.of.floats;
    w.at(FIRST, '08:00:00');
    const { hall, gate } = w.of.kiosks;
    const request = { id: FLOAT, name: '北园社区', terminals: [hall.terminalId, gate.terminalId] };
    const wish = { ...request, dayLimitFen: 200_000, frozen: false, reason: 'Opened.' };
    await w.allow(await floats.requestSet(wish, ANNA, HERE));
    await this.#topUp(1_000_000, 'bank-1');
  }

  async #topUp(fen: number, reference: string): Promise<string> {
    const w = this.#w;
    const wish = { fen, reference, reason: 'It came.' };
    const asked = await w.of.floats.floats.requestTopUp(FLOAT, wish, { maker: ANNA, where: HERE });
    await w.allow(asked);
    this.bankFen += fen;
    return `topup-${asked._id}`;
  }

  async #morning(yesterday: string): Promise<void> {
    this.#w.at(dayPlus(yesterday, 1), '10:00:00');
    await this.#w.reconcile(yesterday);
  }

  /** Two households buy with their wallets. */
  async #sales(day: string): Promise<void> {
    const number = Number(day.slice(-2));
    this.#w.at(day, '11:00:00');
    for (const turn of [0, 1]) {
      const wallet = WALLETS[(number + turn) % WALLETS.length] ?? 'wechat';
      const faceFen = 100 * (20 + ((number * 37 + turn * 53) % 180));
      await this.#bought(number * 2 + turn, wallet, faceFen);
      this.#w.of.world.clock.jump(MINUTE);
    }
  }

  /** Clerks are there on every third day, the second counter's on every sixth. */
  async #counter(day: string): Promise<void> {
    const number = Number(day.slice(-2));
    if (number % 3 !== 0) return;
    this.#w.at(day, '14:00:00');
    const { hall, gate } = this.drawers;
    await hall.begin('zhang', day);
    for (const order of this.#owed.splice(0))
      await hall.handOut(order, `slip-${number}-${order._id.slice(-4)}`);
    const order = await this.#inCash(hall, (number / 3) % 6, 100 * (10 + number));
    await this.#inCash(hall, 2, 100 * (30 + number));
    if (number % 6 === 0) {
      await gate.begin('li', day);
      await this.#inCash(gate, 3 + ((number / 6) % 3), 100 * (7 + number));
      await gate.close({ leaves: 300 });
    }
    if (number === 9) await this.#notSoldForCash(hall);
    if (number === 15) {
      await this.#refund(order, (number / 3) % 6, 250);
      this.#owed.push(order);
    }
    await hall.close({ leaves: 5_000, lostFen: number === 21 ? 100 : 0 });
  }

  async #bought(index: number, wallet: Channel, faceFen: number): Promise<Order> {
    const { card, kiosk } = this.#of(index);
    const order = await this.#w.paid(kiosk, card, { wallet, faceFen });
    this.#note(order, index, wallet);
    return this.#w.delivered(kiosk, card, order);
  }

  async #inCash(drawer: Drawer, index: number, faceFen: number): Promise<Order> {
    const { card } = this.#of(index);
    const { world, kiosks } = this.#w.of;
    const kiosk = drawer === this.drawers.hall ? kiosks.hall : kiosks.gate;
    const order = await world.order(kiosk, card, faceFen);
    this.#note(order, index, 'cash');
    return this.#w.delivered(kiosk, card, await drawer.take(order));
  }

  /** The grid is away for longer than anybody waits: the float has its money back, and the household's notes wait. */
  async #notSoldForCash(drawer: Drawer): Promise<void> {
    const { world, kiosks } = this.#w.of;
    const order = await world.order(kiosks.hall, this.#of(5).card, 4_000);
    this.#note(order, 5, 'cash');
    world.grid.fault = (operation) => (operation === 'sell' ? 'unavailable' : 'none');
    await drawer.take(order);
    await world.pass(40 * MINUTE, 4 * MINUTE);
    world.grid.fault = () => 'none';
    this.#owed.push(order);
  }

  async #neverPaid(): Promise<void> {
    const { kiosk, card } = this.#of(0);
    this.#note(await this.#w.offer(kiosk, card, { wallet: 'wechat', faceFen: 3_000 }), 0, 'wechat');
    await this.#w.of.world.pass(15 * MINUTE, 3 * MINUTE);
  }

  /** By two phones of one family. */
  async #paidTwice(): Promise<void> {
    const w = this.#w;
    const { kiosk, card } = this.#of(1);
    const one = await w.offer(kiosk, card, { wallet: 'wechat', faceFen: 6_100 });
    const both = await w.of.world.services.orders.createPayment(one, 'alipay');
    this.#note(both, 1, 'wechat');
    const [first, second] = [w.pay(both, 'wechat'), w.pay(both, 'alipay')];
    await w.hears(first, 'wechat');
    await w.hears(second, 'alipay');
    await w.delivered(kiosk, card, await w.of.world.now(both));
  }

  /** Money for an order that was given up, and the card went home. */
  async #tooLate(): Promise<void> {
    const { kiosk, card } = this.#of(8);
    const order = await this.#closedUnpaid(8, 'bestpay');
    await this.#comesLate(order, 'bestpay');
    const now = await this.#w.of.world.now(order);
    if (now.state !== 'refunded') throw new Error(`${card.meterNo} at ${kiosk.terminalId} is ${now.state}.`);
  }

  /** Money for an order that was given up, and the card was put in again. */
  async #lateAndSold(): Promise<void> {
    const { kiosk, card } = this.#of(4);
    const order = await this.#closedUnpaid(4, 'wechat');
    await this.#w.of.world.identify(kiosk, card);
    await this.#comesLate(order, 'wechat');
    await this.#w.delivered(kiosk, card, await this.#w.of.world.now(order));
  }

  async #closedUnpaid(index: number, wallet: Channel): Promise<Order> {
    const { kiosk, card } = this.#of(index);
    const order = await this.#w.offer(kiosk, card, { wallet, faceFen: 2_200 });
    this.#note(order, index, wallet);
    await this.#w.of.world.pass(15 * MINUTE, 3 * MINUTE);
    return order;
  }

  async #comesLate(order: Order, wallet: Channel): Promise<void> {
    const no = order.payments[0]?.no ?? '';
    this.#w.of.world.clock.jump(MINUTE);
    this.#w.of.world.channel(wallet).payRegardless(no);
    await this.#w.hears(no, wallet);
    await this.#w.of.world.pass(5_000, 5_000);
  }

  async #undone(index: number, isWritten: boolean): Promise<void> {
    const w = this.#w;
    const { kiosk, card } = this.#of(index);
    const order = await w.paid(kiosk, card, { wallet: 'alipay', faceFen: 7_700 });
    this.#note(order, index, 'alipay');
    if (isWritten) await w.of.world.write(kiosk, card, order);
    await w.undo(kiosk, card, order);
    // A card that was written shows nothing of its meter until it was in it again.
    w.of.world.meterOf(card).insert(card);
  }

  async #givenBack(index: number, wallet: Channel, fen: number | null): Promise<void> {
    await this.#refund(await this.#bought(index, wallet, 8_800), index, fen);
  }

  /** The card comes back and shows that its meter has the purchase; then two persons give money back. */
  async #refund(order: Order, index: number, fen: number | null): Promise<void> {
    const { kiosk, card } = this.#of(index);
    await this.#w.of.world.identify(kiosk, card);
    await this.#w.refund(order, fen);
  }

  /** The wallet gives it back on the next day only. */
  async #refundOnItsWay(): Promise<void> {
    const { world } = this.#w.of;
    world.bestpay.refundsAtOnce = false;
    await this.#givenBack(8, 'bestpay', 3_333);
    world.bestpay.refundsAtOnce = true;
  }

  /** Its wallet's books have it today, and ours tomorrow. */
  async #overMidnight(day: string): Promise<void> {
    const w = this.#w;
    const { bestpay, services } = w.of.world;
    for (const no of bestpay.settleRefunds()) {
      const { headers, rawBody } = bestpay.refundNotificationOf(no);
      await services.notifications.take('bestpay', headers, rawBody);
    }
    await w.of.world.work();
    w.at(day, '23:59:30');
    const { kiosk, card } = this.#of(3);
    const order = await w.offer(kiosk, card, { wallet: 'wechat', faceFen: 5_500 });
    this.#note(order, 3, 'wechat');
    const no = w.pay(order, 'wechat');
    w.of.world.clock.jump(MINUTE);
    await w.hears(no, 'wechat');
    await w.delivered(kiosk, card, await w.of.world.now(order));
  }

  async #newAgencyTerms(): Promise<void> {
    const w = this.#w;
    const { commissions } = w.of;
    const known = (await commissions.list()).find(({ kind }) => kind === 'agency');
    const wish = { ruleId: known?.id ?? '', until: LAST_OF_AGENCY, reason: 'New terms.' };
    await w.allow(await commissions.requestEnd(wish, ANNA, HERE));
    await w.commission({ ...LATER_AGENCY, reason: 'New terms.' });
  }

  /** The grid sold, and its answer went astray. */
  async #answerLost(): Promise<void> {
    const w = this.#w;
    const { world } = w.of;
    const { kiosk, card } = this.#of(5);
    let lost = 0;
    world.grid.fault = (operation) => (operation === 'sell' && (lost += 1) === 1 ? 'lost-answer' : 'none');
    const order = await w.paid(kiosk, card, { wallet: 'alipay', faceFen: 9_900 });
    this.#note(order, 5, 'alipay');
    await world.pass(3 * MINUTE, 30_000);
    world.grid.fault = () => 'none';
    await w.delivered(kiosk, card, await world.now(order));
  }

  /** Somebody pays a code that our wallet's account has and no order of ours: another shop's. */
  async #strangersMoney(): Promise<void> {
    const { wechat, clock } = this.#w.of.world;
    const expiresAt = new Date(clock.now() + 5 * MINUTE);
    const request = { paymentNo: 'kettle00000001', amountFen: 4_321, description: 'A kettle', expiresAt };
    const handle = await wechat.create({
      ...request,
      notifyUrl: 'https://shop.example/n',
      terminalId: 'shop',
    });
    if (handle.kind === 'code') wechat.pay(handle.codeUrl);
  }

  /** Two persons book what the comparison of yesterday found. */
  async #settleStrangers(): Promise<void> {
    const w = this.#w;
    const { cases, settlements } = w.of;
    const [found] = await cases.list({ kind: 'CHANNEL_ONLY', status: 'open', limit: 2 }, WHOLE_PROVINCE);
    if (found === undefined) throw new Error('Nobody found the money of a stranger.');
    const adjustment = { debit: 'channel:wechat', credit: 'suspense:reconcile', fen: 4_321 };
    const text = 'Of another shop with our account; it goes back by bank.';
    await w.allow(
      await settlements.request({ caseId: found._id, text, adjustment, maker: ANNA, where: HERE }),
    );
  }

  /** By a phone, for a meter that takes it from afar: no community sold it. */
  async #fromAfar(): Promise<void> {
    const { world } = this.#w.of;
    const order = await world.remotePaid('payer:one', world.household());
    const { terminalId, orgPath } = order;
    this.meant.set(order._id, { terminalId, orgPath, means: 'wechat', funder: null });
    await world.pass(10_000, 5_000);
  }

  /** The bank names a wrong sum, and the right one after it. */
  async #bankErred(): Promise<void> {
    const w = this.#w;
    const topUp = await this.#topUp(50_005, 'bank-2');
    const by = { maker: ANNA, where: HERE };
    await w.allow(await w.of.floats.floats.requestUndo(FLOAT, { topUp, reason: 'A wrong sum.' }, by));
    this.bankFen -= 50_005;
    await this.#topUp(50_050, 'bank-2');
  }

  #note({ _id, terminalId, orgPath }: Order, index: number, means: PaymentMeans): void {
    const { funder } = this.#of(index);
    this.meant.set(_id, { terminalId, orgPath, means, funder });
  }

  #of(index: number): Household {
    const found = this.#households[index % this.#households.length];
    if (found === undefined) throw new Error('Nobody lives there.');
    return found;
  }
}
