import type { CutOff } from './cut-off.ts';
import { LISTEN_EVERY_MS, type HearingRecord } from './hearing.ts';

interface Listening {
  readonly hearing: Pick<HearingRecord, 'listen'>;
  readonly cutOff: Pick<CutOff, 'isKnown'>;
  /** The Redis of used proofs: without a mark there no beat is taken. */
  readonly marks: { set(key: string, value: number, unit: 'PX', ms: number): Promise<unknown> };
  /** Names what this process lacks: nothing is sent to it then. */
  readonly notReady: () => string | undefined;
}

/**
 * Says that this process takes beats, if it does: whoever stays silent then stays silent to us. Rejects where the mark or the word cannot
 * be stored.
 */
export async function sayBeatsAreTaken({ hearing, cutOff, marks, notReady }: Listening): Promise<boolean> {
  if (!cutOff.isKnown || notReady() !== undefined) return false;
  await marks.set('fleet:takes-beats', 1, 'PX', LISTEN_EVERY_MS);
  await hearing.listen();
  return true;
}
