import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { cardImage } from '../api/card-image.ts';
import { stepNumber } from '../api/card-session.ts';
import { authoriseRequest, sealedPlan } from '../api/order.ts';
import { hexBytes } from '../api/scalars.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One step on its way to the terminal. A plan is sealed once more inside: no server process opens it. */
export const remoteCommand = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('identify') }),
  z.strictObject({
    do: z.literal('read'),
    zone: z.string().max(16),
    offset: z.int().min(0).max(0xffff),
    length: z.int().min(1).max(4096),
  }),
  z.strictObject({ do: z.literal('read-card') }),
  z.strictObject({ do: z.literal('tries'), key: z.int().min(0).max(15) }),
  z.strictObject({ do: z.literal('write'), release: sealedPlan }),
  z.strictObject({ do: z.literal('continue'), release: sealedPlan }),
]);
export type RemoteCommand = z.infer<typeof remoteCommand>;

/** What is sealed to the terminal. Session and number inside, so that no step can be played in another place. */
export const stepMessage = z.strictObject({ session: z.uuid(), n: stepNumber, command: remoteCommand });
export type StepMessage = z.infer<typeof stepMessage>;

export const remoteResult = z.discriminatedUnion('did', [
  /** `serial` null: no layout is known for this card. `layout`: that it is read by; a terminal of before does not say. */
  z.strictObject({
    did: z.literal('identify'),
    chip: z.enum(CHIP_NAMES),
    serial: hexBytes(8).nullable(),
    layout: z.string().max(48).nullable().optional(),
  }),
  z.strictObject({ did: z.literal('read'), data: hexBytes(1, 4096) }),
  z.strictObject({ did: z.literal('read-card'), image: cardImage }),
  /** Null: the chip has no code to present. */
  z.strictObject({
    did: z.literal('tries'),
    tries: z.strictObject({ left: z.int(), full: z.int() }).nullable(),
  }),
  /** The write waits for its next stage. */
  z.strictObject({ did: z.literal('stage'), asks: authoriseRequest }),
  /** Written and read back. */
  z.strictObject({ did: z.literal('written'), lease: z.int(), imageDigest: sha256 }),
]);
export type RemoteResult = z.infer<typeof remoteResult>;

export const remoteOutcome = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), result: remoteResult }),
  z.strictObject({ ok: z.literal(false), code: z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/) }),
]);
export type RemoteOutcome = z.infer<typeof remoteOutcome>;

const maskedHexText = z
  .string()
  .max(1_024)
  .regex(/^(?:[0-9A-F]{2}|XX)*$/);

/** A command and its answer, as `transcript/format.ts` has them. */
export const recordedExchange = z.tuple([
  maskedHexText,
  z.union([maskedHexText, z.string().regex(/^![a-z][a-z-]*\.[a-z][a-z-]*$/)]),
]);
export type RecordedExchange = z.infer<typeof recordedExchange>;

/** Exchanges of one step that go up, at most. */
export const MAX_EXCHANGES = 64;

/** What is sealed to the session's server key. */
export const answerMessage = z.strictObject({
  session: z.uuid(),
  n: stepNumber,
  outcome: remoteOutcome,
  exchanges: z.array(recordedExchange).max(MAX_EXCHANGES),
  /** How many more there were. */
  more: z.int().min(0),
});
export type AnswerMessage = z.infer<typeof answerMessage>;
