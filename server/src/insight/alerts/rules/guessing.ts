import type { Lock } from '../../../access/store/attempts.ts';
import type { SealedCode } from '../../../access/store/break-glass.ts';
import { ofProvince, type Finding } from '../finding.ts';

/** As many locks make it worse. */
const WORSE = [1, 5, 20] as const;

/** Secrets at which somebody tried until nothing more was looked at: one alert a kind of secret. */
export function guessing(locks: readonly Lock[]): Finding[] {
  return [...new Set(locks.map(({ factor }) => factor))].map((subject) => {
    const of = locks.filter(({ factor }) => factor === subject);
    return ofProvince({
      ...{ rule: 'access.guessing', subject, count: of.length },
      since: new Date(Math.min(...of.map(({ lockedAt }) => lockedAt.getTime()))),
      level: WORSE.filter((least) => of.length >= least).length,
    });
  });
}

/** Sealed codes that were opened: each is told by itself. */
export function glassBroken(opened: readonly SealedCode[]): Finding[] {
  return opened.flatMap(({ _id, opened: how }) =>
    how === undefined
      ? []
      : ofProvince({
          ...{ rule: 'access.break-glass', subject: _id.slice(0, 16), since: how.at, count: 1 },
          facts: { name: how.name },
        }),
  );
}
