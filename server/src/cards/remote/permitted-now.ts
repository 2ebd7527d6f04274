import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import type { AskedCommand } from '@bianmin/purchase/api/card-session';
import { checkStep, layoutsOf } from './check.ts';
import { outstanding, type RemoteSession } from './session.ts';

/** What staff may put as the next step: of all that there is for this card, what the one table of both ends lets through. */
export function permittedNow(session: RemoteSession, inForce: CardLayouts): AskedCommand[] {
  if (session.state !== 'working' || outstanding(session) !== undefined) return [];
  const card = session.steps.findLast(({ asked }) => asked.do === 'identify')?.answer ?? {};
  const layouts = layoutsOf(card, inForce);
  const all: AskedCommand[] = [
    { do: 'identify' },
    { do: 'read-card' },
    { do: 'write' },
    ...[...new Set(layouts.flatMap(({ codes }) => codes))].map((key): AskedCommand => ({ do: 'tries', key })),
    ...layouts
      .flatMap(({ regions }) => regions)
      .map(({ zone, offset, length }): AskedCommand => ({ do: 'read', zone, offset, length })),
  ];
  return all.filter((command) => {
    try {
      checkStep(session, command, inForce);
      return true;
    } catch {
      return false;
    }
  });
}
