import { fleetKioskQuery, fleetKiosks } from '@bianmin/purchase/api/fleet-kiosks';
import { adminOf } from '../../access/caller.ts';
import { isNamed } from '../../kernel/org-named.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { OpenRepair } from '../repairs/repair-store.ts';
import type { Repairs } from '../repairs/repairs.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { chosenOf, countsOf, tilesOf, type ListedKiosk } from './kiosk-list.ts';
import type { KioskRoll } from './kiosk-roll.ts';

/** Which kiosks are there, and why others most likely are not. */
export function adminKioskRoutes(services: {
  readonly roll: Pick<KioskRoll, 'of'>;
  readonly orgs: Pick<Orgs, 'tree'>;
  readonly repairs: Pick<Repairs, 'open'>;
}): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/admin/fleet/kiosks',
      summary:
        "Kiosks in service within the caller's scope, those that need a hand first, missing ones with their likely cause",
      tag: 'admin',
      auth: 'admin',
      permission: 'terminal:read',
      scope: 'own',
      query: fleetKioskQuery,
      response: fleetKiosks,
      handler: async ({ query, principal }) => {
        const { scope } = adminOf(principal);
        const { limit, ...asked } = query;
        const [{ at, kiosks: called }, open] = await Promise.all([
          services.roll.of(scope),
          services.repairs.open(scope),
        ]);
        const kiosks = called.map((kiosk) => withRepair(kiosk, open.get(kiosk.id)));
        const chosen = chosenOf(kiosks, asked, await placesNamed(services.orgs, asked.text, scope));
        return {
          asOf: new Date(at).toISOString(),
          counts: countsOf(kiosks),
          tiles: tilesOf(kiosks, asked.org ?? scope),
          versions: [...new Set(kiosks.map(({ version }) => version))].sort(),
          kiosks: chosen.slice(0, limit),
          more: Math.max(0, chosen.length - limit),
        };
      },
    }),
  ];
}

/** Organisations below the caller's own that have the text in a name. */
async function placesNamed(
  orgs: Pick<Orgs, 'tree'>,
  text: string | undefined,
  scope: Scope,
): Promise<Set<string>> {
  if (text === undefined) return new Set();
  const named = (await orgs.tree(scope)).filter((org) => org.id !== scope && isNamed(org, text));
  return new Set(named.map(({ id }) => id));
}

function withRepair(kiosk: ListedKiosk, open: OpenRepair | undefined): ListedKiosk {
  if (open === undefined) return kiosk;
  const { _id: id, fault, owner, openedAt } = open;
  return { ...kiosk, repair: { id, fault, owner, openedAt: openedAt.toISOString() } };
}
