import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { ApiClient } from '@bianmin/purchase/api/client';
import { reportSent, type Diagnostics } from '@bianmin/purchase/api/diagnostics';
import type { EcPublicJwk } from '@bianmin/purchase/api/terminal';
import { KeptFile } from '../../files/kept-file.ts';
import type { CommandMoment } from '../../policy/command-moment.ts';
import { CommandBook, commandBook } from './book.ts';
import { commandActions, type ActionsInit } from './actions.ts';
import { CommandDesk } from './desk.ts';
import { CommandTrust, keptKey } from './trust.ts';

const nothing = z.undefined();

export interface HostCommandsInit extends Omit<ActionsInit, 'report'> {
  readonly dataDir: string;
  readonly terminalId: string;
  readonly client: Pick<ApiClient, 'post'>;
  readonly machine: { look(): Promise<Diagnostics> };
  readonly moment: () => CommandMoment;
  readonly quietMs: number;
  readonly clock: Clock;
  readonly now: () => number;
  readonly onBlocked: (blocked: boolean) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** This terminal's side of commands. */
export interface HostCommands {
  readonly desk: CommandDesk;
  readonly blocked: boolean;
  /** The key that an enrolment's answer named. Never fails. */
  hearKey(key: EcPublicJwk | undefined): void;
}

export function hostCommands(init: HostCommandsInit): HostCommands {
  const { dataDir, client, machine, onFault } = init;
  const trust = new CommandTrust(new KeptFile(join(dataDir, 'command-key.json'), keptKey), init.terminalId);
  const book = new CommandBook(new KeptFile(join(dataDir, 'commands.json'), commandBook));
  const report = async (): Promise<string> =>
    (await client.post('/v1/terminal/diagnostics', reportSent, await machine.look())).reportNo;
  const desk = new CommandDesk({
    ...{ ...init, book, actions: commandActions({ ...init, report }) },
    open: (jws) => trust.open(jws),
    send: (id, result) =>
      client.post(`/v1/terminal/commands/${encodeURIComponent(id)}/result`, nothing, result),
  });
  return {
    desk,
    get blocked() {
      return book.blocked;
    },
    hearKey: (key) => {
      try {
        trust.hear(key);
      } catch (error) {
        onFault('commands', error);
      }
    },
  };
}
