import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/card/chip/contract';
import { cardImage } from './card-image.ts';
import { hexBytes, orderNo, terminalId, timestamp } from './scalars.ts';
import { ecPublicJwk } from './terminal.ts';

/** What a remote card session is for; docs/remote-card-session.md says what each permits. */
export const CARD_SESSION_KINDS = ['inspect', 'rewrite', 'replace', 'undo'] as const;
export const cardSessionKind = z.enum(CARD_SESSION_KINDS);
export type CardSessionKind = z.infer<typeof cardSessionKind>;

/** `open`: the person at the terminal has not said yes. `closed` for good: `end` says why. */
export const CARD_SESSION_STATES = ['open', 'working', 'closed'] as const;

export const CARD_SESSION_ENDS = [
  'finished', // the asker has finished
  'cancelled', // staff called it off
  'declined', // the person at the terminal said no, or stopped it
  'expired',
  'removed', // the card left the reader
  'restarted', // the terminal knows nothing of it any more
  'failed', // the grid refused to go on, or a step could not be opened
] as const;
export const cardSessionEnd = z.enum(CARD_SESSION_ENDS);
export type CardSessionEnd = z.infer<typeof cardSessionEnd>;

/** As much as a kiosk shows whole, in its largest letters and on its narrowest screen. */
export const CARD_SESSION_REASON_LENGTH = 80;

/** A step's number within its session: 1, 2, … */
export const stepNumber = z.int().min(1).max(64);

/** What staff may ask of a card. A write's plan is the grid's: it is not typed. */
export const askedCommand = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('identify') }),
  z.strictObject({
    do: z.literal('read'),
    zone: z.string().min(1).max(16),
    offset: z.int().min(0).max(0xffff),
    length: z.int().min(1).max(4096),
  }),
  z.strictObject({ do: z.literal('read-card') }),
  z.strictObject({ do: z.literal('tries'), key: z.int().min(0).max(15).default(0) }),
  /** `lastTry`: the card's code may meet its last try; of a `rewrite` alone. */
  z.strictObject({ do: z.literal('write'), lastTry: z.boolean().optional() }),
]);
export type AskedCommand = z.infer<typeof askedCommand>;

/** The session as its terminal sees it. */
export const terminalCardSession = z.object({
  id: z.uuid(),
  kind: cardSessionKind,
  state: z.enum(CARD_SESSION_STATES),
  /** Who asks, and why, for the person at the terminal. */
  askedBy: z.string(),
  reason: z.string(),
  /** The only card that may be driven; null: any. */
  serial: hexBytes(8).nullable(),
  /** What a write is for: an order, or a replacement's request. */
  subject: z.string().nullable(),
  /** ms from this answer. */
  expiresInMs: z.int(),
  /** What answers are sealed to; null once the session closed. */
  serverKey: ecPublicJwk.nullable(),
  /** The one step that waits for its answer; `sealed` opens to a `StepMessage` with the terminal's key alone. */
  step: z.object({ n: stepNumber, sealed: z.string() }).nullable(),
  /** The newest step whose answer is here; 0 before the first. */
  answered: z.int(),
  end: cardSessionEnd.nullable(),
  /** For `failed`: the problem's code. */
  failure: z.string().nullable().optional(),
});
export type TerminalCardSession = z.infer<typeof terminalCardSession>;
/** `id`: the session that the terminal is in, which it is told of also once that is closed. */
export const terminalCardSessionQuery = z.strictObject({ id: z.uuid().optional() });
export const terminalCardSessionResponse = z.object({ session: terminalCardSession.nullable() });

export const consentRequest = z.strictObject({ yes: z.boolean() });
/** `sealed`: JWE to the session's server key, opens to an `AnswerMessage`. */
export const stepResultRequest = z.strictObject({ n: stepNumber, sealed: z.string().max(131_072) });
export const endRequest = z.strictObject({ end: z.enum(['declined', 'removed', 'restarted', 'failed']) });
export type TerminalEnd = z.infer<typeof endRequest>['end'];

export const cardSessionIdParam = z.strictObject({ id: z.uuid() });

export const openCardSessionRequest = z.strictObject({
  terminalId,
  kind: cardSessionKind,
  /** For `rewrite` and `undo`. */
  orderNo: orderNo.optional(),
  /** For `replace`: the request whose card is to be written. */
  requestNo: z.string().min(1).max(64).optional(),
  /** For `inspect`: the only card that may be driven. */
  serial: hexBytes(8).optional(),
  /** Shown at the terminal and kept. */
  reason: z.string().min(1).max(CARD_SESSION_REASON_LENGTH),
  /** Until the session ends by itself. */
  minutes: z.int().min(1).max(30).default(15),
});
export type OpenCardSessionRequest = z.infer<typeof openCardSessionRequest>;

export const putStepRequest = z.strictObject({ n: stepNumber, command: askedCommand });
export const cardSessionQuery = z.strictObject({
  terminalId: terminalId.optional(),
});

const tries = z.object({ left: z.int(), full: z.int() });

/** A step as it is kept: no bytes of the card, no code, no plan. */
export const recordedStep = z.object({
  n: stepNumber,
  /** `read main 8+137`. */
  asked: z.string(),
  askedAt: timestamp,
  answeredAt: timestamp.nullable(),
  /** `done`, or the code of the error that it ended with; null: not answered. */
  outcome: z.string().nullable(),
  chip: z.enum(CHIP_NAMES).nullable(),
  serial: z.string().nullable(),
  tries: tries.nullable(),
  /** SHA-256 (hex) of what was answered; of a whole card and of a written one, its image's digest. */
  digest: z.string().nullable(),
  /** Commands to the card and their status words, data hidden; `more` were not kept. */
  exchanges: z.array(z.tuple([z.string(), z.string()])),
  more: z.int(),
});
export type RecordedStep = z.infer<typeof recordedStep>;

/** What a read gave, for the asker, while the session lives; afterwards it is kept nowhere. */
const liveAnswer = z.object({
  n: stepNumber,
  data: z.string().nullable(),
  image: cardImage.nullable(),
});

export const adminCardSession = z.object({
  id: z.uuid(),
  kind: cardSessionKind,
  state: z.enum(CARD_SESSION_STATES),
  terminalId: z.string(),
  asker: z.object({ kind: z.enum(['staff', 'grid']), id: z.string(), name: z.string() }),
  reason: z.string(),
  serial: z.string().nullable(),
  subject: z.string().nullable(),
  createdAt: timestamp,
  expiresAt: timestamp,
  endedAt: timestamp.nullable(),
  end: cardSessionEnd.nullable(),
  /** For `failed`: the problem's code. */
  failure: z.string().nullable(),
  steps: z.array(recordedStep),
  /** What may be asked of the card now, as the next step; nothing while one waits for its answer. */
  permits: z.array(askedCommand),
  /** Of the newest step, to its asker. */
  answer: liveAnswer.nullable(),
});
export type AdminCardSession = z.infer<typeof adminCardSession>;
