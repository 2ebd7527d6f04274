import type { Scope } from '../../kernel/scope.ts';
import type { ExportRequest, ExportStatus } from '@bianmin/purchase/api/exports';

/** A file that a user asked for, as it is kept. Its customer number is sealed. */
export interface Export {
  /** Chosen by who asked. */
  readonly _id: string;
  readonly owner: { readonly id: string; readonly name: string };
  /** Whose data is in it: what its owner saw when they asked. */
  readonly scope: Scope;
  readonly request: Omit<ExportRequest, 'key'>;
  readonly status: ExportStatus;
  /** How often it was begun. A chunk belongs to the attempt that wrote it. */
  readonly attempt: number;
  readonly rows: number;
  /** When the last order in it so far was made. */
  readonly reached?: Date;
  readonly bytes: number;
  readonly chunks: number;
  readonly createdAt: Date;
  /** While it runs: afterwards the worker that wrote it is taken for dead. */
  readonly leaseUntil?: Date;
  readonly endedAt?: Date;
  /** When it is thrown away. */
  readonly expiresAt?: Date;
  readonly failure?: 'too-many-rows' | 'failed';
}
