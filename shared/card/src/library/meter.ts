/** `@bianmin/card/meter`: reads a card's files and writes them so that a torn card can be finished. */
export { imageDigest, outsideDigest } from '../meter-card/digest.ts';
export { MeterCardError, type MeterCardErrorCode } from '../meter-card/error.ts';
export type { CardImage } from '../meter-card/image.ts';
export type { Journal, JournalEntry } from '../meter-card/journal.ts';
export { journalText, parseJournalText } from '../meter-card/journal-text.ts';
export type { Lease } from '../meter-card/lease.ts';
export { writePlanSchema, type PlanStep, type WritePlan } from '../meter-card/plan.ts';
export { readCard } from '../meter-card/read.ts';
export { writeCard, type Authorise, type WriteCardInit, type WrittenCard } from '../meter-card/write.ts';
