import type { Permission } from './permissions.ts';
import type { Scope } from './scope.ts';

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
      /** Whose data they see. */
      readonly scope: Scope;
    }
  | { readonly kind: 'payer'; readonly payerId: string };
