import type { Cohort } from '@bianmin/purchase/api/heartbeat';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { ofProvince, type Finding, type Moment } from '../finding.ts';

/** Cohorts of which too many are missing, and faults that a whole cohort has. */
export function cohortsInTrouble(cohorts: readonly Cohort[], at: Moment): Finding[] {
  return cohorts.flatMap((cohort) => [...missing(cohort, at), ...faults(cohort, at)]);
}

/** Keys that wait to be accepted: a day on which many are set up, or somebody who makes keys. `most`: so many may wait. */
export function manyWaiting(count: number, most: number, { now, limits }: Moment): Finding[] {
  if (count < limits['waiting-least']) return [];
  return [
    ofProvince({ rule: 'terminals.waiting', subject: 'enrolments', since: now, count, facts: { most } }),
  ];
}

function missing(cohort: Cohort, { now, limits }: Moment): Finding[] {
  const { kind, terminals, presence } = cohort;
  // A family pulls the plug when it likes.
  if (kind === 'box') return [];
  const percent = terminals === 0 ? 0 : Math.round((presence.missing * 100) / terminals);
  if (presence.missing < limits['missing-least'] || percent < limits['missing-percent']) return [];
  return [
    {
      ...{ rule: 'terminals.missing', subject: nameOf(cohort), orgPath: pathOf(cohort) },
      ...{ since: now, count: presence.missing, facts: { percent, of: terminals } },
    },
  ];
}

function faults(cohort: Cohort, { now, limits }: Moment): Finding[] {
  const { terminals } = cohort;
  return cohort.faults.flatMap(({ code, count }): Finding[] => {
    const percent = Math.round((count * 100) / Math.max(1, terminals));
    if (count < limits['fault-least'] || percent < limits['fault-percent']) return [];
    return [
      {
        ...{ rule: 'terminals.fault', subject: `${nameOf(cohort)} ${code}`, orgPath: pathOf(cohort) },
        ...{ since: now, count, facts: { code, of: terminals } },
      },
    ];
  });
}

function nameOf({ kind, platform, version, reader, org }: Cohort): string {
  return `${kind}${platform === null ? '' : `-${platform}`} ${version} ${reader ?? '-'} ${org}`;
}

function pathOf({ org }: Cohort): readonly string[] {
  return org === PROVINCE ? [PROVINCE] : [PROVINCE, org];
}
