import type { Attack } from '../attack.ts';
import { stopped, through } from '../attack.ts';
import { noticeOf } from './notices.ts';
import { instead, type Patch } from '../patch.ts';
import { said } from '../site.ts';
import { anyDigits } from '../world.ts';
import { tell } from './told.ts';

const KNOWN: Patch = instead(
  'server/src/orders/model/moves/payment.ts',
  "order.payments.some((each) => isAbout(each, success)) ? 'known' : 'new'",
  "'new'",
);

export const replayed: readonly Attack[] = [
  {
    attack: 'wallet-replayed',
    name: 'A genuine notification is sent again, so that one payment counts as two and one is given back',
    short: true,
    removes: [KNOWN],
    attempt: async (world) => {
      const order = await world.paying();
      const { balanceFen } = await world.sandbox.meter(order.meterNo);
      const packet = noticeOf(world.wallets, {
        channel: 'wechat',
        about: order,
        transactionId: `42${anyDigits(26)}`,
      });
      await tell(world, 'wechat', packet);
      if (!(await world.isCredited(order.meterNo, balanceFen)))
        throw new Error('The first was not credited.');
      const answer = await tell(world, 'wechat', packet);
      const owes = async (): Promise<boolean> =>
        ((await world.orderIn(order.orderNo))?.refunds.length ?? 0) > 0;
      const owed = await world.comesTrue(owes, 3_000);
      return owed
        ? through(`${said(answer)}; money that never came is given back`)
        : stopped(`${said(answer)}; nothing is given back`);
    },
  },
];
