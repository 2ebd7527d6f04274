import type { Transcript } from '../transcript/format.ts';
import { ReplaySession } from '../transcript/player.ts';
import { openCard, type OpenCard } from './card.ts';
import { dumpCard } from './dump-card.ts';
import { dumpSchema, type Dump } from './dump-form.ts';
import type { MeterFiles } from './project.ts';

export interface Replayed {
  readonly card: OpenCard;
  readonly dump: Dump;
  /** Undefined where the transcript carries none. */
  readonly recordedDump: Dump | undefined;
}

/** Identifies and dumps the card of a transcript; `TranscriptError` where it does not fit the driver. */
export async function replayed(transcript: Transcript, meterFiles?: MeterFiles): Promise<Replayed> {
  const session = new ReplaySession(transcript);
  const card = await openCard(session, transcript.memoryReader);
  const dump = await dumpCard(card, meterFiles);
  session.assertAllPlayed();
  const recorded = dumpSchema.safeParse(transcript.dump);
  return { card, dump, recordedDump: recorded.success ? recorded.data : undefined };
}
