import type { AdminBatch, AdminCommand } from '@bianmin/purchase/api/command';
import { archiveUntil } from './command-archive.ts';
import type { CommandBatch } from '../store/command-batches.ts';
import type { Brought, TerminalCommand } from '../store/terminal-commands.ts';

export function commandView(command: TerminalCommand & Brought): AdminCommand {
  const { _id, terminalId, kind, reason, issuedBy, issuedAt, expiresAt, state, hasLog, hasPicture } = command;
  return {
    ...{ id: _id, terminalId, kind, reason, issuedBy, state, hasLog, hasPicture },
    batch: command.batch ?? null,
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    deliveredAt: command.deliveredAt?.toISOString() ?? null,
    answeredAt: command.answeredAt?.toISOString() ?? null,
    archiveUntil: archiveUntil(command)?.toISOString() ?? null,
    code: command.code ?? null,
    reportNo: command.reportNo ?? null,
  };
}

export function batchView(batch: CommandBatch): AdminBatch {
  const { _id, kind, reason, target, issuedBy, issuedAt, expiresAt, state, terminals } = batch;
  return {
    ...{ id: _id, kind, reason, org: target.org, issuedBy, state, terminals },
    version: target.version ?? null,
    presence: target.presence ?? null,
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
