import { z } from 'zod';
import { words } from './scalars.ts';

/** The root of the organisations; whose scope it is sees everything. */
export const PROVINCE = 'province';

export const ORG_KINDS = ['province', 'prefecture', 'community'] as const;
export type OrgKind = (typeof ORG_KINDS)[number];

/** `province`, a prefecture's code of GB/T 2260 (`650100`), or a community's own (`c` and sixteen hex digits). */
export const orgId = z.string().regex(/^(province|\d{6}|c[0-9a-f]{16})$/, { error: 'is no organisation' });

const name = words(1, 64);
/** Shown to staff in their language; `ug` where a notice needs it. */
export const orgNames = z.strictObject({ 'zh-CN': name, en: name, ug: name.optional() });
export type OrgNames = z.infer<typeof orgNames>;

/** An organisation as staff see it. */
export const orgView = z.object({
  id: orgId,
  kind: z.enum(ORG_KINDS),
  names: orgNames,
  parent: orgId.nullable(),
  /** From the root down to itself. */
  path: z.array(orgId),
  /** Column and row in a grid that resembles the map; prefectures alone have one. */
  cell: z.tuple([z.int(), z.int()]).nullable(),
  /** Its ETag: a change sends the one that was read as `If-Match`. */
  version: z.int(),
  /** Terminals that stand in it, without those of what is below it. */
  terminals: z.int(),
});
export type OrgView = z.infer<typeof orgView>;
/** Parents before children; the first is the caller's own scope. */
export const orgTree = z.object({ orgs: z.array(orgView) });

export const orgParam = z.strictObject({ id: orgId });
export const createOrgRequest = z.strictObject({ parent: orgId, names: orgNames });
export const renameOrgRequest = z.strictObject({ names: orgNames });
export const moveOrgRequest = z.strictObject({ parent: orgId });

/** Puts a terminal into an organisation: statements go by it, and its orders from now on are that organisation's. */
export const placeRequest = z.strictObject({ community: orgId });
/** Which organisation a terminal is put into that enrols with the code; absent: the maker's own scope. */
export const enrolCodeQuery = z.strictObject({ community: orgId.optional() });
