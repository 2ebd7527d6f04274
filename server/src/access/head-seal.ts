import { KeyedDigest } from '../kernel/keyed-digest.ts';
import type { KeySource } from '../kernel/key-ring.ts';
import type { AuditHead } from './store/audit-heads.ts';

/** Seals how far a chain of the audit trail has come, so that who can write to the database alone cannot set it back to their wish. */
export class HeadSeal {
  readonly #digest: KeyedDigest;

  constructor(keys: KeySource) {
    this.#digest = new KeyedDigest(keys, 'bianmin audit heads', { encoding: 'base64url' });
  }

  of(head: AuditHead): string {
    return this.#digest.of(textOf(head));
  }

  fits(head: AuditHead, seal: string): boolean {
    return this.#digest.fits(textOf(head), seal);
  }
}

function textOf({ writer, n, digest }: AuditHead): string {
  return `${writer}:${n}:${digest}`;
}
