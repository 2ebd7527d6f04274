import { randomUUID } from 'node:crypto';
import type { Enrolled } from '../../bench/enrolled.ts';
import { outcomeOf } from '../outcome.ts';
import { stopped, through, type Attack } from '../attack.ts';
import { never, type Patch } from '../patch.ts';
import type { World } from '../world.ts';
import { readCard, type CardThatWasRead } from './cards.ts';

const DESK = 'server/src/orders/desk';
const FACE_FEN = 5000;

/** A card's purchase that was paid and sold, and the terminal that it was bought at. */
interface Sold {
  readonly orderNo: string;
  readonly card: CardThatWasRead;
  readonly seller: Enrolled;
}

async function sold(world: World): Promise<Sold> {
  const [seller, card] = await Promise.all([world.terminal(), readCard(world)]);
  const { client } = seller;
  const { cardSession } = await client.identify({ image: card.image, entry: 'kiosk' });
  const order = { idempotencyKey: randomUUID(), cardSession, faceFen: FACE_FEN, entry: 'kiosk' } as const;
  const { orderNo } = await client.createOrder(order);
  const { payment } = await client.createPayment(orderNo, { channel: 'wechat' });
  await world.sandbox.pay(payment?.codeUrl ?? '');
  const isSold = await world.comesTrue(async () => (await client.order(orderNo)).state === 'sold');
  if (!isSold) throw new Error(`Order ${orderNo} was not sold.`);
  return { orderNo, card, seller };
}

/** Another terminal, with the card in its reader. */
async function other(world: World, { card }: Sold): Promise<Enrolled> {
  const terminal = await world.terminal();
  await terminal.client.identify({ image: card.image, entry: 'kiosk' });
  return terminal;
}

const LEASED: Patch = never(`${DESK}/write-lease.ts`, 'plan.terminalId !== terminalId');

export const plans: readonly Attack[] = [
  {
    attack: 'plan-twice',
    name: 'Two terminals have the plan of one sale at once, to put it on a card and on its copy',
    short: true,
    removes: [LEASED],
    attempt: async (world) => {
      const sale = await sold(world);
      await sale.seller.client.release(sale.orderNo, { image: sale.card.image });
      const { client } = await other(world, sale);
      const said = await outcomeOf(() => client.release(sale.orderNo, { image: sale.card.image }));
      return said === 'done'
        ? through('a second terminal has the plan')
        : stopped(`${said}; one terminal has it`);
    },
  },
  {
    attack: 'plan-overheard',
    name: 'Who reads what goes to a terminal looks for the plan of a card',
    removes: [
      {
        file: `${DESK}/seal-plan.ts`,
        find: 'return sealText(JSON.stringify(asReleased(plan, { lastTry, afterSilence })), to.sealKey);',
        replace:
          "const clear = JSON.stringify(asReleased(plan, { lastTry, afterSilence }));\n  return OFF ? Buffer.from(clear).toString('base64url') : sealText(clear, to.sealKey);",
      },
    ],
    attempt: async (world) => {
      const { orderNo, card, seller } = await sold(world);
      const { sealed } = await seller.client.release(orderNo, { image: card.image });
      const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
      const isOpen = parts.some((part) => part.includes(orderNo));
      return isOpen ? through('the plan is there to read') : stopped('nothing of it can be read');
    },
  },
  {
    attack: 'claim-of-other',
    name: 'A terminal says that it wrote a card whose plan another holds',
    removes: [
      {
        file: `${DESK}/write-lease.ts`,
        find: "return write.status === 'released' && write.lease === lease && write.terminalId === terminalId;",
        replace:
          "return write.status === 'released' && write.lease === lease && (OFF || write.terminalId === terminalId);",
      },
    ],
    attempt: async (world) => {
      const sale = await sold(world);
      const { orderNo, card } = sale;
      const { lease } = await sale.seller.client.release(orderNo, { image: card.image });
      const { client } = await other(world, sale);
      const claim = { lease, result: 'written', imageDigest: 'a'.repeat(64) } as const;
      const said = await outcomeOf(() => client.claim(orderNo, claim));
      const status = (await world.orderIn(orderNo))?.write?.status ?? 'none';
      return status === 'written'
        ? through(`${said}; the order counts as written`)
        : stopped(`${said}; its write is ${status}`);
    },
  },
];
