import type { Clock } from '@bianmin/card/clock';
import type { GridCredit, GridGateway, GridSale } from '../gateways/grid/contract.ts';
import type { FakeMeter } from './fake-card.ts';
import { refused, unknown } from './fake-grid-answers.ts';

type Credit = Awaited<ReturnType<GridGateway['queryCredit']>>;

/** How a meter takes what comes from afar: at once, after the answer is lost, not now, or never. */
export type FakeMeterLink = 'online' | 'answer-lost' | 'offline' | 'dead';

/** The fake grid's remote credits: the meter's own count decides, as with a card. */
export class FakeCredits {
  readonly #clock: Clock;
  readonly #meter: (meterNo: string) => FakeMeter | undefined;
  readonly #links = new Map<string, FakeMeterLink>();
  readonly #credits = new Map<string, Credit & { sale: GridSale & { meterNo: string } }>();

  /** Credits of orders that a meter took, and of which its answer was lost. */
  readonly #unheard = new Set<string>();

  constructor(clock: Clock, meter: (meterNo: string) => FakeMeter | undefined) {
    this.#clock = clock;
    this.#meter = meter;
  }

  /** From now on; what is pending goes on as soon as it is asked about. */
  link(meterNo: string, link: FakeMeterLink): void {
    this.#links.set(meterNo, link);
  }

  reaches(meterNo: string): boolean {
    return this.#links.get(meterNo) !== 'dead';
  }

  /** Whether a meter that is asked is heard now. */
  answers(meterNo: string): boolean {
    return (this.#links.get(meterNo) ?? 'online') === 'online';
  }

  /** Whether the grid was ever asked to credit this order from afar. */
  asked(orderNo: string): boolean {
    return this.#credits.has(orderNo);
  }

  /** Whether it may still be credited, so that no plan may go out. */
  underWay(orderNo: string): boolean {
    return this.query(orderNo).status === 'pending';
  }

  /** Whether the meter has it, or may come to have it. */
  holds(orderNo: string): boolean {
    return ['pending', 'credited'].includes(this.query(orderNo).status);
  }

  /** Throws where it failed, and where its outcome is not known yet. */
  ask(sale: GridSale & { meterNo: string }): GridCredit {
    if (!this.#credits.has(sale.orderNo)) this.#credits.set(sale.orderNo, { status: 'pending', sale });
    const credit = this.query(sale.orderNo);
    if (credit.status === 'failed') throw refused('other');
    if (credit.status !== 'credited') throw unknown();
    return credit.credit;
  }

  query(orderNo: string): Credit {
    const known = this.#credits.get(orderNo);
    if (known === undefined) return { status: 'not-found' };
    if (known.status !== 'pending') return known;
    const next = this.#send(known.sale);
    this.#credits.set(orderNo, { ...next, sale: known.sale });
    return next;
  }

  #send(sale: GridSale & { meterNo: string }): Credit {
    const meter = this.#meter(sale.meterNo);
    const link = this.#links.get(sale.meterNo) ?? 'online';
    if (meter === undefined) return { status: 'failed', reason: 'meter-unreachable' };
    // Whose answer was lost may have it: nobody says that it failed.
    if (link === 'dead' && !this.#unheard.has(sale.orderNo)) {
      return { status: 'failed', reason: 'meter-unreachable' };
    }
    if (link === 'offline' || link === 'dead') return { status: 'pending' };
    if (meter.count + 1 === sale.count) {
      meter.credit(sale.count, sale.creditFen);
    } else if (meter.count !== sale.count) {
      return { status: 'failed', reason: 'count' };
    }
    if (link === 'answer-lost') {
      this.#unheard.add(sale.orderNo);
      this.#links.set(sale.meterNo, 'online');
      return { status: 'pending' };
    }
    const credit: GridCredit = {
      orderNo: sale.orderNo,
      count: sale.count,
      creditFen: sale.creditFen,
      balanceFen: meter.balanceFen,
      creditedAt: new Date(this.#clock.now()).toISOString(),
    };
    return { status: 'credited', credit };
  }
}
