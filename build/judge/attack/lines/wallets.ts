import { CHANNELS, type Channel } from '@bianmin/purchase/api/channels';
import { PATHS as BESTPAY } from '../../../../server/sandbox/wallet/bestpay/constants.ts';
import type { ApiFault } from '../../../../server/sandbox/wallet/faults-request.ts';
import type { Incoming } from '../../../../server/sandbox/wallet/http.ts';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { instead, never, type Patch } from '../patch.ts';
import { said } from '../site.ts';
import { falseBook } from '../wallets/books.ts';
import { SIGNATURE } from '../wallets/forged.ts';
import type { World } from '../world.ts';

const GATEWAYS = 'server/src/gateways/payment';
/** On a busy machine whose server has just begun again. */
const PATIENCE_MS = 60_000;
/** Long enough for an answer that was believed to be stored. */
const SOON_MS = 1_000;

/** What proves whose an answer is. */
const ANSWER: Readonly<Record<Channel, Patch>> = {
  // Its library verifies, in the first of its steps that make something of an answer.
  wechat: {
    file: `${GATEWAYS}/wechat/client.ts`,
    find: 'defaults.transformResponse = [bounded, ...[defaults.transformResponse ?? []].flat()];',
    replace: `const steps = [defaults.transformResponse ?? []].flat();
    defaults.transformResponse = [
      bounded,
      function (data, ...rest) {
        return OFF ? JSON.parse(data) : steps.reduce((so, step) => step.call(this, so, ...rest), data);
      },
    ];`,
  },
  alipay: instead(
    `${GATEWAYS}/alipay/answer.ts`,
    'signature !== undefined && isSigned(trust, number, content, signature)',
    'true',
  ),
  bestpay: SIGNATURE.bestpay,
};

/** What says that it is about the payment that was asked about. */
const NUMBER: Readonly<Record<Channel, Patch>> = {
  wechat: instead(`${GATEWAYS}/wechat/channel.ts`, 'trade.out_trade_no === paymentNo', 'true'),
  alipay: never(`${GATEWAYS}/alipay/channel.ts`, 'trade.out_trade_no !== paymentNo'),
  bestpay: never(`${GATEWAYS}/bestpay/channel.ts`, 'trade.paymentNo !== paymentNo'),
};

/** Whether it asks what became of a payment. */
const ASKS: Readonly<Record<Channel, (asked: Incoming, text: string) => boolean>> = {
  wechat: ({ method }) => method === 'GET',
  alipay: (_, text) => text.includes('alipay.trade.query'),
  bestpay: (_, text) => text.includes(BESTPAY.query),
};

/** An order is given up unpaid, and what its wallet is then asked is answered as if it had been paid. */
async function paidByWord(world: World, channel: Channel, fault: ApiFault): Promise<Outcome> {
  const { wallets } = await world.lines();
  const { orderNo, phone, paymentNo, amountFen } = await world.paying(channel);
  const { book } = falseBook(world.wallets, { channel, about: { paymentNo, amountFen }, at: Date.now() });
  book.faults.set({ api: [{ on: 'query', kind: fault, times: 10_000 }] });
  let lies = 0;
  const isPaid = async (): Promise<boolean> =>
    (await world.orderIn(orderNo))?.payments.some(({ status }) => status === 'succeeded') === true;
  return wallets.while(
    async (asked, _, response) => {
      const text = decodeURIComponent(asked.target + asked.body);
      if (!text.includes(paymentNo) || !ASKS[channel](asked, text)) return undefined;
      lies += 1;
      await book.dialect.answer(book, asked, response);
      return 'answered';
    },
    async () => {
      const cancel = { method: 'POST', headers: phone.credentials };
      const answer = await world.send(`/v1/payer/orders/${orderNo}/cancel`, cancel);
      // Who does not believe an answer asks once more.
      const isSettled = async (): Promise<boolean> => lies > 1 || (await isPaid());
      if (!(await world.comesTrue(isSettled, PATIENCE_MS)))
        throw new Error(`The wallet was not asked: ${said(answer)}`);
      return (await world.comesTrue(isPaid, SOON_MS))
        ? through('an order that nobody paid counts as paid')
        : stopped(`${lies} answers, and the order does not count as paid`);
    },
  );
}

export const walletAnswers: readonly Attack[] = CHANNELS.flatMap((channel): Attack[] => [
  {
    attack: `${channel}-answer-forged`,
    name: `Who is on the line to ${channel} answers that an order was paid, with a signature of nobody's`,
    removes: [ANSWER[channel]],
    attempt: (world) => paidByWord(world, channel, 'bad-signature'),
  },
  {
    attack: `${channel}-answer-other`,
    name: `Who is on the line gives what ${channel} truly says of another payment, which was made`,
    removes: [NUMBER[channel]],
    attempt: (world) => paidByWord(world, channel, 'other-payment'),
  },
]);
