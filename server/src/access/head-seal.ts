import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { AuditHead } from './store/audit-heads.ts';

/** Seals how far a chain of the audit trail has come, so that who can write to the database alone cannot set it back to their wish. */
export class HeadSeal {
  readonly #key: Buffer;

  constructor(secret: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'bianmin audit heads', 32));
  }

  of({ writer, n, digest }: AuditHead): string {
    return createHmac('sha256', this.#key).update(`${writer}:${n}:${digest}`).digest('base64url');
  }

  fits(head: AuditHead, seal: string): boolean {
    const [wanted, given] = [Buffer.from(this.of(head)), Buffer.from(seal)];
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }
}
