import { CompactEncrypt, importJWK } from 'jose';
import type { WritePlan } from '@bianmin/shared/meter-card/plan';
import type { EcPublicJwk } from '@bianmin/shared/api/terminal';

export type SealKey = EcPublicJwk;

/** Seals a text so that only the key's holder can open it, as `sealPlan` does. */
export async function sealText(clear: string, key: SealKey): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(clear))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK(key, 'ECDH-ES'));
}

/**
 * Seals a plan so that only one terminal can open it: JWE compact, ECDH-ES with A256GCM (RFC 7516, RFC 7518
 * section 4.6). Nothing between this line and the terminal can read it, and nobody stores it.
 */
export function sealPlan(plan: WritePlan, key: SealKey): Promise<string> {
  return sealText(JSON.stringify(plan), key);
}
