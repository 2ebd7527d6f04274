import * as z from '../schema/kinds.ts';

/** A USB port over a WebSocket, JSON text: how the sandbox lends its simulated readers to another process. */
export const remoteRequest = z.object({
  id: z.int(),
  op: z.enum(['open', 'bulkOut', 'bulkIn', 'interruptIn', 'controlAbort', 'clearHalt', 'close']),
  data: z.string().optional(),
  maxLength: z.int().optional(),
  timeoutMs: z.number().optional(),
  endpoint: z.enum(['bulk-out', 'bulk-in', 'interrupt-in']).optional(),
  slot: z.int().optional(),
  seq: z.int().optional(),
});
export type RemoteRequest = z.output<typeof remoteRequest>;

export const remoteResponse = z.union([
  z.object({
    id: z.int(),
    ok: z.literal(true),
    data: z.string().optional(),
    ccidDescriptor: z.string().optional(),
    info: z
      .object({
        id: z.string(),
        vendorId: z.int(),
        productId: z.int(),
        manufacturer: z.string(),
        product: z.string(),
      })
      .optional(),
  }),
  z.object({
    id: z.int(),
    ok: z.literal(false),
    code: z.enum([
      'usb.timeout',
      'usb.stall',
      'usb.gone',
      'usb.busy',
      'usb.permission',
      'usb.in-use',
      'usb.io',
    ]),
  }),
]);
export type RemoteResponse = z.output<typeof remoteResponse>;
