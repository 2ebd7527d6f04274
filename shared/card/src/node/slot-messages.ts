import { hexText } from '../schema/hex-text.ts';
import * as z from '../schema/kinds.ts';
import { MAX_ANSWER } from './pcsc-messages.ts';

/** What is asked of the process that drives readers. Bytes are hex; slots and sessions are numbers of that process. */
export type SlotRequest =
  | { readonly id: number; readonly op: 'present' | 'open'; readonly slot: number }
  | { readonly id: number; readonly op: 'transmit'; readonly session: number; readonly data: string }
  | { readonly id: number; readonly op: 'end'; readonly session: number }
  | { readonly id: number; readonly op: 'close' }
  | { readonly op: 'ping' };

const failure = z.strictObject({
  /** Absent for an error that has none: a mistake of ours. */
  code: z.string().optional(),
  message: z.string(),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
/** An error as it travels. */
export type Failure = z.output<typeof failure>;

/** What that process says. */
export const slotMessage = z.discriminatedUnion('type', [
  /** Each reader that is plugged in was tried; its slots follow. */
  z.strictObject({ type: z.literal('ready') }),
  /** This machine has nothing of the kind, or the library does not load. */
  z.strictObject({ type: z.literal('unavailable'), failure }),
  z.strictObject({ type: z.literal('alive') }),
  z.strictObject({
    type: z.literal('slot'),
    slot: z.int(),
    name: z.string(),
    model: z.strictObject({ id: z.string(), name: z.string(), vendorId: z.int(), productId: z.int() }),
  }),
  z.strictObject({ type: z.literal('slot-gone'), slot: z.int() }),
  z.strictObject({ type: z.literal('presence'), slot: z.int(), present: z.boolean() }),
  /** A reader that could not be opened. */
  z.strictObject({ type: z.literal('fault'), where: z.string(), failure }),
  z.strictObject({
    type: z.literal('done'),
    id: z.int(),
    present: z.boolean().optional(),
    session: z.int().optional(),
    /** An answer, or the answer to reset of a session. */
    data: hexText(0, MAX_ANSWER).optional(),
  }),
  z.strictObject({ type: z.literal('failed'), id: z.int(), failure }),
]);
export type SlotMessage = z.output<typeof slotMessage>;
