import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { stopped, through, type Attack } from '../attack.ts';
import { instead, type Patch } from '../patch.ts';
import { anyDigits, type World } from '../world.ts';

/** Digests that everybody can make, in place of those that take a key. */
const UNKEYED: Patch = instead(
  'server/src/kernel/keyed-digest.ts',
  "createHmac('sha256', key)",
  "createHmac('sha256', '')",
);

/** As the thief makes them. */
const digestOf = (text: string, encoding: 'hex' | 'base64url'): string =>
  createHmac('sha256', '').update(text).digest(encoding);

/** A phone begins to pay an order within WeChat, which says who its payer is; gives the order's number. */
async function payingInWallet(world: World, openid: string): Promise<string> {
  const { orderNo, page } = await world.paying('wechat');
  const api = `/v1/pay/${page.slice(page.lastIndexOf('/') + 1)}`;
  const { json } = await world.send(`${api}/consent?channel=wechat`);
  const headers = { cookie: `wechat_payer=${openid}` };
  const consent = await fetch((json as { url: string }).url, { headers, redirect: 'manual' });
  const back = new URL(consent.headers.get('location') ?? '');
  const body = { channel: 'wechat', product: 'in-wallet', authCode: back.searchParams.get('code') };
  const answer = await world.send(`${api}/payments`, { method: 'POST', body });
  if (answer.status >= 300) throw new Error(`The phone cannot pay: ${answer.status} ${answer.text}`);
  return orderNo;
}

export const digests: readonly Attack[] = [
  {
    attack: 'dump-code-tried-out',
    name: 'A thief of the database tries all six-digit codes against the digest of one',
    removes: [UNKEYED],
    attempt: async (world) => {
      const { phone, customerNo } = await world.paying();
      // The code of the binding is used up: another, for a kiosk.
      const list = await world.send('/v1/payer/bindings', { headers: phone.credentials });
      const { bindings } = list.json as { bindings: { id: string }[] };
      await phone.proof(bindings[0]?.id ?? '');
      const codes = world.db.collection<{ _id: string; mac: string; expiresAt: Date }>('oneTimeCodes');
      const stolen = await codes.find().sort({ expiresAt: -1 }).limit(1).next();
      if (stolen === null) throw new Error(`There is no code of ${customerNo}.`);
      for (let n = 0; n < 1_000_000; n += 1) {
        const code = String(n).padStart(6, '0');
        if (digestOf(`${stolen._id}\n${code}`, 'hex') === stolen.mac) {
          return through(`found after ${n + 1} digests`);
        }
      }
      return stopped('none of a million fits without the key');
    },
  },
  {
    attack: 'dump-payer-tried-out',
    name: 'A thief of the database has a list of numbers of payers at WeChat, and looks for who paid an order',
    removes: [UNKEYED],
    attempt: async (world) => {
      const known = Array.from({ length: 1_000 }, () => `o${anyDigits(27)}`);
      const orderNo = await payingInWallet(world, known[777] ?? '');
      const { payments = [] } = (await world.orderIn(orderNo)) ?? {};
      const kept = payments.find(({ payer }) => payer !== undefined)?.payer;
      if (kept === undefined) throw new Error('The order keeps nothing of its payer.');
      const isTheirs = (payer: string): boolean =>
        kept.includes(payer) ||
        kept.endsWith(digestOf(`${orderNo}\nwechat\n${payer}`, 'base64url').slice(0, 16));
      return known.some(isTheirs)
        ? through('one of a thousand payers is found')
        : stopped('none of a thousand fits without the key');
    },
  },
  {
    attack: 'dump-household-tried-out',
    name: 'A thief of the database tries the numbers of a region against the digest of a household with a discount',
    removes: [UNKEYED],
    attempt: async (world) => {
      const [household] = await world.sandbox.households(1, 'SLE4442');
      if (household === undefined) throw new Error('The sandbox made no household.');
      const { customerNo } = household;
      const households = [{ customerNo, community: '650100', tags: ['elderly'] }];
      const body = { households, reason: 'of an attack' };
      await world.admin.call({ path: '/v1/admin/discounts/households', method: 'POST', body }, z.unknown());
      const approvals = world.db.collection<{ content: { households: { key: string; customer: string }[] } }>(
        'approvals',
      );
      const filter = {
        kind: 'discount.households',
        'content.households.customer': `****${customerNo.slice(-4)}`,
      };
      const [stolen] = (await approvals.findOne(filter))?.content.households ?? [];
      if (stolen === undefined) throw new Error('Nothing is kept of the household.');
      // Its last digits stand there; the first are the region's.
      for (let n = 0; n < 10_000; n += 1) {
        const guess = `${customerNo.slice(0, -8)}${String(n).padStart(4, '0')}${stolen.customer.slice(-4)}`;
        if (digestOf(`household:collection-v1:${guess}`, 'base64url') === stolen.key) {
          return through(`found after ${n + 1} digests`);
        }
      }
      return stopped('none of ten thousand fits without the key');
    },
  },
];
