import { READY_PREFIX, readyRole } from '@bianmin/purchase/api/ready-roles';
import { ProblemError } from '../kernel/problem.ts';

/** What two names have in common that a person takes for one. */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase();

/** Under what a role is known: its name and, of a ready-made one, what pages call it. */
function namesOf(name: string): string[] {
  const ready = readyRole(name);
  return [name, ...(ready === undefined ? [] : Object.values(ready.titles))].map(folded);
}

/**
 * Throws `role.name-taken` where a new role's name would be taken for one of these, or for one that is ready-made and is not. A
 * ready-made role that was removed may come back under its own.
 */
export function refuseTaken(name: string, there: readonly string[]): void {
  const ready = readyRole(name) !== undefined;
  const mine = new Set(namesOf(name));
  const isTaken = there.some((other) => other !== name && namesOf(other).some((each) => mine.has(each)));
  if (!isTaken && (ready || !folded(name).startsWith(READY_PREFIX))) return;
  throw new ProblemError({
    code: 'role.name-taken',
    message: 'Another role has this name, in these or in other letters. Choose another.',
  });
}
