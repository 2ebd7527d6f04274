import type { AskedCommand } from '@bianmin/shared/api/card-session';
import { READ_PROFILES } from '@bianmin/shared/meter-card/read-profiles';
import { checkStep } from './check.ts';
import { outstanding, type RemoteSession } from './session.ts';

/** What staff may put as the next step: of all that there is for this card, what the one table of both ends lets through. */
export function permittedNow(session: RemoteSession): AskedCommand[] {
  if (session.state !== 'working' || outstanding(session) !== undefined) return [];
  const { chip } = session.steps.findLast(({ asked }) => asked.do === 'identify')?.answer ?? {};
  const profile = chip === undefined ? undefined : READ_PROFILES[chip];
  const all: AskedCommand[] = [
    { do: 'identify' },
    { do: 'read-card' },
    { do: 'write' },
    ...(profile?.codes ?? []).map((key): AskedCommand => ({ do: 'tries', key })),
    ...(profile?.regions ?? []).map(({ zone, offset, length }): AskedCommand => ({
      ...{ do: 'read', zone, offset, length },
    })),
  ];
  return all.filter((command) => {
    try {
      checkStep(session, command);
      return true;
    } catch {
      return false;
    }
  });
}
