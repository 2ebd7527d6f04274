import type { Region } from '@bianmin/card/chip/region';
import type { CardLayout } from '@bianmin/card/meter-card/layout';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { CardSessionKind } from '../api/card-session.ts';

/** What can be asked of a card from afar. `continue` is the next stage of a write that waits for it. */
export const REMOTE_VERBS = ['identify', 'read', 'read-card', 'tries', 'write', 'continue'] as const;
export type RemoteVerb = (typeof REMOTE_VERBS)[number];

/** What a session of one kind permits. */
export interface Permission {
  readonly verbs: readonly RemoteVerb[];
  /** The one kind of plan that may be written; absent: no byte may change and no code is presented. */
  readonly plan?: WritePlan['kind'];
}

const LOOKING = ['identify', 'read', 'read-card', 'tries'] as const;

/**
 * The one table of what is permitted, used by server and terminal alike: the server refuses to send anything else, and
 * the terminal refuses to carry it out whatever the sender.
 */
export const PERMITTED: Readonly<Record<CardSessionKind, Permission>> = {
  inspect: { verbs: LOOKING },
  rewrite: { verbs: [...LOOKING, 'write', 'continue'], plan: 'purchase' },
  replace: { verbs: [...LOOKING, 'write', 'continue'], plan: 'replacement' },
  undo: { verbs: [...LOOKING, 'write', 'continue'], plan: 'undo' },
};

/**
 * Whether a region may be read: it lies within what a purchase reads of such a card anyway. That holds no code, key
 * or counter of any chip, so that no more of a card is seen from afar than the grid sees at every purchase.
 * `layouts`: those that the card may be of; a terminal knows the one.
 */
export function isReadable(layouts: readonly CardLayout[], region: Region): boolean {
  return layouts
    .flatMap(({ regions, serial }) => [...regions, serial])
    .some(
      (allowed) =>
        allowed.zone === region.zone &&
        region.offset >= allowed.offset &&
        region.offset + region.length <= allowed.offset + allowed.length,
    );
}

/** The numbers of a chip's codes whose tries may be asked for: those that a write needs. */
export function isCountable(layouts: readonly CardLayout[], key: number): boolean {
  return layouts.some(({ codes }) => codes.includes(key));
}
