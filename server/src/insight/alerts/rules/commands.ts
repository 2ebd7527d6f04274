import type { AuditEntry } from '../../../access/store/audit.ts';
import { ofProvince, type Finding } from '../finding.ts';

/** Commands that stood in the database and that nobody gave, newest first: one alert. */
export function commandsForged(refused: readonly Pick<AuditEntry, 'at'>[]): Finding[] {
  const oldest = refused.at(-1);
  if (oldest === undefined) return [];
  return [
    ofProvince({
      ...{ rule: 'command.forged', subject: 'commands', since: oldest.at, count: refused.length },
    }),
  ];
}
