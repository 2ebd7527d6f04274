import type { MemoryDialectName } from '../reader/models.ts';
import * as z from '../schema/kinds.ts';
import { TranscriptError } from './error.ts';

/** Hex in which a byte that must not be known is `XX`. */
const maskedHexText = z.string().regex(/^(?:[0-9A-F]{2}|XX)*$/);

/** A command and its answer with status word; `!code` where the reader gave an error instead of an answer. */
const exchange = z.tuple([
  maskedHexText,
  z.union([maskedHexText, z.string().regex(/^![a-z][a-z-]*\.[a-z][a-z-]*$/)]),
]);

const provenance = z.strictObject({
  /** As the slot names it. */
  reader: z.string(),
  /** `id` of the table of readers. */
  model: z.string(),
  /** How it is driven. */
  driven: z.enum(['ccid-usb', 'hid', 'pcsc', 'sandbox', 'simulated']),
  chip: z.string(),
  /** Day of the recording, YYYY-MM-DD. */
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** Who answers for it. */
  by: z.string(),
  note: z.string().exactOptional(),
});

export const TRANSCRIPT_FORMAT = 'bianmin-transcript/1';

const transcriptSchema = z.strictObject({
  format: z.literal(TRANSCRIPT_FORMAT),
  provenance,
  /** What the driver must be told of the reader to send the same again. */
  memoryReader: z.strictObject({
    memoryDialect: z.custom<MemoryDialectName>((name) => typeof name === 'string').exactOptional(),
    wiresC4C8: z.boolean().exactOptional(),
  }),
  atr: z.string().regex(/^(?:[0-9A-F]{2})*$/),
  exchanges: z.array(exchange),
  /** What `dump` made of these answers. */
  dump: z.unknown(),
});

/** Everything that passed between a driver and a card, without what must not be known. */
export type Transcript = z.infer<typeof transcriptSchema>;
export type Exchange = Transcript['exchanges'][number];
export type Provenance = Transcript['provenance'];

/** Reads a transcript's text; `transcript.malformed` says where it is wrong, never what stands there. */
export function parseTranscript(text: string): Transcript {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
  const parsed = transcriptSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw malformed(`see /${parsed.error.issues[0]?.path.join('/') ?? ''}`);
}

/** JSON with an exchange a line, so that a change shows as the lines that changed. */
export function formatTranscript(transcript: Transcript): string {
  const { exchanges, dump, ...head } = transcript;
  const lines = exchanges.map(([command, answer]) => `    ["${command}", "${answer}"]`);
  const opening = JSON.stringify(head, null, 2).replace(/\n}$/, '');
  const body = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  const tail = dump === undefined ? '' : `,\n  "dump": ${indent(JSON.stringify(dump, null, 2))}`;
  return `${opening},\n  "exchanges": ${body}${tail}\n}\n`;
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

function malformed(where: string, cause?: unknown): TranscriptError {
  return new TranscriptError({
    code: 'transcript.malformed',
    message: `This is no transcript that can be read (${where}); record it again or correct it.`,
    cause,
  });
}
