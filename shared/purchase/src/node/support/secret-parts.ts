/** Shorter secrets are words of everyday lines. */
const LEAST = 6;
/** Of a secret of several lines (PEM) each part that nobody could guess is one. */
const LEAST_PART = 24;

/** Secrets as they stand by themselves, in JSON and in an address; the longest first. */
export function secretParts(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) =>
    secret.split(/[^\w+/=-]+/u).filter((part) => part.length >= LEAST_PART),
  );
  const whole = secrets.filter((secret) => secret.length >= LEAST);
  const spelt = [...whole, ...parts].flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  return [...new Set(spelt)].sort((a, b) => b.length - a.length);
}
