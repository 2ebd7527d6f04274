import { hexText } from '../schema/hex-text.ts';
import * as z from '../schema/kinds.ts';

/** An extended answer and its status word. */
export const MAX_ANSWER = 65_538;
/** With what some readers append to it. */
const MAX_ATR = 255;

/** What is asked of the process that holds the PC/SC library. Bytes are hex. */
export type PcscRequest =
  | { readonly id: number; readonly op: 'connect' | 'disconnect'; readonly reader: string }
  | { readonly id: number; readonly op: 'transmit'; readonly reader: string; readonly data: string };

const failureCode = z.enum([
  'pcsc.no-service',
  'pcsc.no-card',
  'pcsc.mute',
  'pcsc.removed',
  'pcsc.busy',
  'pcsc.gone',
  'pcsc.io',
]);
export type PcscFailure = z.output<typeof failureCode>;

/** What that process says. */
export const pcscMessage = z.discriminatedUnion('type', [
  /** The service answered: readers follow as they are found. */
  z.strictObject({ type: z.literal('ready') }),
  /** A reader as it is now; `atr` is absent without a card and empty for one that does not answer. */
  z.strictObject({ type: z.literal('reader'), reader: z.string(), atr: hexText(0, MAX_ATR).optional() }),
  z.strictObject({ type: z.literal('reader-gone'), reader: z.string() }),
  z.strictObject({
    type: z.literal('done'),
    id: z.int(),
    data: hexText(0, MAX_ANSWER).optional(),
    protocol: z.union([z.literal(0), z.literal(1)]).optional(),
  }),
  /** `status` is the service's own number, as hex, for people who look it up. */
  z.strictObject({
    type: z.literal('failed'),
    id: z.int(),
    code: failureCode,
    status: z.string().optional(),
  }),
]);
export type PcscMessage = z.output<typeof pcscMessage>;
