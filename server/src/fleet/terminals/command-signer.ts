import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/purchase/api/terminal';
import type { CommandBatch } from '../store/command-batches.ts';
import type { TerminalCommand } from '../store/terminal-commands.ts';
import { batchText, commandText, type BatchFields, type CommandFields } from './command-text.ts';
import { openJws } from './jws.ts';
import { p256KeyOf } from './p256-key.ts';

/**
 * Signs commands as they are given, each for one terminal and until its end, and batches; and knows its own again. With a key of its
 * own: who can write the database, or stands between, tells no terminal anything, and the key of the signed time, which boxes are
 * built with, is good for nothing here.
 */
export class CommandSigner {
  readonly #key: KeyObject;
  readonly #public: KeyObject;
  readonly publicKey: EcPublicJwk;

  /** `key`: EC P-256, PKCS#8, base64. Throws where it is none, without saying it. */
  constructor(key: string) {
    this.#key = p256KeyOf(key, 'COMMAND_SIGN_KEY');
    this.#public = createPublicKey(this.#key);
    const { kty, crv, x, y } = this.#public.export({ format: 'jwk' });
    this.publicKey = ecPublicJwk.parse({ kty, crv, x, y });
  }

  /** What a terminal is handed: compact JWS, ES256 (RFC 7515 §7.1, RFC 7518 §3.4). */
  sign(command: CommandFields): string {
    return this.#sign(commandText(command));
  }

  /** What was signed when a stored command was given; undefined where its fields say anything else now. */
  signedFormOf(command: CommandFields & Pick<TerminalCommand, 'jws'>): string | undefined {
    return this.#isOf(commandText(command), command.jws) ? command.jws : undefined;
  }

  signBatch(batch: BatchFields): string {
    return this.#sign(batchText(batch));
  }

  /** Whether a stored batch says what was signed when it was given. */
  hasSigned(batch: BatchFields & Pick<CommandBatch, 'jws'>): boolean {
    return this.#isOf(batchText(batch), batch.jws);
  }

  #sign(text: string): string {
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  /** Compared, and never parsed: header and payload are those that the fields make. */
  #isOf(text: string, jws: unknown): boolean {
    return typeof jws === 'string' && jws.startsWith(`${text}.`) && openJws(jws, this.#public) !== undefined;
  }
}
