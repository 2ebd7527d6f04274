import { randomUUID } from 'node:crypto';
import type { Order } from '../orders/model/order.ts';
import type { Terminal } from '../fleet/store/terminals.ts';
import { placeAlerts } from './matrix-alerts.ts';
import {
  CONSENT,
  DISCOUNT,
  FLOAT,
  placeConsent,
  placeDiscount,
  placeFloat,
  placeHouseholdFile,
  TOP_UP,
  placeOrder,
  placeStaffWork,
} from './matrix-orders.ts';
import { placeCommands, placeTerminal, TERMINAL, type MatrixPlace } from './matrix-terminals.ts';
import type { TestWeb } from './web.ts';

/** The key of the announcement that the matrix makes. */
export const ANNOUNCEMENT = '00000000-0000-4000-8000-000000000001';

/** A community with one of everything that belongs to an organisation, in the database of a running web process. */
export interface MatrixWorld {
  readonly community: string;
  readonly orderNo: string;
  readonly terminalId: string;
  /** Of a reading. */
  readonly nonce: string;
  /** A user of the community who looks after its terminals. */
  readonly owner: string;
  /** A route's path with its places filled: by what is in the community where it names such a thing. */
  addressOf(path: string): string;
  /** The order and the terminal as they are stored now. */
  fresh(): Promise<{ order: Order | null; terminal: Terminal | null }>;
}

/** Places everything, in the order in which one thing needs another. */
export async function openMatrixWorld(
  test: TestWeb,
  { community, prefecture }: { community: string; prefecture: string },
): Promise<MatrixWorld> {
  const { access, fleet, services } = test.web;
  const path = ['province', prefecture, community];
  const place: MatrixPlace = { community, prefecture, path, at: new Date() };
  const { at } = place;
  const { emptyOrg } = await placeTerminal(test.web, place);
  const order = await placeOrder(test.web, place);
  const work = await placeStaffWork(test, place, order);
  await placeFloat(test, place);
  await placeDiscount(test, place);
  await placeConsent(test, place);
  await placeHouseholdFile(test, place);
  const commands = await placeCommands(test, place);

  const user = {
    _id: randomUUID(),
    name: 'manu',
    passwordHash: 'x',
    roles: ['keeper'],
    createdAt: at,
    version: 1,
  };
  await access.userStore.putRole({ _id: 'keeper', permissions: ['terminal:command'] });
  await access.userStore.insert({ ...user, status: 'active', scope: community, orgPath: path });
  const alerts = await placeAlerts(test, place);

  const ids: readonly (readonly [start: string, id: string])[] = [
    ['/v1/admin/approvals/', work.approval],
    ['/v1/admin/card-sessions/', work.session],
    ['/v1/admin/cases/', work.caseId],
    ['/v1/admin/floats/', FLOAT],
    ['/v1/admin/discounts/', DISCOUNT],
    ['/v1/admin/consents/', CONSENT],
    ['/v1/admin/complaints/', encodeURIComponent(work.complaint)],
    ['/v1/admin/terminals/', TERMINAL],
    ['/v1/admin/commands/:id/archive', commands.archive],
    ['/v1/admin/commands/', commands.command],
    ['/v1/admin/fleet/batches/', commands.batch],
    ['/v1/admin/fleet/repairs/', `${TERMINAL}-1`],
    ['/v1/admin/users/', user._id],
    ['/v1/admin/orgs/', emptyOrg],
    ['/v1/admin/announcements/', ANNOUNCEMENT],
    ['/v1/admin/alerts/', alerts.alert],
    ['/v1/admin/alert-silences/', alerts.silence],
    ['/v1/admin/alert-destinations/', alerts.destination],
  ];
  const refundNo = order.refunds[0]?.no ?? '';
  return {
    ...{ community, orderNo: order._id, terminalId: TERMINAL, nonce: work.nonce, owner: user._id },
    addressOf(pattern) {
      const id = ids.find(([start]) => pattern.startsWith(start))?.[1] ?? randomUUID();
      return pattern
        .replace(':orderNo', order._id)
        .replace(':refundNo', refundNo)
        .replace(':nonce', work.nonce)
        .replace(':topUp', TOP_UP)
        .replace(':day', '2026-03-01')
        .replace(':id', id)
        .replace(/:\w+/gu, 'a1');
    },
    fresh: async () => ({
      order: await services.store.get(order._id),
      terminal: await fleet.terminals.get(TERMINAL),
    }),
  };
}
