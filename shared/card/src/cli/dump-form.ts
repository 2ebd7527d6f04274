import * as z from '../schema/kinds.ts';
import { ACCESSES } from './zone-shape.ts';

const masked = z.string().regex(/^(?:[0-9A-F]{2}|XX)*$/);
const span = z.strictObject({ start: z.int(), end: z.int() });

const zone = z.strictObject({
  zone: z.string(),
  length: z.int(),
  access: z.enum(ACCESSES),
  /** Hex, hidden bytes as `XX`; absent where the card did not let it be read. */
  data: masked.exactOptional(),
  /** The error's code where it could not be read. */
  unreadable: z.string().exactOptional(),
  /** Bytes that can never change again. */
  protected: z.array(span).exactOptional(),
});

export const DUMP_FORMAT = 'bianmin-dump/1';

/** A card as `dump --json` gives it: no code is in it. */
export const dumpSchema = z.strictObject({
  format: z.literal(DUMP_FORMAT),
  chip: z.string(),
  /** Which of several layouts: the dialect of a CPU card. */
  variant: z.string().exactOptional(),
  atr: z.string(),
  /** Tries left of each code, or the error's code where the reader cannot tell them. */
  tries: z.array(
    z.union([
      z.strictObject({ code: z.string(), left: z.int(), full: z.int() }),
      z.strictObject({ code: z.string(), unreadable: z.string() }),
    ]),
  ),
  zones: z.array(zone),
  /** The meter's files where the layout is known; numbers of meter and customer as `••••1234`. */
  meter: z
    .strictObject({
      serial: z.string(),
      parameters: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
      purse: z.strictObject({ amountFen: z.number(), count: z.number() }),
      returnData: z.union([
        z.literal('blank'),
        z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
      ]),
    })
    .exactOptional(),
});

export type Dump = z.infer<typeof dumpSchema>;
export type DumpZone = Dump['zones'][number];
