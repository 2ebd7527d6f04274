import process from 'node:process';
import { GRID_PROFILES, type GridProfile } from '../../server/src/grid/profiles.ts';

/** The profile that `--grid` names. Ends the process with 2 where there is none of that name. */
export function gridProfileOf(name: string): GridProfile {
  const found = GRID_PROFILES.find((known) => known === name);
  if (found !== undefined) return found;
  process.stderr.write(`The grid has no profile ${name}. There are: ${GRID_PROFILES.join(', ')}.\n`);
  return process.exit(2);
}
