import * as z from '../../schema/kinds.ts';

/** What a report is told apart by; a reader of reports takes no other. */
export const REPORT_FORMAT = 'bianmin-acceptance/1';

/** Bytes of a card and of the answers to it are `XX`, whatever they were; the header of a command is not. */
const maskedHex = z.string().regex(/^(?:[0-9A-F]{2}|XX)*$/);
const word = z.string().max(200);

/** Something that was seen. `id` says what; a report never holds a code, a number of a household, or what stands on a card. */
const observation = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/),
  value: z.union([z.boolean(), z.number(), word]),
});

const step = z.strictObject({
  id: z.string(),
  state: z.enum(['done', 'skipped', 'failed']),
  /** Why it was skipped, in the person's words, or the code of the error. */
  reason: word.exactOptional(),
  observations: z.array(observation),
});

/** A visit with a real card and reader, whole or as far as it came. Times are ms. */
export const reportSchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  /** Day, YYYY-MM-DD. */
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  by: word,
  steps: z.array(step),
  /** Commands of reading the card, with their answers' lengths and status words. */
  exchanges: z.array(z.tuple([maskedHex, z.union([maskedHex, z.string().regex(/^![a-z.-]+$/)])])),
});
export type Report = z.infer<typeof reportSchema>;
export type Observation = z.infer<typeof observation>;
export type ReportStep = z.infer<typeof step>;

/** What was seen under an id, in whichever step; the last where it was seen more than once. */
export function seen(report: Report, id: string): Observation['value'] | undefined {
  return report.steps
    .flatMap(({ observations }) => observations)
    .filter((each) => each.id === id)
    .at(-1)?.value;
}
