import type { Clock } from '../../../clock.ts';
import { codeOf } from '../../../errors.ts';
import type { CardSession, CardSlot } from '../../../reader/slot.ts';

/**
 * Longest that a call of a slot may take whatever the device does, ms: a person stands there. A look into the slot may wait for
 * one that is under way.
 */
export const LIMITS_MS = { present: 20_000, open: 60_000, transmit: 30_000, end: 10_000 } as const;
/** An APDU's answer is no longer: 65,536 bytes and a status word. */
const LONGEST_ANSWER = 65_538;

/** A slot whose calls are timed, and whose errors are looked at; `complain` is told of each that is not as it must be. */
export function watchedSlot(slot: CardSlot, clock: Clock, complain: (what: string) => void): CardSlot {
  const timed = async <T>(call: keyof typeof LIMITS_MS, work: () => Promise<T>): Promise<T> => {
    const started = clock.monotonic();
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) === undefined) complain(`${call} failed without a code: ${String(error)}`);
      throw error;
    } finally {
      const took = clock.monotonic() - started;
      if (took > LIMITS_MS[call]) complain(`${call} took ${took} ms`);
    }
  };
  const sessionOf = (session: CardSession): CardSession => ({
    atr: session.atr,
    transmit: async (apdu) => {
      const answer = await timed('transmit', () => session.transmit(apdu));
      if (answer.length > LONGEST_ANSWER) complain(`an answer of ${answer.length} bytes`);
      return answer;
    },
    end: () => timed('end', () => session.end()),
  });
  return {
    name: slot.name,
    model: slot.model,
    present: () => timed('present', () => slot.present()),
    onChange: (listener) => slot.onChange(listener),
    open: async () => sessionOf(await timed('open', () => slot.open())),
    close: () => timed('end', () => slot.close()),
  };
}
