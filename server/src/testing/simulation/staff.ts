import { reportOf } from '../../money/reconcile/case-report.ts';
import { caseIdOf } from '../../cases/case.ts';
import type { Order } from '../../orders/model/order.ts';
import type { Decision } from '@bianmin/purchase/api/order-decisions';
import type { FakeCard } from '../fake-card.ts';
import type { Household } from './household.ts';
import { differencesOf } from './papers.ts';
import { ANNA, BORIS, OFFICE } from './persons.ts';
import type { Life } from './process.ts';
import { TERMINALS } from './terminal.ts';
import type { Town } from './town.ts';

const MINUTE = 60_000;
const ACTIONS = 6;
/** What they would do about an order that waits for them, what is right for most first. */
const DECISIONS: readonly Decision[] = ['treat-as-sold', 'reverse-refund', 'refund-elsewhere', 'resume'];

/** Two persons at their consoles: one asks, the other allows. */
export class Staff {
  readonly #town: Town;
  readonly #households: readonly Household[];
  #keys = 0;

  constructor(town: Town, households: readonly Household[]) {
    this.#town = town;
    this.#households = households;
  }

  /** A day at the office. */
  async work(): Promise<void> {
    const { turns, dice } = this.#town;
    for (let actions = dice.below(ACTIONS); actions > 0; actions -= 1) {
      await turns.sleep(dice.below(15 * MINUTE));
      const orders = this.#town.all();
      if (orders.length === 0) continue;
      const order = dice.pick(orders);
      if (order.state === 'done') await (dice.chance(0.5) ? this.#takeOff(order) : this.#compensate(order));
      if (order.state === 'sold') await this.#reverse(order);
      await this.finish();
    }
  }

  /** Whatever waits for a person now, and what was decided and not carried out. */
  async finish(): Promise<void> {
    await this.#town.ask(({ staff }) => staff.approvals.resume(() => undefined));
    for (const order of this.#town.all()) {
      await this.#decide(order);
      for (const { no, status } of order.refunds) if (status === 'requested') await this.#allow(no);
    }
  }

  /** What only bills tell of goes back. */
  async reconcile(): Promise<void> {
    for (const order of this.#town.all()) {
      for (const difference of differencesOf(this.#town, order)) {
        const report = reportOf(difference, []);
        if (report.kind !== 'CHANNEL_ONLY' && report.kind !== 'STATUS_DIFF') continue;
        this.#askedAfter(order);
        await this.#both(async ({ staff }) => {
          await staff.cases.openOnce(report);
          return staff.found.request({
            caseId: caseIdOf(report),
            text: 'The bill has it.',
            maker: ANNA,
            where: OFFICE,
          });
        });
      }
    }
  }

  /** A bill may be the first to tell of money only where it came once more, or after its code was dead. */
  #askedAfter({ _id, payments }: Order): void {
    const { channels, regardless, violations } = this.#town;
    for (const { no, channel, status } of payments) {
      const trade = channel === 'cash' ? undefined : channels.get(channel)?.trades.get(no);
      if (status === 'succeeded' || regardless.has(no) || trade?.transactions.length !== 1) continue;
      violations.push(`${_id}: ${no} was paid in time, is ${status}, and only a bill tells of it`);
    }
  }

  async #decide(order: Order): Promise<void> {
    const { dice, weather } = this.#town;
    const abnormal = order.refunds.find(({ status }) => status === 'abnormal');
    if (order.attention === null && abnormal === undefined) return;
    if (abnormal !== undefined && !weather.calm && dice.chance(0.3)) {
      await this.#town.ask(({ staff }) => staff.refunds.retry(abnormal.no, ANNA, OFFICE));
      return;
    }
    await this.#both(async ({ staff }) => {
      const { actions } = await staff.decisions.actions(order._id, ANNA);
      const action = DECISIONS.find((each) => actions.some((may) => may.action === each && may.allowed));
      if (action === undefined) return undefined;
      return staff.decisions.request({ orderNo: order._id, action, reason: 'As it is.' }, ANNA, OFFICE);
    });
  }

  async #compensate(order: Order): Promise<void> {
    const { dice } = this.#town;
    this.#keys += 1;
    const body = { key: `key-${this.#keys}`, orderNo: order._id, reason: 'A complaint.' };
    const fen = dice.chance(0.3) ? null : 100 + dice.below(1_000);
    const asked = await this.#town.ask(({ staff }) => staff.refunds.request({ ...body, fen }, ANNA, OFFICE));
    if (asked === undefined) return;
    if (dice.chance(0.8)) await this.#allow(asked.refund.no);
  }

  async #allow(refundNo: string): Promise<void> {
    const { dice } = this.#town;
    const decision = { refundNo, accept: dice.chance(0.8) };
    const decide = () => this.#town.ask(({ staff }) => staff.refunds.decide(decision, BORIS, OFFICE));
    await (dice.chance(0.2) ? Promise.all([decide(), decide()]) : decide());
  }

  /** The card is here, and the household has thought better of it. */
  async #reverse(order: Order): Promise<void> {
    const { dice } = this.#town;
    const household = this.#households.find(({ card }) => card.meterNo === order.meterNo);
    if (household === undefined) return;
    await this.#askToReverse(order, dice.pick(TERMINALS).terminalId, household.card);
  }

  #askToReverse(order: Order, terminalId: string, card: FakeCard): Promise<void> {
    return this.#both(async ({ staff }) => {
      const { _id: nonce } = await staff.readings.request({ orderNo: order._id, terminalId }, ANNA, OFFICE);
      await staff.readings.take(nonce, terminalId, card.read());
      return staff.reversals.request(
        { orderNo: order._id, nonce, reason: 'They changed their mind.' },
        ANNA,
        OFFICE,
      );
    });
  }

  /** It is on the card, which is here: two persons have it taken off again, cut off anywhere in between. */
  async #takeOff(order: Order): Promise<void> {
    const { dice, weather, turns } = this.#town;
    const household = this.#households.find(({ card }) => card.meterNo === order.meterNo);
    await household?.lends(async (terminal) => {
      const { card } = household;
      await this.#askToReverse(order, terminal.terminalId, card);
      const sealed = await this.#town.ask(async ({ services }) =>
        services.undos.release(await services.mover.again(order), terminal, card.read()),
      );
      // A copy that brought it to the meter unseen is a fraud of the household's, and not judged here.
      if (sealed === undefined || this.#town.meterOf(card).count >= order.count) return;
      const whole = weather.calm || !dice.chance(0.3);
      card.write(terminal.open(sealed), whole ? undefined : dice.below(13));
      const result = whole ? ('written' as const) : ('failed' as const);
      const claim = { lease: sealed.lease, result, imageDigest: card.digest() };
      const tell = () =>
        this.#town.ask(async ({ services }) =>
          services.writes.claim(await services.mover.again(order), terminal.terminalId, claim),
        );
      // A terminal's journal may come to it much later, and says it again.
      if (dice.chance(0.3))
        turns.begin(() => turns.sleep(dice.below(30 * MINUTE)).then(async () => void (await tell())));
      else await tell();
    });
  }

  /** One asks, the other allows, perhaps at another web process. */
  async #both(ask: (web: Life) => Promise<{ readonly _id: string } | undefined>): Promise<void> {
    const asked = await this.#town.ask(ask);
    if (asked === undefined) return;
    const id = asked._id;
    await this.#town.ask(({ staff }) =>
      staff.approvals.decide({ id, checker: BORIS, accept: true, where: OFFICE }),
    );
  }
}
