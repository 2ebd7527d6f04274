import type { LineTrouble } from '@bianmin/purchase/api/household-file';
import type { Scope } from '../../../kernel/scope.ts';

/** A part that was taken, by the byte that it begins with. */
export interface TakenPart {
  readonly at: number;
  /** SHA-256 of its bytes, base64url. */
  readonly digest: string;
}

/** What became of households: set as the file says, left since something newer was said of them, left since others have them. */
export interface Outcome {
  readonly applied: number;
  readonly newer: number;
  readonly elsewhere: number;
}

/** How many households there are of each, by its id or as it is called. */
export type Counts = Readonly<Record<string, number>>;

/** A file of households on its way: `receiving` → `waits` → `allowed` → `done` | `failed`, or → `refused`. */
export interface HouseholdFile {
  readonly _id: string;
  readonly status: 'receiving' | 'waits' | 'allowed' | 'done' | 'failed' | 'refused';
  readonly maker: { readonly id: string; readonly name: string };
  readonly scope: Scope;
  readonly orgPath: readonly string[];
  readonly createdAt: Date;
  /** Its parts are kept until then, and not carried after it. */
  readonly expiresAt: Date;
  readonly bytes: number;
  /** Hex, as the maker says. */
  readonly sha256: string;
  /** How much was received: every change of what was is compare-and-set on it. */
  readonly offset: number;
  /** Lines in that. */
  readonly lines: number;
  /** What SHA-256 has come to over that; absent: nothing was received. */
  readonly hash?: Uint8Array;
  readonly taken: readonly TakenPart[];
  readonly rows: number;
  readonly repeated: number;
  readonly wrong: number;
  readonly troubles: readonly LineTrouble[];
  readonly communities: Counts;
  readonly tags: Counts;
  readonly approval?: string;
  readonly allowedAt?: Date;
  /** How many of its parts are carried. */
  readonly carried: number;
  readonly outcome: Outcome;
  readonly endedAt?: Date;
  readonly failure?: 'parts-gone' | 'key-changed';
}

/** One household of a part, by its digests. */
export interface FileRow {
  readonly key: string;
  /** Its names under other versions of the key. */
  readonly former?: readonly string[];
  readonly community: string;
  readonly tags: readonly string[];
}

/** A part of a file as it is kept: no line, no number, one row a household. */
export interface FilePart {
  /** `partId`. */
  readonly _id: string;
  readonly file: string;
  readonly rows: readonly FileRow[];
  readonly expiresAt: Date;
}

/** By its content, too: another one at the same place, which was never taken, does not stand in its way. */
export function partId(file: string, { at, digest }: TakenPart): string {
  return `${file}:${at}:${digest}`;
}
