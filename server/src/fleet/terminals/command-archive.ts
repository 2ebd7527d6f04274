import type { Clock } from '@bianmin/card/clock';
import { SUPPORT_DAYS, type TerminalSupport } from '@bianmin/purchase/api/support';
import { packSupport } from '@bianmin/purchase/node/support/archive';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { archiveFile, type ArchiveFile } from '../../route/archive-file.ts';
import { withoutBodies, type Brought, type TerminalCommand } from '../store/terminal-commands.ts';
import type { Commands } from './commands.ts';
import type { MachineReports } from './reports.ts';

const DAY_MS = 86_400_000;

export interface CommandArchivesInit {
  readonly commands: Pick<Commands, 'getWithin'>;
  readonly reports: Pick<MachineReports, 'get'>;
  readonly audit: AuditTrail;
  readonly clock: Pick<Clock, 'now'>;
}

/** Support archives that terminals sent: packed when they are fetched, by who may and for some days. */
export class CommandArchives {
  readonly #init: CommandArchivesInit;

  constructor(init: CommandArchivesInit) {
    this.#init = init;
  }

  /** Each fetch stands in the trail. Throws `request.not-found`: no such command, none of an archive, or it is over. */
  async fetch(id: string, by: AdminPrincipal, where: Where): Promise<ArchiveFile> {
    const { commands, audit, clock } = this.#init;
    const command = await commands.getWithin(id, by.scope);
    const until = archiveUntil(withoutBodies(command));
    const parts =
      until === undefined || until.getTime() <= clock.now() ? undefined : await this.#partsOf(command);
    if (parts === undefined) {
      throw new ProblemError({
        code: 'request.not-found',
        message: 'There is no archive, or none any more. Ask the terminal for another.',
      });
    }
    await audit.record(
      byAdmin(by, { action: 'support.fetch', target: command.terminalId, where, data: { command: id } }),
    );
    return archiveFile(packSupport(parts), { kind: parts.kind, at: parts.at });
  }

  async #partsOf({ support, terminalId, reportNo }: TerminalCommand): Promise<TerminalSupport | undefined> {
    if (support !== undefined) return support;
    const found = reportNo === undefined ? null : await this.#init.reports.get(terminalId, reportNo);
    if (found === null) return undefined;
    const { report: machine, at } = found;
    return {
      ...{ kind: 'box', at: at.toISOString(), version: machine.versions.app, machine },
      ...{ system: null, settings: [], readers: null, journal: null, lines: [], log: [] },
    };
  }
}

/** Undefined: it has none. */
export function archiveUntil({
  hasArchive,
  answeredAt,
}: Pick<TerminalCommand & Brought, 'hasArchive' | 'answeredAt'>): Date | undefined {
  return hasArchive && answeredAt !== undefined
    ? new Date(answeredAt.getTime() + SUPPORT_DAYS * DAY_MS)
    : undefined;
}
