/**
 * Whether a write was given up since its card refused the code or key: also with its last try, by which it locked itself. Of a
 * card that was locked before no tries are told.
 */
export function saysRefused({
  reason,
  triesLeft,
}: {
  readonly reason?: string | undefined;
  readonly triesLeft?: number | undefined;
}): boolean {
  return reason === 'meter-card.code-wrong' || (reason === 'meter-card.locked' && triesLeft === 0);
}
