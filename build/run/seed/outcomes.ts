import type { Channel } from '@bianmin/purchase/api/channels';
import {
  compensationDecided,
  compensationRequested,
} from '../../../server/src/orders/model/moves/compensation.ts';
import {
  chosen,
  creditDone,
  creditFailed,
  startCredit,
} from '../../../server/src/orders/model/moves/credit.ts';
import {
  codeGiven,
  paymentAdded,
  paymentsClosed,
  paymentSucceeded,
} from '../../../server/src/orders/model/moves/payment.ts';
import { refundEnded, refundSent } from '../../../server/src/orders/model/moves/refund.ts';
import {
  needsAttention,
  reversed,
  saleRejected,
  saleSold,
  saleUnknown,
} from '../../../server/src/orders/model/moves/sale.ts';
import { meterCredited } from '../../../server/src/orders/model/moves/meter.ts';
import { planReleased, writeClaimed } from '../../../server/src/orders/model/moves/write.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import type { Dice } from '@bianmin/card/testing/dice';
import type { Bytes } from './bytes.ts';
import { SEED_POLICY, type OrderStory } from './order-story.ts';

/** What becomes of an order, out of ten thousand. */
export const OUTCOMES = {
  written: 9378,
  abandoned: 380,
  'sale-rejected': 90,
  'written-later': 60,
  'sale-slow': 40,
  'double-payment': 12,
  'late-payment': 14,
  compensated: 24,
  attention: 2,
} as const;
export type Outcome = keyof typeof OUTCOMES;
/** Those that are over within `STORY_MS`. */
export const QUICK_OUTCOMES = { written: 9480, abandoned: 420, 'sale-rejected': 95, attention: 5 } as const;
/** Longer takes no order of a quick outcome. */
export const STORY_MS = 600_000;

const CHANNELS = { wechat: 55, alipay: 33, bestpay: 12 } as const;
const REFUSALS = ['account-frozen', 'over-limit', 'meter-replaced', 'card-not-registered'] as const;

export interface Chances {
  readonly dice: Dice;
  readonly bytes: Bytes;
  /** Whether a refund may take days: not where the present is nearer than that. */
  readonly slowBanks: boolean;
}

/** Tells an order's story to its end. */
export function tell(story: OrderStory, outcome: Outcome, chances: Chances): void {
  const { dice } = chances;
  const channel = dice.weighted(CHANNELS);
  offer(story, channel, chances);
  if (outcome === 'abandoned') return abandon(story);
  if (outcome === 'late-payment') {
    const no = newest(story.order);
    abandon(story);
    pay(story.wait(20_000 + dice.below(60_000)), no, chances);
    return giveBack(story, chances);
  }
  if (outcome === 'double-payment') offer(story.wait(20_000), dice.weighted(CHANNELS), chances);
  pay(story.wait(lag(dice, 4_000, 45_000)), newest(story.order), chances);
  if (outcome === 'double-payment') {
    pay(story.wait(3_000 + dice.below(20_000)), `${story.order._id}p1`, chances);
  }
  if (outcome === 'sale-rejected') {
    story.wait(lag(dice, 300, 4_000)).then((order, now) => saleRejected(order, dice.pick(REFUSALS), now));
    return giveBack(story, chances);
  }
  if (outcome === 'sale-slow') {
    story
      .wait(10_000)
      .then((order) => saleUnknown(order, order.sale.tries))
      .wait(30_000 + dice.below(600_000));
  }
  sell(story.wait(lag(dice, 250, 3_000)), chances);
  if (story.order.kind === 'remote') {
    // What the meter did not take is given back, all of it: nothing more happens to that order.
    if (!credit(story.wait(300), chances)) return;
  } else write(story.wait(lag(dice, 300, 2_000)), outcome === 'written-later', chances);
  if (outcome === 'double-payment') giveBack(story, chances);
  if (outcome === 'compensated') compensate(story, chances);
  if (outcome === 'attention') {
    story.wait(60_000).then((order) => needsAttention(order, 'grid-disagrees'));
  }
}

function offer(story: OrderStory, channel: Channel, { bytes, dice }: Chances): void {
  story
    .wait(800 + dice.below(2_500))
    .then((order, now) => paymentAdded(order, { channel, now, ttlMs: SEED_POLICY.paymentTtlMs }));
  const code = `https://pay.example/${bytes.hex(8)}`;
  story.wait(120 + dice.below(700)).then((order) => codeGiven(order, newest(order), code));
}

