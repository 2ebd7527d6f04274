import { randomUUID } from 'node:crypto';
import { openApi } from '../../../server/src/testing/open-api-document.ts';

/** One secret of each kind, as somebody would hand it in. */
export const PLANTED = {
  link: 'pl4nted_Link-abcdefghi',
  ticket: `pl4nted_Ticket-${'t'.repeat(60)}`,
  token: `pl4nted_Token-${'k'.repeat(29)}`,
  password: 'pl4nted-Password-of-mine',
  recovery: 'pl4nt-edrec-overy-c0de1',
  pin: '918273',
  receipt: 'PL4N-TEDR-ECE1-PT00',
  name: '古丽娜尔·买买提',
  idNumber: '652901199001011234',
  customerNo: '650199887766',
  phone: '13899887766',
  openId: 'oPl4ntedOpenIdOfAPayer12345',
  cardCode: 'FA57C0DE5EC2E7',
  privateKey: `-----BEGIN PRIVATE KEY-----\n${'Pl4nted/'.repeat(8)}\n-----END PRIVATE KEY-----\n`,
} as const;

/** A body of everything, under the names that requests of ours have. */
const BODY = {
  ...{ name: PLANTED.name, password: PLANTED.password, current: PLANTED.password, next: PLANTED.password },
  ...{
    pin: PLANTED.pin,
    code: PLANTED.recovery,
    token: PLANTED.token,
    jws: PLANTED.token,
    staff: PLANTED.name,
  },
  ...{
    customerNo: PLANTED.customerNo,
    phone: PLANTED.phone,
    payerId: PLANTED.openId,
    openId: PLANTED.openId,
  },
  ...{ title: PLANTED.name, taxNo: PLANTED.idNumber, reason: PLANTED.idNumber, text: PLANTED.idNumber },
  ...{
    image: PLANTED.cardCode,
    gathered: PLANTED.cardCode,
    pem: PLANTED.privateKey,
    certificate: PLANTED.privateKey,
  },
};

/** Asks every operation that there is, and addresses that there are not, with secrets wherever a request has room for one. */
export async function plantEverywhere(webUrl: string, admin: string): Promise<number> {
  const { paths } = openApi.parse(await (await fetch(`${webUrl}/openapi.json`)).json());
  const spelt = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ path, method: method.toUpperCase() })),
  );
  const strays = [
    '//v1/pay/{token}',
    '/V1/PAY/{token}/',
    '/v1%2freceipts%2f{token}',
    '/p/{t}',
    '/p/r/{t}',
    '/{t}',
  ];
  const all = [...spelt, ...strays.map((path) => ({ path, method: 'GET' }))];
  for (const [at, { path, method }] of all.entries()) {
    const url = `${webUrl}${path.replaceAll(/\{\w+\}/gu, PLANTED.link)}?ticket=${PLANTED.ticket}`;
    const headers = {
      // Every other one is let in: what a handler says is looked through, too.
      authorization: `Bearer ${at % 2 === 0 ? PLANTED.token : admin}`,
      cookie: `__Host-session=${PLANTED.token}; payer=${PLANTED.token}`,
      ...{ dpop: PLANTED.token, 'x-csrf-token': PLANTED.token, 'wechatpay-signature': PLANTED.token },
      ...{ 'content-type': 'application/json', 'idempotency-key': randomUUID(), referer: url },
    };
    const json = at % 3 === 0 ? JSON.stringify(BODY).replace('}', '') : JSON.stringify(BODY);
    const body = method === 'GET' || method === 'HEAD' ? {} : { body: json };
    await (await fetch(url, { method, headers, redirect: 'manual', ...body })).arrayBuffer();
  }
  return all.length;
}

/** What of these a text holds, as it is or as JSON has it; digits count where they stand alone. */
export function heldIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([kind, secret]) => {
    const spelt = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
    const found = /^\d{1,8}$/u.test(secret)
      ? new RegExp(`(?<!\\d)${secret}(?!\\d)`, 'u').test(text)
      : spelt.some((each) => text.includes(each));
    return found ? [kind] : [];
  });
}
