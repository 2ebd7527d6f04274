import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { cardImage } from '@bianmin/purchase/api/card-image';
import {
  CARD_SESSION_ENDS,
  CARD_SESSION_REASON_LENGTH,
  stepNumber,
} from '@bianmin/purchase/api/card-session';
import { hexBytes, terminalId } from '@bianmin/purchase/api/scalars';

/** Terminals that one question is about, and tasks that one answer holds, at most. */
export const MAX_TASK_TERMINALS = 256;
const MAX_TASKS = 16;

/** The grid's own number of a task. */
const taskNo = z.string().min(1).max(32);

/** Terminals where a person could say yes to a session now. */
export const taskTerminals = z.array(terminalId).min(1).max(MAX_TASK_TERMINALS);

/**
 * A card session that the grid wants. Kind and commands are words as they come: one that we do not know is a task that
 * we refuse by its number, and no reason not to hear the others.
 */
export const gridCardTask = z.object({
  taskNo,
  terminalId,
  kind: z.string().min(1).max(16),
  /** For `rewrite`: the order whose card is written once more. */
  orderNo: z.string().max(32).nullable(),
  /** For `inspect`: the only card that may be driven; null: any. */
  serial: hexBytes(8).nullable(),
  /** The person at the grid, and why; both are shown at the terminal. */
  askedBy: z.string().min(1).max(32),
  reason: z.string().min(1).max(CARD_SESSION_REASON_LENGTH),
  minutes: z.int().min(1).max(30),
  /** All that may be asked in it: `identify`, `read`, `read-card`, `tries`, `write`. */
  commands: z.array(z.string().min(1).max(16)).min(1).max(8),
});
export type GridCardTask = z.infer<typeof gridCardTask>;
export const gridCardTasks = z.object({ tasks: z.array(gridCardTask).max(MAX_TASKS) });

/** What one step found at the card. No code, key or counter is ever among it; a plan is not either. */
const gridStepResult = z.discriminatedUnion('did', [
  z.strictObject({ did: z.literal('identify'), chip: z.enum(CHIP_NAMES), serial: hexBytes(8).nullable() }),
  z.strictObject({ did: z.literal('read'), data: hexBytes(1, 4096) }),
  z.strictObject({ did: z.literal('read-card'), image: cardImage }),
  z.strictObject({
    did: z.literal('tries'),
    tries: z.strictObject({ left: z.int(), full: z.int() }).nullable(),
  }),
  z.strictObject({ did: z.literal('written'), imageDigest: z.string().regex(/^[0-9a-f]{64}$/) }),
]);
export type GridStepResult = z.infer<typeof gridStepResult>;

const gridStepAnswer = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), result: gridStepResult }),
  z.strictObject({ ok: z.literal(false), code: z.string().max(64) }),
]);
export type GridStepAnswer = z.infer<typeof gridStepAnswer>;

export const gridStepReport = z.strictObject({
  taskNo,
  /** The newest step that has its answer; 0: the person at the terminal has just said yes. */
  done: z.int().min(0).max(64),
  /** Null with 0 alone. */
  answer: gridStepAnswer.nullable(),
});
export type GridStepReport = z.infer<typeof gridStepReport>;

export const gridNextStep = z.discriminatedUnion('next', [
  /** `n` is `done` + 1. The command is judged by us. */
  z.object({
    next: z.literal('step'),
    n: stepNumber,
    command: z.looseObject({ do: z.string().max(16) }),
  }),
  /** The person at the grid is thinking: ask again. */
  z.object({ next: z.literal('wait') }),
  z.object({ next: z.literal('finish') }),
]);
export type GridNextStep = z.infer<typeof gridNextStep>;

export const gridTaskEnd = z.strictObject({
  taskNo,
  /** `refused`: no session was ever opened for it. */
  end: z.enum([...CARD_SESSION_ENDS, 'refused']),
  failure: z.string().max(64).nullable(),
  done: z.int().min(0).max(64),
  /** `unknown`: a write began, and only the card knows how far it came: it is read before anything else. */
  write: z.enum(['none', 'written', 'unknown']),
});
export type GridTaskEnd = z.infer<typeof gridTaskEnd>;
