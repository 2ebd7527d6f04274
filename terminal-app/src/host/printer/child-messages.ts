import { z } from 'zod';

/** What is asked of the process that drives the printer. Bytes are hex; ports are numbers of that process. */
export type PrinterAsk =
  | { readonly op: 'open' }
  | { readonly op: 'write'; readonly port: number; readonly data: string; readonly timeoutMs: number }
  | { readonly op: 'read'; readonly port: number; readonly timeoutMs: number }
  | { readonly op: 'close-port'; readonly port: number }
  | { readonly op: 'close' };
export type PrinterRequest = (PrinterAsk & { readonly id: number }) | { readonly op: 'ping' };

/** What that process says. */
export const printerMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('alive') }),
  z.strictObject({
    type: z.literal('done'),
    id: z.int(),
    port: z.int().optional(),
    /** What the printer said. */
    data: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('failed'),
    id: z.int(),
    failure: z.strictObject({ code: z.string().optional(), message: z.string() }),
  }),
]);
export type PrinterMessage = z.output<typeof printerMessage>;
