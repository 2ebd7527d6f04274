import { createHash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/shared/api/terminal';

/** RFC 7638, SHA-256, base64url: `jkt` of RFC 9449. */
export function thumbprint(key: EcPublicJwk): Promise<string> {
  return calculateJwkThumbprint(key, 'sha256');
}

/**
 * A terminal's number is what its signing key is: `t` and 120 bits of the thumbprint's hash in hex. 31
 * characters, because WeChat Pay's `scene_info.device_id` takes 32 at most.
 */
export function terminalIdOf(jkt: string): string {
  return `t${createHash('sha256').update(jkt).digest('hex').slice(0, 30)}`;
}

/** The public key of a JOSE header, or undefined where it is not exactly one: a private one is refused. */
export function publicJwk(value: unknown): EcPublicJwk | undefined {
  const parsed = ecPublicJwk.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
