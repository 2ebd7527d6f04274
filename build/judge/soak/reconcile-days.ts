import process from 'node:process';
import { parseArgs } from 'node:util';
import { codeOf } from '@bianmin/card/errors';
import { systemClock } from '@bianmin/card/node/system-clock';
import { checkAccounts, type AccountCheck } from '../../../server/src/money/ledger/check.ts';
import { outsideOf } from '../../../server/src/money/reconcile/outside.ts';
import { createBooks } from '../../../server/src/wiring/books.ts';
import { daysBetween } from '../../../server/src/kernel/china-time.ts';
import { loadConfig } from '../../../server/src/config/config.ts';
import type { DifferenceKind } from '../../../server/src/orders/model/case-sink.ts';
import { gridFrom } from '../../../server/src/config/grid.ts';
import { createLogger } from '../../../server/src/adapters/log/log.ts';
import { emptyBill } from '../../../server/src/gateways/payment/bill.ts';
import { channelsFrom } from '../../../server/src/config/channels.ts';
import type { PaymentChannel } from '../../../server/src/gateways/payment/contract.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';

/** What one run of the server's own reconciliation came to. */
export interface ReconciledDays {
  readonly found: readonly {
    readonly kind: DifferenceKind;
    readonly orderNo: string;
    readonly key: string;
  }[];
  /** Each account's turnover beside bills and meters. */
  readonly accounts: readonly AccountCheck[];
}

/**
 * A wallet that is asked so long after a day that a bill which is not there will never be: nothing happened. Its own calls
 * are made at everybody's time, since it refuses others.
 */
function surely(channel: PaymentChannel): PaymentChannel {
  const download = channel.downloadBill.bind(channel);
  return Object.assign(channel, {
    async downloadBill(day: string) {
      try {
        return await download(day);
      } catch (error) {
        if (codeOf(error) !== 'payment.unavailable') throw error;
        return emptyBill(day);
      }
    },
  });
}

/**
 * A process of the server's own parts and configuration that reconciles days as its worker would when they are over: its
 * calendar, and nothing else, is `ahead` ms later than everybody's. Prints one JSON line.
 */
const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '' },
    last: { type: 'string', default: '' },
    ahead: { type: 'string', default: '0' },
    /** What meters were credited in all, fen. */
    meters: { type: 'string', default: '0' },
  },
});
const { first, last } = values;
const config = loadConfig(process.env);
const later = { ...systemClock, now: () => systemClock.now() + Number(values.ahead) };
const log = createLogger({ level: config.LOG_LEVEL, process: 'worker' });
const db = await connectDatabase(config.MONGODB_URI);
try {
  const { grid } = gridFrom(config, systemClock);
  const channels = new Map(
    [...channelsFrom(config, systemClock)].map(([name, channel]) => [name, surely(channel)]),
  );
  const books = await createBooks({ db, clock: later, log, channels, grid });
  const differences = await books.reconciler.run({ first, last, by: 'soak' });
  const days = await books.days.list(first, last);
  const sources = daysBetween(first, last).flatMap(
    (day) => days.find(({ _id }) => _id === day)?.sources ?? [],
  );
  const meters = { [grid.grid]: { creditedFen: Number(values.meters) } };
  const outside = { ...outsideOf(sources), meters };
  // The ledger is written by the worker, a moment after the orders.
  while ((await books.projector.round()) > 0);
  const turnover = await books.ledger.turnover({ from: first, to: last });
  const answer: ReconciledDays = {
    found: differences.map(({ kind, orderNo, key }) => ({ kind, orderNo, key })),
    accounts: checkAccounts(turnover, outside, { atRest: true }),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
} finally {
  await db.close();
}
