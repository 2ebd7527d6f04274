import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import type { Callers } from './callers.ts';

/** Values of a path's parameter that there really is something under, so that more is tried than "not found". */
export interface Known {
  /** Of the paths whose parameter it is. */
  readonly paths: string;
  readonly parameter: string;
  readonly values: readonly string[];
}

const FACE_FEN = 5000;
const ids = z.array(z.looseObject({ id: z.string() }));

/** Makes a household's orders of a phone and of a terminal, and looks up what the seeded year has. */
export async function knownValues(stack: Pick<Stack, 'urls'>, callers: Callers): Promise<Known[]> {
  const { operator, terminal, phone } = callers;
  const sandbox = new SandboxClient(stack.urls);
  const [mine, theirs] = await sandbox.households(2, 'SLE4442');
  if (mine === undefined || theirs === undefined) throw new Error('The sandbox made no household.');
  const texted = (customerNo: string): Promise<string> => sandbox.textedCode(customerNo);
  const bindingId = await phone.bind(mine.customerNo, texted);
  const bought = await phone.order(bindingId, FACE_FEN);
  const other = await phone.bind(theirs.customerNo, texted);
  const remote = {
    ...{ idempotencyKey: randomUUID(), customerNo: theirs.customerNo, proof: await phone.proof(other) },
    ...{ faceFen: FACE_FEN, entry: 'kiosk' as const },
  };
  const { orderNo } = await terminal.client.createRemoteOrder(remote);

  const ask = <S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> =>
    operator.call({ path: `/v1/admin/${path}` }, schema);
  const [done, odd] = await Promise.all(
    [{ state: 'done' }, { attention: true }].map((search) =>
      operator.call({ path: '/v1/admin/orders/search', method: 'POST', body: search }, orders),
    ),
  );
  const { cases } = await ask('cases', z.object({ cases: ids }));
  const { terminals } = await ask('terminals', z.object({ terminals: ids }));
  const { refunds } = await ask(
    'refunds',
    z.object({ refunds: z.array(z.looseObject({ refundNo: z.string() })) }),
  );
  const numbers = [done, odd].flatMap((found) => found?.orders.slice(0, 4).map((each) => each.orderNo) ?? []);
  const known = (paths: string, parameter: string, values: readonly (string | undefined)[]): Known => ({
    ...{ paths, parameter },
    values: values.filter((value) => value !== undefined),
  });
  const token = bought.pay?.url.split('/').at(-1);
  const list = [
    known('^/v1/terminal/orders/', 'orderNo', [orderNo]),
    known('^/v1/payer/orders/', 'orderNo', [bought.orderNo]),
    known('^/v1/admin/orders/', 'orderNo', [...numbers, bought.orderNo, orderNo]),
    known('^/v1/payer/bindings/', 'bindingId', [bindingId]),
    known('^/v1/pay/', 'token', [token]),
    known(
      '^/v1/admin/cases/',
      'id',
      cases.slice(0, 4).map(({ id }) => id),
    ),
    known(
      '^/v1/admin/terminals/',
      'id',
      terminals.slice(0, 4).map(({ id }) => id),
    ),
    known(
      '^/v1/admin/refunds/',
      'refundNo',
      refunds.slice(0, 4).map(({ refundNo }) => refundNo),
    ),
  ];
  return list.filter(({ values }) => values.length > 0);
}

const orders = z.object({ orders: z.array(z.looseObject({ orderNo: z.string() })) });
