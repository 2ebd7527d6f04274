import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { instead, never, type Patch } from '../patch.ts';
import { anyAddress, said, type SiteAnswer } from '../site.ts';
import { Phone } from '../../journey/phone.ts';

const LINKS = 'server/src/orders/desk/sealed-links.ts';
/** What keeps a number that can be counted on from being an address. */
const SEALED: readonly Patch[] = [
  {
    file: LINKS,
    find: 'if (!block.subarray(NUMBER_BYTES).equals(Buffer.alloc(BLOCK - NUMBER_BYTES))) continue;',
    replace: `if (!block.subarray(NUMBER_BYTES).equals(Buffer.alloc(BLOCK - NUMBER_BYTES))) {
      if (!OFF) continue;
      return bytes.readBigUInt64BE().toString().padStart(18, '0');
    }`,
  },
];

/** An order's number in the clear, in the form of a link. */
function counted(orderNo: string): string {
  const block = Buffer.alloc(16);
  block.writeBigUInt64BE(BigInt(orderNo));
  return block.toString('base64url');
}

const shown = (answer: SiteAnswer, what: string): Outcome =>
  answer.status < 300 ? through(`${said(answer)}; ${what}`) : stopped(`${said(answer)}; nothing shown`);

export const links: readonly Attack[] = [
  {
    attack: 'pay-link-counted',
    name: "A stranger makes pay links out of orders' numbers, which can be counted on",
    short: true,
    removes: SEALED,
    attempt: async (world) => {
      const { orderNo } = await world.paying();
      return shown(await world.send(`/v1/pay/${counted(orderNo)}`), "a household's order");
    },
  },
  {
    attack: 'receipt-link-counted',
    name: "A stranger makes receipt links out of orders' numbers",
    removes: SEALED,
    attempt: async (world) => {
      const orderNo = await world.paid();
      return shown(await world.send(`/v1/receipts/${counted(orderNo)}`), "a household's receipt");
    },
  },
  {
    attack: 'phone-other-order',
    name: "A phone reads the order of somebody else's",
    short: true,
    removes: [
      instead(
        'server/src/people/residents/payer-orders.ts',
        'order?.terminalId === ownerOf(payerId)',
        'order !== null',
      ),
    ],
    attempt: async (world) => {
      const { orderNo } = await world.paying();
      const webUrl = world.stack.urls.webUrl;
      const thief = await Phone.begin({ webUrl, address: anyAddress() });
      const headers = thief.credentials;
      return shown(await world.send(`/v1/payer/orders/${orderNo}`, { headers }), "another phone's order");
    },
  },
  {
    attack: 'binding-code-guessed',
    name: 'A phone guesses the code that was texted to a household',
    removes: [never('server/src/people/residents/codes.ts', 'code.tries >= maxTries')],
    attempt: async (world) => {
      const household = await world.sandbox.household('SLE4442');
      const { customerNo } = household;
      const thief = await Phone.begin({ webUrl: world.stack.urls.webUrl, address: anyAddress() });
      const bind = (code: string): Promise<SiteAnswer> =>
        world.send('/v1/payer/bindings', {
          method: 'POST',
          headers: thief.credentials,
          body: { customerNo, code },
        });
      const asked = { method: 'POST', headers: thief.credentials, body: { customerNo } };
      const texted = await world.send('/v1/payer/bindings/code', asked);
      if (texted.status >= 300) throw new Error(`No code was texted: ${said(texted)}`);
      const code = await world.sandbox.textedCode(customerNo);
      const wrong = code === '000000' ? '000001' : '000000';
      for (let n = 0; n < 6; n += 1) await bind(wrong);
      return shown(await bind(code), "somebody else's household is bound after six guesses");
    },
  },
];