function pay(story: OrderStory, paymentNo: string, { bytes }: Chances): void {
  const transactionId = `42000${bytes.hex(12).replace(/\D/gu, '').padEnd(9, '0')}${story.order._id}`;
  const { paidFen } = story.order;
  story.then((order, now) =>
    paymentSucceeded(
      order,
      { paymentNo, transactionId: `${transactionId}${paymentNo.slice(18)}`, amountFen: paidFen, paidAt: now },
      { now, by: 'channel', slotTaken: false },
    ),
  );
}

function abandon(story: OrderStory): void {
  story.wait(SEED_POLICY.paymentTtlMs).then((order) =>
    paymentsClosed(
      order,
      order.payments.map(({ no }) => no),
      'expired',
    ),
  );
}

function sell(story: OrderStory, { dice }: Chances): void {
  const { _id, count, faceFen } = story.order;
  const arrearsFen = dice.chance(0.03) ? Math.min(faceFen, 100 * (1 + dice.below(30))) : 0;
  const sold = {
    saleNo: `S${_id}`,
    orderNo: _id,
    count,
    faceFen,
    creditFen: faceFen - arrearsFen,
    arrearsFen,
    feeFen: 0,
  };
  story.then((order, now) => saleSold(order, sold, now));
}

function write(story: OrderStory, fails: boolean, { bytes, dice }: Chances): void {
  const { terminalId } = story.order;
  const evidenceDigest = bytes.hex(32);
  const release = (): void => {
    story.then((order, now) =>
      planReleased(order, {
        terminalId,
        until: new Date(now.getTime() + SEED_POLICY.leaseMs),
        evidenceDigest,
        releasedDigest: order.imageDigest,
      }),
    );
  };
  release();
  if (fails) {
    story
      .wait(4_000)
      .then((order, now) =>
        writeClaimed(
          order,
          { lease: order.write.lease ?? 1, result: 'failed', reason: 'card-removed' },
          { now, confirmed: false },
        ),
      )
      .wait(lag(dice, 40_000, 1_200_000));
    release();
  }
  const imageDigest = bytes.hex(32);
  story
    .wait(lag(dice, 2_500, 9_000))
    .then((order, now) =>
      writeClaimed(
        order,
        { lease: order.write.lease ?? 1, result: 'written', imageDigest },
        { now, confirmed: true },
      ),
    );
}

/** Whether the meter took it. */
function credit(story: OrderStory, chances: Chances): boolean {
  const { dice } = chances;
  story.then(startCredit).wait(lag(dice, 1_500, 30_000));
  const { _id, count, sale } = story.order;
  const creditFen = sale.creditFen ?? 0;
  const creditedAt = story.now.toISOString();
  if (dice.chance(0.004)) {
    story.then((order) => creditFailed(order, 'meter-offline'));
    story.wait(15_000).then((order, now) => chosen(order, 'refund', now));
    story.wait(2_000).then(reversed);
    giveBack(story, chances);
    return false;
  }
  story.then((order) =>
    creditDone(order, {
      orderNo: _id,
      count,
      creditFen,
      balanceFen: creditFen + dice.below(4000),
      creditedAt,
    }),
  );
  return true;
}

/** Staff give a part back for a purchase that stands; two of them. */
function compensate(story: OrderStory, chances: Chances): void {
  const { dice, bytes } = chances;
  const request = {
    key: bytes.uuid(),
    fen: 100 * (1 + dice.below(20)),
    note: '停电补偿',
    requestedBy: 'seed-anna',
  };
  if (story.order.kind === 'card') story.wait(lag(dice, 600_000, 21_600_000)).then(meterCredited);
  story.wait(dice.below(2 * 86_400_000)).then((order, now) => compensationRequested(order, request, now));
  const no = story.order.refunds.at(-1)?.no ?? '';
  story.wait(600_000).then((order) => compensationDecided(order, { no, accept: true, by: 'seed-boris' }));
  giveBack(story, chances);
}

/** What is owed goes back: at once for most, in days where a bank takes its time. */
function giveBack(story: OrderStory, { dice, slowBanks }: Chances): void {
  for (const { no } of story.order.refunds.filter(({ status }) => status === 'approved')) {
    story.wait(1_000).then((order, now) => refundSent(order, no, now));
    story.wait(slowBanks && dice.chance(0.15) ? dice.below(86_400_000) : 2_000 + dice.below(60_000));
    story.then((order) => refundEnded(order, no, 'done'));
  }
}

function newest(order: Order): string {
  return order.payments.at(-1)?.no ?? '';
}

/** Most people are quick, some are slow, ms. */
function lag(dice: Dice, least: number, most: number): number {
  const slow = dice.below(1000) / 1000;
  return Math.round(least + (most - least) * slow ** 3);
}
