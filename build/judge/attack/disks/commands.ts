import { randomUUID } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import { commandPayload } from '@bianmin/purchase/api/command';
import { heartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Enrolled } from '../../bench/enrolled.ts';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { instead, never } from '../patch.ts';
import type { World } from '../world.ts';

/** What the database has is signed as it is handed out. */
const SIGNED_AS_FOUND = instead(
  'server/src/fleet/terminals/commands.ts',
  'signer.signedFormOf(command)',
  'signer.sign(command)',
);
/** A batch is made of what the database has. */
const MADE_AS_FOUND = never('server/src/fleet/terminals/command-keeper.ts', '!signer.hasSigned(batch)');

/** As `enrolTerminal` says of itself; no terminal of the stack's own has it. */
const VERSION = '0';
const WANTED = 'block';
const REASON = 'an attack';
const anyId = z.object({ id: z.string() });

type Stored = Record<string, unknown> & { readonly _id: string };
const commandsIn = (world: World) => world.db.collection<Stored>('terminal_commands');
const batchesIn = (world: World) => world.db.collection<Stored>('command_batches');

/** What somebody who writes to the database puts there. */
function put(more: Record<string, unknown>): Stored {
  const now = Date.now();
  return {
    ...{ _id: randomUUID(), kind: WANTED, reason: REASON, issuedBy: randomUUID() },
    ...{ issuedAt: new Date(now - 1000), expiresAt: new Date(now + 600_000), ...more },
  };
}

/** One of the staff gives a command that does no harm; the terminal hears of it with its next beat. */
async function give(world: World, path: string, more: object = {}): Promise<string> {
  const body = { key: randomUUID(), kind: 'reload-content', reason: REASON, ...more };
  return (await world.admin.call({ path, method: 'POST', body }, anyId)).id;
}

/** What the terminal is told with its beat, under the key that it trusts. */
async function told({ client, identity }: Enrolled): Promise<string[]> {
  const facts = { kind: 'kiosk', name: 'told', version: VERSION } as const;
  const { commandKey } = await client.enrol((at) => identity.signEnrolment(facts, at));
  if (commandKey === undefined) throw new Error('The server names no key of commands.');
  const key = await importJWK(commandKey, 'ES256');
  const beat = { version: VERSION, readers: [] };
  const { commands = [] } = await client.post('/v1/terminal/heartbeat', heartbeatAnswer, beat);
  const opened = commands.map(async (jws) => {
    const { payload } = await compactVerify(jws, key);
    return commandPayload.parse(JSON.parse(new TextDecoder().decode(payload))).kind;
  });
  return Promise.all(opened);
}

/** A terminal hears what waits for it, after somebody has written to the database. */
function writing(init: {
  readonly attack: string;
  readonly name: string;
  readonly short?: true;
  readonly removes: Attack['removes'] & object;
  readonly write: (world: World, terminalId: string) => Promise<void>;
}): Attack {
  const { write, ...attack } = init;
  return {
    ...attack,
    attempt: async (world): Promise<Outcome> => {
      const terminal = await world.terminal();
      const refusals = () => world.count('audit', { action: 'command.refuse' });
      const before = await refusals();
      await write(world, terminal.identity.terminalId);
      const kinds = await told(terminal);
      if (kinds.includes(WANTED)) return through(`it is told, signed: ${kinds.join(', ')}`);
      const refused = (await refusals()) - before;
      return stopped(`it is told ${kinds.join(', ') || 'nothing'}; refused in the trail: ${refused}`);
    },
  };
}

/** Until the worker is done with a batch. */
async function made(world: World, _id: string): Promise<void> {
  const isDone = async (): Promise<boolean> =>
    (await batchesIn(world).countDocuments({ _id, state: 'making' })) === 0;
  if (!(await world.comesTrue(isDone))) throw new Error('The worker leaves the batch.');
}

export const commands: readonly Attack[] = [
  writing({
    attack: 'command-added',
    name: 'Who can write to the database adds a command to a terminal',
    short: true,
    removes: [SIGNED_AS_FOUND],
    write: async (world, terminalId) => {
      await commandsIn(world).insertOne(put({ terminalId, state: 'queued' }));
      await give(world, `/v1/admin/terminals/${terminalId}/commands`);
    },
  }),
  writing({
    attack: 'command-changed',
    name: 'Who can write to the database changes a command that somebody gave',
    removes: [SIGNED_AS_FOUND],
    write: async (world, terminalId) => {
      const _id = await give(world, `/v1/admin/terminals/${terminalId}/commands`);
      await commandsIn(world).updateOne({ _id }, { $set: { kind: WANTED } });
    },
  }),
  writing({
    attack: 'command-batch-added',
    name: 'Who can write to the database adds a command to many terminals',
    removes: [MADE_AS_FOUND],
    write: async (world) => {
      const target = { org: PROVINCE, version: VERSION };
      const batch = put({ target, orgPath: [PROVINCE], state: 'making', cursor: '', terminals: 0 });
      await batchesIn(world).insertOne(batch);
      await made(world, batch._id);
    },
  }),
  writing({
    attack: 'command-batch-changed',
    name: 'Who can write to the database changes a command to many terminals, and has it made once more',
    removes: [MADE_AS_FOUND],
    write: async (world) => {
      const _id = await give(world, '/v1/admin/fleet/batches', { target: { version: 'no such version' } });
      await made(world, _id);
      const again = { state: 'making', cursor: '', 'target.version': VERSION };
      await batchesIn(world).updateOne({ _id }, { $set: { ...again, kind: WANTED } });
      await made(world, _id);
    },
  }),
];
