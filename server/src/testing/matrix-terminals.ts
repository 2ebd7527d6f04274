import { randomUUID } from 'node:crypto';
import type { TerminalSupport } from '@bianmin/purchase/api/support';
import { CommandBatchStore } from '../fleet/store/command-batches.ts';
import { TerminalCommandStore } from '../fleet/store/terminal-commands.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { fakeTerminal } from './order-world.ts';
import type { TestWeb } from './web.ts';

/** The community's terminal. */
export const TERMINAL = `t${'7'.repeat(30)}`;

/** Where the things of the matrix are, and since when. */
export interface MatrixPlace {
  readonly community: string;
  readonly prefecture: string;
  /** From the province to the community. */
  readonly path: string[];
  readonly at: Date;
}

/** The community with its terminal, and another community with nothing in it. */
export async function placeTerminal(
  { access, fleet }: TestWeb['web'],
  { community, prefecture, path, at }: MatrixPlace,
): Promise<{ emptyOrg: string }> {
  const names = { 'zh-CN': '社区', en: 'Community' };
  const org = { _id: community, kind: 'community', names, parent: prefecture, path, version: 1 } as const;
  const empty = { ...org, _id: 'c00000000000000a2', path: ['province', prefecture, 'c00000000000000a2'] };
  await access.orgs.insert(org);
  await access.orgs.insert(empty);

  const { sealKey } = await fakeTerminal(TERMINAL);
  const known = { signKey: sealKey, sealKey, kind: 'kiosk', name: 'k', version: '1' } as const;
  await fleet.terminals.enrol({ _id: TERMINAL, ...known, enrolledAt: at });
  await fleet.terminals.decide({ id: TERMINAL, from: ['pending'], to: 'accepted', by: 'test', at });
  await fleet.terminals.place(TERMINAL, org);
  // As the worker would have carried over what the terminal said.
  const said = { version: '1.0.0', readers: [], kind: 'kiosk' as const, orgPath: path };
  await fleet.health.keep([{ _id: TERMINAL, ...said, seenAt: at }]);
  const by = { id: 'u', name: 'u' };
  await fleet.repairs.report({ terminalId: TERMINAL, fault: 'reader', text: 'a test' }, by, WHOLE_PROVINCE);
  return { emptyOrg: empty._id };
}

/** A command to all terminals of the community, its batch, and one whose archive came. */
export async function placeCommands(
  { t }: TestWeb,
  { community, path, at }: MatrixPlace,
): Promise<{ batch: string; command: string; archive: string }> {
  // As the worker would have made it.
  const told = { kind: 'reload-content', reason: 'a test', issuedBy: 'somebody', issuedAt: at } as const;
  const expiresAt = new Date(at.getTime() + 3_600_000);
  const batch = randomUUID();
  await new CommandBatchStore(t.db).insert({
    ...{ _id: batch, ...told, expiresAt, target: { org: community }, orgPath: path },
    ...{ state: 'made', cursor: TERMINAL, terminals: 1 },
  });
  const command = `${batch}.${TERMINAL}`;
  const commands = new TerminalCommandStore(t.db);
  await commands.insert({
    ...{ _id: command, terminalId: TERMINAL, batch, ...told, expiresAt, state: 'queued' },
  });
  const archive = randomUUID();
  const support: TerminalSupport = {
    ...{ kind: 'kiosk', at: at.toISOString(), version: '1.0.0', machine: null, system: null, settings: [] },
    ...{ readers: null, journal: null, lines: [], log: [] },
  };
  await commands.insert({
    ...{ _id: archive, terminalId: TERMINAL, ...told, kind: 'support-archive', expiresAt },
    ...{ state: 'done', answeredAt: at, support },
  });
  return { batch, command, archive };
}
