import type { DestinationStream } from 'pino';

/** Shorter ones are words of everyday lines. */
const LEAST = 8;
/** Of a secret of several lines or parts (PEM, a list of keys) each part that nobody could guess is one. */
const LEAST_PART = 24;

/** A destination that writes each line without any of these. */
export function hiding(
  secrets: readonly string[],
  to: DestinationStream,
): DestinationStream & { flushSync?(): void } {
  const spellings = spellingsOf(secrets);
  if (spellings.length === 0) return to;
  return {
    write(line: string) {
      to.write(
        spellings.reduce(
          (said, secret) => (said.includes(secret) ? said.replaceAll(secret, '[redacted]') : said),
          line,
        ),
      );
    },
    // pino asks for it before a process ends.
    flushSync() {
      if ('flushSync' in to && typeof to.flushSync === 'function') (to as { flushSync(): void }).flushSync();
    },
  };
}

/** As they stand in JSON, the longest first. */
function spellingsOf(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) =>
    secret.split(/[^\w+/=-]+/u).filter((part) => part.length >= LEAST_PART),
  );
  const whole = secrets.filter((secret) => secret.length >= LEAST);
  const spelt = [...whole, ...parts].map((secret) => JSON.stringify(secret).slice(1, -1));
  return [...new Set(spelt)].sort((a, b) => b.length - a.length);
}
