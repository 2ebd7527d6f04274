import { sha256 } from '../bytes/sha256.ts';
import { CHIP_NAMES } from '../chip/contract.ts';
import * as z from '../schema/kinds.ts';
import type { JournalEntry } from './journal.ts';
import { rangeSchema } from './plan.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

const entrySchema = z.strictObject({
  orderNo: z.string().regex(/^\d{18}$/),
  lease: z.int().min(0),
  chip: z.enum(CHIP_NAMES),
  serial: z.string().regex(/^[0-9A-F]{16}$/),
  ranges: z.array(rangeSchema),
  outsideDigest: sha256Hex,
  phase: z.enum(['intent', 'presenting', 'writing', 'written', 'failed']),
  startedAt: z.number(),
  imageDigest: sha256Hex.exactOptional(),
  reason: z.string().max(64).exactOptional(),
  triesLeft: z.int().min(0).max(255).exactOptional(),
  keys: z
    .strictObject({
      digest: sha256Hex,
      unanswered: z.int().min(0),
      refused: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  told: z.literal(true).exactOptional(),
});

const textSchema = z.strictObject({ version: z.literal(1), entry: entrySchema, sum: sha256Hex });

/** An entry as every terminal keeps it, with a checksum: JSON. Throws for what is no entry. */
export function journalText(entry: JournalEntry): string {
  const body = entrySchema.parse(entry);
  return JSON.stringify({ version: 1, entry: body, sum: sumOf(body) });
}

/** Throws for text that is no entry, or not the one that was kept. */
export function parseJournalText(text: string): JournalEntry {
  const { entry, sum } = textSchema.parse(JSON.parse(text));
  if (sum !== sumOf(entry)) throw new Error('The checksum is of other contents.');
  return entry;
}

function sumOf(entry: z.output<typeof entrySchema>): string {
  return sha256(JSON.stringify(entry));
}
