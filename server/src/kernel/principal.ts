import type { Permission } from './permissions.ts';
import type { Scope } from './scope.ts';

/** What a login still asks for before it is good for anything else; `ready`: nothing. */
export type LoginNext = 'ready' | 'totp' | 'password' | 'totp-setup';

/** The login that an administrator calls by. */
export interface AdminSession {
  /** SHA-256 of its token: names it and opens nothing. */
  readonly id: string;
  readonly kind: 'cookie' | 'bearer';
  readonly next: LoginNext;
  /** Password or code were given within the last minutes. */
  readonly fresh: boolean;
  /** The password was, and the second factor as well, where there is one. */
  readonly freshFactors: boolean;
  readonly expiresAt: Date;
  /** How long nobody may use it before it ends, and what is left of that, ms; null for a bearer, who may be a program. */
  readonly idle: { readonly ms: number; readonly leftMs: number } | null;
  /** What changes by cookie carry in `X-CSRF-Token`; null for a bearer. */
  readonly csrf: string | null;
}

/** Who is calling, once proven. */
export type Principal =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'terminal';
      readonly terminalId: string;
      /** Some endpoints are for the box of a family alone. */
      readonly device: 'kiosk' | 'box';
      /** Organisations from the province down to the one that it stands in. */
      readonly orgPath: readonly string[];
      readonly sealKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
    }
  | {
      readonly kind: 'admin';
      readonly userId: string;
      readonly name: string;
      readonly permissions: ReadonlySet<Permission>;
      /** Those that allow nothing yet, and from when on they do; absent: none. */
      readonly newlyGiven?: ReadonlyMap<Permission, Date>;
      /** Whose data they see. */
      readonly scope: Scope;
      readonly session: AdminSession;
    }
  | { readonly kind: 'payer'; readonly payerId: string };

/** One of the staff. */
export type AdminPrincipal = Extract<Principal, { kind: 'admin' }>;
