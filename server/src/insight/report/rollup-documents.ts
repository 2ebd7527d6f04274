import type { RollupCheck } from './check-result.ts';
import type { Dimension, Rollup } from './rollup.ts';
import type { TerminalAdd } from './terminal-rollups.ts';

/** A rollup as it is stored. */
export interface RollupDocument extends Rollup {
  /** `generation:grain:period:org`. */
  readonly _id: string;
  readonly generation: number;
  /** The last batch that was added; 0 where it was built. */
  readonly batch: number;
}

/** How far an order is counted: up to this event. */
export interface CountedDocument {
  /** `generation:order`. */
  readonly _id: string;
  readonly n: number;
}

/** What is being added, written down first: a worker that finds it can finish it, and none adds it twice. */
export interface Batch {
  /** 1, 2, … within the generation. */
  readonly number: number;
  readonly adds: readonly {
    readonly key: Omit<Rollup, 'all' | Dimension>;
    readonly by: Readonly<Record<string, number>>;
  }[];
  readonly terminals: readonly TerminalAdd[];
  readonly counted: readonly { readonly orderNo: string; readonly n: number }[];
}

export interface BatchDocument extends Omit<Batch, 'number' | 'adds' | 'terminals'> {
  /** `generation`: there is one batch at a time, and its place is kept when it is done. */
  readonly _id: number;
  readonly number: number;
  readonly done: boolean;
  /** Fields' paths have dots, which names of fields must not: pairs. */
  readonly adds: readonly {
    readonly key: Omit<Rollup, 'all' | Dimension>;
    readonly by: readonly (readonly [path: string, by: number])[];
  }[];
  readonly terminals: readonly {
    readonly key: TerminalAdd['key'];
    readonly by: readonly (readonly [path: string, by: number])[];
  }[];
}

/**
 * Which generation is read. Each format of the rollups has a state and generations of its own: a server of the version before goes on
 * with its own ones and never adds to those that it does not know, until the first rebuild by a newer one is read.
 */
export interface StateDocument {
  readonly _id: 'generation' | 'generation:2';
  /** 0 where none was ever whole. */
  readonly current: number;
  readonly last: number;
  readonly rebuildAskedAt?: Date;
  /** Of the format before: since when its rollups are deleted. */
  readonly forgottenAt?: Date;
  readonly rebuiltAt?: Date;
  readonly checkAskedAt?: Date;
  readonly check?: RollupCheck & { readonly at: Date };
}
