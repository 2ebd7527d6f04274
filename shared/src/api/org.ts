import { z } from 'zod';

/** The root of the organisations; whose scope it is sees everything. */
export const PROVINCE = 'province';

export const ORG_KINDS = ['province', 'prefecture', 'community'] as const;
export type OrgKind = (typeof ORG_KINDS)[number];

/** `province`, a prefecture's code of GB/T 2260 (`650100`), or a community's own (`c` and sixteen hex digits). */
export const orgId = z.string().regex(/^(province|\d{6}|c[0-9a-f]{16})$/, { error: 'is no organisation' });

const name = z.string().trim().min(1).max(64);
/** Shown to staff in their language; `ug` where a notice needs it. */
export const orgNames = z.strictObject({ 'zh-CN': name, en: name, ug: name.optional() });
export type OrgNames = z.infer<typeof orgNames>;
