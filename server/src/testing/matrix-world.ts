import { randomUUID } from 'node:crypto';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { opened } from '../insight/alerts/board.ts';
import { openAlertStores } from '../wiring/alerts.ts';
import { caseIdOf } from '../cases/case.ts';
import { dataKeyOf } from '../config/config.ts';
import type { Order } from '../orders/model/order.ts';
import type { Replacement } from '../people/staff/replacement.ts';
import { ReplacementStore } from '../people/staff/replacements-store.ts';
import { CommandBatchStore } from '../fleet/store/command-batches.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { TerminalCommandStore } from '../fleet/store/terminal-commands.ts';
import type { Terminal } from '../fleet/store/terminals.ts';
import { fakeTerminal } from './order-world.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';
import { HERE, staffMember } from './staff-world.ts';
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
  /** A route's path with its places filled: by what is in the community where it names such a thing. */
  addressOf(path: string): string;
  /** The order and the terminal as they are stored now. */
  fresh(): Promise<{ order: Order | null; terminal: Terminal | null }>;
}

export async function openMatrixWorld(
  { web, t, config }: TestWeb,
  where: { community: string; prefecture: string },
): Promise<MatrixWorld> {
  const { access, fleet, services, staff, remoteCards } = web;
  const { community, prefecture } = where;
  const names = { 'zh-CN': '社区', en: 'Community' };
  const path = ['province', prefecture, community];
  const org = { _id: community, kind: 'community', names, parent: prefecture, path, version: 1 } as const;
  const empty = { ...org, _id: 'c00000000000000a2', path: ['province', prefecture, 'c00000000000000a2'] };
  await access.orgs.insert(org);
  await access.orgs.insert(empty);

  const terminalId = `t${'7'.repeat(30)}`;
  const { sealKey } = await fakeTerminal(terminalId);
  const at = new Date();
  const known = { signKey: sealKey, sealKey, kind: 'kiosk', name: 'k', version: '1' } as const;
  await fleet.terminals.enrol({ _id: terminalId, ...known, enrolledAt: at });
  await fleet.terminals.decide({ id: terminalId, from: ['pending'], to: 'accepted', by: 'test', at });
  await fleet.terminals.place(terminalId, org);
  // As the worker would have carried over what the terminal said.
  const said = { version: '1.0.0', readers: [], kind: 'kiosk' as const, orgPath: path };
  await fleet.health.keep([{ _id: terminalId, ...said, seenAt: at }]);

  const order = sampleOrder({
    ...{ terminalId, orgPath: path, attention: 'payment-mismatch', state: 'attention', dueAt: null },
    payments: [
      samplePayment({ status: 'succeeded', transactionId: 'tx-of-the-matrix', paidAt: at, funds: true }),
    ],
    refunds: [
      {
        ...{ no: '260301100000000001p1s1', paymentNo: '260301100000000001p1', fen: 100, at },
        ...{ status: 'requested', reason: 'compensation', requestedBy: 'somebody' },
      },
    ],
  });
  await services.store.insert(order);
  const report = { kind: 'stuck', orderNo: order._id } as const;
  await staff.cases.open({ ...report, orgPath: path, facts: {} });
  const somebody = staffMember('somebody');
  const reading = await staff.readings.request({ orderNo: order._id, terminalId }, somebody, HERE);
  const { _id: approval } = await access.approvals.request({
    ...{ kind: 'order.decide', orgPath: path, maker: somebody, where: HERE },
    content: { orderNo: order._id, action: 'resume', reason: 'a test' },
  });
  const asker = { kind: 'staff', id: 'somebody', name: 'somebody' } as const;
  const asked = { terminalId, kind: 'inspect', reason: 'a test', minutes: 30 } as const;
  const session = await remoteCards.sessions.open(asked, asker, WHOLE_PROVINCE);
  const replacement: Replacement = {
    ...{ _id: '260301100000000777', version: 1, status: 'requested' as const, terminalId, orgPath: path },
    ...{ customerNo: '1', masked: order.masked, meterNo: order.meterNo, reason: 'a test' },
    ...{ requestedBy: { id: 'somebody', name: 'somebody' }, createdAt: at, updatedAt: at, expiresAt: at },
  };
  const seal = new NumberSeal(dataKeyOf(config));
  await new ReplacementStore(t.db, seal).insert(replacement);

  // As the worker would have made it.
  const told = { kind: 'reload-content', reason: 'a test', issuedBy: 'somebody', issuedAt: at } as const;
  const expiresAt = new Date(at.getTime() + 3_600_000);
  const batch = randomUUID();
  await new CommandBatchStore(t.db).insert({
    ...{ _id: batch, ...told, expiresAt, target: { org: community }, orgPath: path },
    ...{ state: 'made', cursor: terminalId, terminals: 1 },
  });
  const command = `${batch}.${terminalId}`;
  await new TerminalCommandStore(t.db).insert({
    ...{ _id: command, terminalId, batch, ...told, expiresAt, state: 'queued' },
  });

  const user = { _id: randomUUID(), name: 'manu', passwordHash: 'x', roles: [], createdAt: at, version: 1 };
  await access.userStore.insert({ ...user, status: 'active', scope: community, orgPath: path });

  const alerts = await openAlertStores({ db: t.db, config });
  const alert = opened(
    { rule: 'order.attention', subject: prefecture, orgPath: path, since: at, count: 1 },
    at,
  );
  await alerts.alerts.insert(alert);
  const inPrefecture = path.slice(0, 2);
  const [silence, destination] = [randomUUID(), randomUUID()];
  await alerts.silences.insert({
    ...{ _id: silence, rule: '*', subject: '*', reason: 'a test', orgPath: inPrefecture, from: at },
    ...{ by: { id: 'somebody', name: 'somebody' }, to: new Date(at.getTime() + 3_600_000) },
  });
  const target = { kind: 'wecom', url: 'https://127.0.0.1:1/send?key=a' } as const;
  await alerts.destinations.insert({
    ...{
      _id: destination,
      name: '值班群',
      orgPath: inPrefecture,
      kind: 'wecom',
      host: '127.0.0.1:1',
      step: 0,
    },
    ...{ severity: 'warning', enabled: true, sealed: alerts.destinations.sealed(destination, target) },
    ...{ failing: null, lastSentAt: null, version: 1 },
  });

  const ids: readonly (readonly [start: string, id: string])[] = [
    ['/v1/admin/approvals/', approval],
    ['/v1/admin/card-sessions/', session._id],
    ['/v1/admin/cases/', caseIdOf(report)],
    ['/v1/admin/terminals/', terminalId],
    ['/v1/admin/commands/', command],
    ['/v1/admin/fleet/batches/', batch],
    ['/v1/admin/users/', user._id],
    ['/v1/admin/orgs/', empty._id],
    ['/v1/admin/announcements/', ANNOUNCEMENT],
    ['/v1/admin/alerts/', alert._id],
    ['/v1/admin/alert-silences/', silence],
    ['/v1/admin/alert-destinations/', destination],
  ];
  const refundNo = order.refunds[0]?.no ?? '';
  return {
    ...{ community, orderNo: order._id, terminalId, nonce: reading._id },
    addressOf(pattern) {
      const id = ids.find(([start]) => pattern.startsWith(start))?.[1] ?? randomUUID();
      return pattern
        .replace(':orderNo', order._id)
        .replace(':refundNo', refundNo)
        .replace(':nonce', reading._id)
        .replace(':day', '2026-03-01')
        .replace(':id', id)
        .replace(/:\w+/gu, 'a1');
    },
    fresh: async () => ({
      order: await services.store.get(order._id),
      terminal: await fleet.terminals.get(terminalId),
    }),
  };
}
