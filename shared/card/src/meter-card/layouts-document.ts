import { CHIP_NAMES } from '../chip/contract.ts';
import type { CardLayouts } from './layout.ts';
import { checkLayouts } from './layout-check.ts';
import { LayoutsError } from './layouts-error.ts';
import { rangeSchema } from './plan.ts';
import { hexText } from '../schema/hex-text.ts';
import * as z from '../schema/kinds.ts';

/** A name, not a sentence. */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,47}$/);
const zone = z.string().max(16);
const byte = z.int().min(0).max(0xff);
const directory = z.enum(['mf', 'df01']);

const file = z.strictObject({
  directory,
  sfi: z.int().min(1).max(30),
  length: z.int().min(1).max(0x7fff),
  update: z.enum(['mac', 'plain', 'never']),
  role: z.enum([
    'serial',
    'public',
    'parameters',
    'purse',
    'tariff-current',
    'tariff-spare',
    'control',
    'return',
  ]),
  pieces: z.array(z.int().min(1).max(0xff)).min(1).max(16).exactOptional(),
});

/** See `CpuDialect`. Tries may be counted more carefully than in what is known, never less. */
const dialect = z.strictObject({
  id: name,
  directories: z.strictObject({ mf: z.literal(0x3f00), df01: z.int().min(1).max(0xffff) }),
  files: z.array(file).min(3).max(32),
  serial: z.strictObject({ in: z.literal('file'), region: rangeSchema }),
  maxRead: z.int().min(1).max(0xff),
  maxUpdate: z.int().min(1).max(0xf0),
  keys: z.strictObject({ internal: byte, external: byte }),
  mac: z.strictObject({
    cla: z.union([z.literal(0x04), z.literal(0x84)]),
    length: z.union([z.literal(4), z.literal(8)]),
    challengeLength: z.union([z.literal(4), z.literal(8)]),
    challengeServes: z.enum(['session', 'command']),
  }),
  leastTries: z.int().min(2).max(3),
  tellsTries: z.boolean(),
});

const layout = z.strictObject({
  id: name,
  maker: name,
  chip: z.enum(CHIP_NAMES),
  recognise: z
    .array(z.strictObject({ zone, offset: z.int().min(0).max(0xffff), bytes: hexText(1, 16) }))
    .max(4),
  serial: rangeSchema,
  regions: z.array(rangeSchema).min(1).max(8),
  purse: rangeSchema,
  files: z.strictObject({ parameters: rangeSchema, returnData: rangeSchema }).exactOptional(),
  codes: z.array(z.int().min(0).max(15)).max(4),
  dialect: dialect.exactOptional(),
});

/** What the release key signs: every layout that terminals and server may know, as one version. */
export const layoutsDocument = z.strictObject({
  format: z.literal(1),
  version: z.int().min(1).max(1_000_000),
  layouts: z.array(layout).min(1).max(64),
});

/** The layouts of a document. `layouts.malformed` or `layouts.unsafe` for what is none, or no driver may work by. */
export function layoutsFrom(json: unknown): CardLayouts {
  const read = layoutsDocument.safeParse(json);
  if (!read.success) {
    throw new LayoutsError({
      code: 'layouts.malformed',
      message: 'This is no document of card layouts. Write it anew after docs/protocol/meter-layout.md.',
      context: { at: read.error.issues[0]?.path.join('.') ?? '' },
    });
  }
  const { version, layouts } = read.data;
  checkLayouts({ version, layouts });
  return { version, layouts };
}

/** A document with its layouts, as it is signed. */
export function layoutsText({ version, layouts }: CardLayouts): string {
  const document = layoutsDocument.parse({ format: 1, version, layouts });
  checkLayouts(document);
  return JSON.stringify(document);
}
