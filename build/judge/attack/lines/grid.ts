import { stopped, through, type Attack } from '../attack.ts';
import { outcomeOf } from '../outcome.ts';
import { instead, never } from '../patch.ts';
import { anyAddress } from '../site.ts';
import { anyDigits, type World } from '../world.ts';
import { Phone } from '../../journey/phone.ts';
import type { Forge } from './grid-line.ts';

const CLIENT = 'server/src/gateways/grid/wire/client.ts';
const FACE_FEN = 5000;
/** On a busy machine whose server has just begun again. */
const PATIENCE_MS = 60_000;

/** The grid is asked about it, or has told. */
const doubted = (status: string): boolean => status === 'unknown' || status === 'sold';

/** An order is paid while somebody is on the line to the grid; gives what the server thinks of its sale, and how many the grid has. */
async function paidWhile(
  world: World,
  forge: (orderNo: string) => Forge,
  settled: (status: string, lies: number) => boolean,
): Promise<{ readonly status: string; readonly sales: number }> {
  const { grid } = await world.lines();
  const { orderNo, codeUrl, meterNo } = await world.paying();
  let lies = 0;
  const statusNow = async (): Promise<string> => (await world.orderIn(orderNo))?.sale?.status ?? 'none';
  const counted: Forge = async (message) => {
    const said = await forge(orderNo)(message);
    if (said !== undefined) lies += 1;
    return said;
  };
  return grid.while(counted, async () => {
    await world.sandbox.pay(codeUrl);
    if (!(await world.comesTrue(() => Promise.resolve(lies > 0), PATIENCE_MS)))
      throw new Error('Nothing was sold.');
    await world.comesTrue(async () => settled(await statusNow(), lies));
    return { status: await statusNow(), sales: (await world.sandbox.sales(meterNo)).length };
  });
}

export const gridAnswers: readonly Attack[] = [
  {
    attack: 'grid-answer-forged',
    name: "Who has the keys of a session, but not the grid's own, answers in its name that it sold, which it did not",
    removes: [
      never(
        'server/src/gateways/grid/wire/envelope.ts',
        "!verifier.verify(Buffer.from(`${text}\\n${envelope.mac}`, 'utf8'), envelope.signature)",
      ),
    ],
    attempt: async (world) => {
      const forge =
        (orderNo: string): Forge =>
        ({ op, request, answer }) => {
          if (op !== 'sell' || request['orderNo'] !== orderNo) return Promise.resolve(undefined);
          const count = Number(request['count']);
          const sale = { saleNo: anyDigits(16), orderNo, count, faceFen: FACE_FEN };
          const data = { ...sale, creditFen: FACE_FEN, arrearsFen: 0, feeFen: 0 };
          return Promise.resolve(answer({ result: 'ok', data }));
        };
      const { status, sales } = await paidWhile(world, forge, doubted);
      return status === 'sold' && sales === 0
        ? through('the order counts as sold, and the grid has no sale')
        : stopped(`the sale is ${status}, and is asked about`);
    },
  },
  {
    attack: 'grid-refusal-forged',
    name: 'Who is on the line lets a sale through and says, in the name of the grid, that it was not worked on',
    removes: [instead(CLIENT, 'verifyRefusal(refusal, grid)', 'true')],
    attempt: async (world) => {
      const forge =
        (orderNo: string): Forge =>
        async ({ op, request, pass, refusal }) => {
          if (op !== 'sell' || request['orderNo'] !== orderNo) return undefined;
          await pass();
          return refusal('wire.malformed');
        };
      // What was believed not to be worked on is sent once more.
      const settled = (now: string, lies: number): boolean => doubted(now) || lies > 1;
      const { status, sales } = await paidWhile(world, forge, settled);
      if (sales === 0) throw new Error('The grid has no sale.');
      return doubted(status)
        ? stopped(`the sale is ${status}; the grid was asked`)
        : through(`the grid has sold, and for the order nothing was sent (${status})`);
    },
  },
  {
    attack: 'grid-answer-replayed',
    name: "Who is on the line plays the grid's answer about one household when it is asked about another",
    removes: [
      never(CLIENT, 'answer?.id !== header.id || answer.nonce !== header.nonce || answer.op !== operation'),
    ],
    attempt: async (world) => {
      const { grid } = await world.lines();
      const [own, victim] = await world.sandbox.households(2, 'SLE4442');
      if (own === undefined || victim === undefined) throw new Error('The sandbox made no households.');
      let recorded: unknown;
      const forge: Forge = async ({ op, request, pass }) => {
        if (op !== 'identifyCustomer') return undefined;
        if (request['customerNo'] === victim.customerNo) return { status: 200, body: recorded };
        if (request['customerNo'] !== own.customerNo) return undefined;
        const { status, json } = await pass();
        recorded = json;
        return { status, body: json };
      };
      const buys = async (customerNo: string): Promise<void> => {
        const phone = await Phone.begin({ webUrl: world.stack.urls.webUrl, address: anyAddress() });
        const binding = await phone.bind(customerNo, (number) => world.sandbox.textedCode(number));
        if (customerNo === victim.customerNo) await phone.order(binding, FACE_FEN);
      };
      return grid.while(forge, async () => {
        await buys(own.customerNo);
        if (recorded === undefined) throw new Error('The grid was not asked about a household.');
        const outcome = await outcomeOf(() => buys(victim.customerNo));
        const orders = await world.count('orders', { meterNo: own.meterNo });
        return orders > 0
          ? through(`${outcome}; the victim's order is for the meter of another`)
          : stopped(`${outcome}; no order`);
      });
    },
  },
];
