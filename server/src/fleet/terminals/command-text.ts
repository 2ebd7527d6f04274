import { COMMAND_TYP, type CommandPayload } from '@bianmin/purchase/api/command';
import type { CommandBatch, Target } from '../store/command-batches.ts';
import type { TerminalCommand } from '../store/terminal-commands.ts';

/** Of a batch as it is kept. No terminal takes it for a command. */
const BATCH_TYP = 'command-batch+jws';

export type CommandFields = Pick<TerminalCommand, '_id' | 'terminalId' | 'kind' | 'issuedAt' | 'expiresAt'>;
export type BatchFields = Pick<
  CommandBatch,
  '_id' | 'kind' | 'reason' | 'target' | 'issuedBy' | 'issuedAt' | 'expiresAt'
>;

/**
 * What is signed of a command (RFC 7515 §5.1: header and payload). Stored fields may be of any type: what nobody gave makes another
 * text, and fails nothing.
 */
export function commandText({ _id, terminalId, kind, issuedAt, expiresAt }: CommandFields): string {
  const payload: CommandPayload = {
    ...{ iss: 'bianmin', sub: terminalId, jti: _id, kind },
    ...{ iat: secondsOf(issuedAt), exp: secondsOf(expiresAt) },
  };
  return textOf(COMMAND_TYP, payload);
}

/** The same of a batch: all that was said when it was given. */
export function batchText({ _id, kind, reason, target, issuedBy, issuedAt, expiresAt }: BatchFields): string {
  const { org, version, presence }: Partial<Target> = { ...target };
  return textOf(BATCH_TYP, {
    ...{ iss: 'bianmin', sub: issuedBy, jti: _id, kind, reason, target: { org, version, presence } },
    ...{ iat: secondsOf(issuedAt), exp: secondsOf(expiresAt) },
  });
}

function textOf(typ: string, payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  return `${part({ alg: 'ES256', typ })}.${part(payload)}`;
}

function secondsOf(at: unknown): number {
  return at instanceof Date ? Math.floor(at.getTime() / 1000) : Number.NaN;
}
