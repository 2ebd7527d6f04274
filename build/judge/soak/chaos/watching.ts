import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';
import { LoopLag } from '../../../../server/src/testing/loop-lag.ts';
import type { TerminalLine } from '../../bench/terminal-line.ts';
import type { PurchasesInit } from '../grid-purchases.ts';
import type { Town } from '../grid-town.ts';
import { persisting } from '../../bench/persisting.ts';
import { isOverdue, RequestTimes, type LateRequest, type Span } from './deadlines.ts';
import type { ChaosSoakRow } from './row.ts';
import { Selling } from './selling.ts';
import type { Happening } from './trouble-maker.ts';

/** So many of the latest requests are told of. */
const TOLD = 10;

type Measured = Pick<
  ChaosSoakRow,
  'requests' | 'judgeLagMs' | 'maxOverDeadlineMs' | 'overdue' | 'maxBackMs' | 'usualSaleMs'
>;

/** What is measured all evening: how long requests take, and whether anything is sold. */
export class Watching {
  readonly times = new RequestTimes();
  readonly selling = new Selling();
  readonly #lag = new LoopLag();

  /** Every call over it is timed. */
  line(line: TerminalLine): TerminalLine {
    const { times } = this;
    return {
      ...line,
      adapter: (config) =>
        times.timed('terminal', new URL(config.url ?? '').pathname, () => line.adapter(config)),
    };
  }

  /** How phones call, as patient as the pages that they open. */
  phones(): NonNullable<PurchasesInit['phones']> {
    return {
      around: (call) => persisting(() => this.times.timed('phone', 'a call', call)),
      limitMs: CLIENT_LIMITS_MS.terminal,
    };
  }

  follow(town: Town): void {
    town.onMade = ({ orderNo }) => {
      this.selling.made(orderNo);
    };
    town.onSold = (orderNo) => {
      this.selling.sold(orderNo);
    };
  }

  /** `inFront`: when something stood before web. */
  figures(of: {
    readonly happened: readonly Happening[];
    readonly inFront: readonly Span[];
    readonly report: (line: string) => void;
  }): Measured {
    const { happened, inFront, report } = of;
    const late = this.times.late(inFront, this.#lag);
    for (const each of late.slice(0, TOLD)) report(lateSaid(each));
    return {
      requests: this.times.count,
      judgeLagMs: Math.round(this.#lag.longestMs),
      maxOverDeadlineMs: Math.round(late[0]?.overMs ?? 0),
      overdue: late.filter(isOverdue).length,
      maxBackMs: Math.round(Math.max(0, ...happened.map(({ backMs = 0 }) => backMs))),
      usualSaleMs: Math.round(this.selling.usualMs),
    };
  }

  close(): void {
    this.#lag.close();
  }
}

function lateSaid({ asker, what, tookMs, overMs, judgeLateMs }: LateRequest): string {
  const over = `${Math.round(overMs)} over its deadline`;
  return `late: ${what} of ${asker} took ${Math.round(tookMs)} ms, ${over}; the judge stood still for ${Math.round(judgeLateMs)} of them`;
}
