import { failUsage } from '@bianmin/purchase/node/cli-options';
import { GRID_PROFILES, type GridProfile } from '../../../server/src/gateways/grid/profiles.ts';

/** The profile that `--grid` names. Prints the usage and ends the process with 2 where there is none of that name. */
export function gridProfileOf(name: string, usage = ''): GridProfile {
  const found = GRID_PROFILES.find((known) => known === name);
  if (found !== undefined) return found;
  return failUsage(usage, `The grid has no profile ${name}. There are: ${GRID_PROFILES.join(', ')}.`);
}
