import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { COMMAND_TYP, type CommandPayload } from '@bianmin/purchase/api/command';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/purchase/api/terminal';
import type { TerminalCommand } from '../store/terminal-commands.ts';
import { p256KeyOf } from './p256-key.ts';

/**
 * Signs commands, each for one terminal and until its end. With a key of its own: who can write the database, or stands between,
 * tells no terminal anything, and the key of the signed time, which boxes are built with, is good for nothing here.
 */
export class CommandSigner {
  readonly #key: KeyObject;
  readonly publicKey: EcPublicJwk;

  /** `key`: EC P-256, PKCS#8, base64. Throws where it is none, without saying it. */
  constructor(key: string) {
    this.#key = p256KeyOf(key, 'COMMAND_SIGN_KEY');
    const { kty, crv, x, y } = createPublicKey(this.#key).export({ format: 'jwk' });
    this.publicKey = ecPublicJwk.parse({ kty, crv, x, y });
  }

  /** Compact JWS, ES256 (RFC 7515 §7.1, RFC 7518 §3.4). */
  sign({ _id, terminalId, kind, issuedAt, expiresAt }: TerminalCommand): string {
    const payload: CommandPayload = {
      ...{ iss: 'bianmin', sub: terminalId, jti: _id, kind },
      iat: Math.floor(issuedAt.getTime() / 1000),
      exp: Math.floor(expiresAt.getTime() / 1000),
    };
    const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
    const signed = `${part({ alg: 'ES256', typ: COMMAND_TYP })}.${part(payload)}`;
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }
}
