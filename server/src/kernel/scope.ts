import { PROVINCE } from '@bianmin/purchase/api/org';
import { PROVINCE_PATH } from './org-path.ts';

declare const proven: unique symbol;

/**
 * Whose data a user may see: an organisation with everything below it. Stores that keep what belongs to organisations
 * demand one wherever a person asks, so that forgetting it does not compile.
 */
export type Scope = string & { readonly [proven]: true };

/** Of the province's own people, and of what the system does by itself. */
export const WHOLE_PROVINCE = scopeOf(PROVINCE);

/** Of an organisation; of the province where none is named, as with users from before there were any. */
export function scopeOf(orgId: string | undefined): Scope {
  return (orgId ?? PROVINCE) as Scope;
}

/** Whether what has this path is within the scope; what has none is the province's. */
export function covers(scope: Scope, path: readonly string[] = PROVINCE_PATH): boolean {
  return path.includes(scope);
}

/** What a document's `orgPath` must meet. Documents without one are the province's. */
export function within(scope: Scope): { readonly orgPath?: Scope } {
  return scope === WHOLE_PROVINCE ? {} : { orgPath: scope };
}
