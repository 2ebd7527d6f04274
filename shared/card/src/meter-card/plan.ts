import { CHIP_NAMES } from '../chip/contract.ts';
import { hexText } from '../schema/hex-text.ts';
import * as z from '../schema/kinds.ts';

/** A run of bytes that a plan may change. */
export const rangeSchema = z.strictObject({
  zone: z.string().max(16),
  offset: z.int().min(0).max(0xffff),
  length: z.int().min(1).max(0xffff),
});

/**
 * Presents one of the memory chip's write codes, by the chip's number of it; 0 when absent. Skipped when nothing differs.
 * `lastTry`: staff decided that the code is right and may meet whatever tries are left, which gives all of them back;
 * then it is presented in any case. No other release carries it.
 */
const presentCodeStep = z.strictObject({
  op: z.literal('present-code'),
  code: hexText(1, 8),
  key: z.int().min(0).max(15).optional(),
  lastTry: z.literal(true).optional(),
});

/** The bytes that a range must hold afterwards; only those that differ are written. */
const writeStep = z.strictObject({
  op: z.literal('write'),
  zone: z.string().max(16),
  offset: z.int().min(0).max(0xffff),
  data: hexText(1, 258),
});

/** One command for a CPU card, opaque but for its permitted instruction. */
const apduStep = z.strictObject({
  op: z.literal('apdu'),
  label: z.enum(['select', 'internal-auth', 'challenge', 'external-auth', 'update']),
  apdu: hexText(4, 261),
  /** Name under which the response data goes up with the next `authorise`. */
  gather: z.string().max(32).optional(),
  /** For `update`: what the bytes must be afterwards. The step is skipped where they already are. */
  after: z
    .strictObject({ zone: z.string().max(16), offset: z.int().min(0), data: hexText(1, 258) })
    .optional(),
});

export const planStepSchema = z.discriminatedUnion('op', [presentCodeStep, writeStep, apduStep]);
export type PlanStep = z.infer<typeof planStepSchema>;

/**
 * What is to be written on one card for one order, sealed to the terminal's key on its way and never stored.
 * Steps run in order; the field that makes a meter accept comes last. `authorise` set: after these steps the
 * gathered answers go to the grid, which continues with the next stage of the same plan.
 */
export const writePlanSchema = z.strictObject({
  version: z.literal(1),
  /** `undo`: takes a purchase that is on the card off it again. */
  kind: z.enum(['purchase', 'replacement', 'undo']),
  orderNo: z.string(),
  chip: z.enum(CHIP_NAMES),
  /** Card serial, 8 bytes: the plan is void on any other card. */
  serial: hexText(8, 8),
  /** 0 for the plan as released, then 1, 2, … for what `authorise` returns. */
  stage: z.int().min(0).max(7),
  /** Everything that any stage may change; a resumed card must be unchanged outside. */
  ranges: z.array(rangeSchema).max(16),
  steps: z.array(planStepSchema).max(64),
  /** Names of gathered answers to send up; absent on the last stage. */
  authorise: z.array(z.string().max(32)).min(1).max(8).optional(),
  /** An earlier release of this sale ended without a report: a lost try may be that card pulled at that moment. */
  afterSilence: z.literal(true).optional(),
  /** CPU cards: as a `present-code` step's. Their keys are presented in a later stage; this of the first one counts. */
  lastTry: z.literal(true).optional(),
});
export type WritePlan = z.infer<typeof writePlanSchema>;

/** What a release says of itself; no other part of a plan comes from the server. */
export interface ReleaseWord {
  /** Staff let the code meet the last tries. */
  readonly lastTry?: boolean;
  /** An earlier release of this sale ended without a report. */
  readonly afterSilence?: boolean;
}

/** The plan as it may go out: what only a release may say is said by it, whatever the grid's plan said. */
export function asReleased(plan: WritePlan, word: ReleaseWord = {}): WritePlan {
  const { afterSilence: _, lastTry: ___, steps, ...rest } = plan;
  const { lastTry = false, afterSilence = false } = word;
  return {
    ...rest,
    steps: steps.map((step): PlanStep => {
      if (step.op !== 'present-code') return step;
      const { lastTry: __, ...others } = step;
      return lastTry ? { ...others, lastTry } : others;
    }),
    ...(afterSilence ? { afterSilence } : {}),
    ...(lastTry && plan.chip === 'CPU' ? { lastTry } : {}),
  };
}
