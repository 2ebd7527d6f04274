import type { Report } from './report-form.ts';

/** What is the same on every card of a chip: where something is, how long, and how many tries are full. */
const STRUCTURE =
  /^(?:chip\.|zone\..*\.(?:bytes|readable)$|zones\.count$|tries\..*\.full$|challenge\.bytes$)/u;

/** What a report says of its card's make-up, by id. */
export function structureOf(report: Report): Record<string, boolean | number | string> {
  const seen = report.steps.flatMap(({ observations }) => observations);
  return Object.fromEntries(seen.filter(({ id }) => STRUCTURE.test(id)).map(({ id, value }) => [id, value]));
}

/** Where a real card is made otherwise than the simulated one of its chip. */
export function differences(
  real: Report,
  simulated: Report,
): { id: string; real: unknown; simulated: unknown }[] {
  const [ours, theirs] = [structureOf(simulated), structureOf(real)];
  const ids = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  return ids
    .filter((id) => ours[id] !== theirs[id])
    .map((id) => ({ id, real: theirs[id] ?? null, simulated: ours[id] ?? null }));
}
