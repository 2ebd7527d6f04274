import { adminCardSessionRoutes } from '../cards/remote/admin-routes.ts';
import { terminalCardSessionRoutes } from '../cards/remote/terminal-routes.ts';
import { adminReleaseRoutes } from '../fleet/releases/admin-routes.ts';
import { boxRoutes } from '../fleet/releases/box-routes.ts';
import { cardLayoutRoutes } from '../fleet/releases/card-layouts.ts';
import { releaseRootRoutes } from '../fleet/releases/root-routes.ts';
import { terminalReleaseRoutes } from '../fleet/releases/terminal-routes.ts';
import { repairRoutes } from '../fleet/repairs/routes.ts';
import { adminTerminalRoutes } from '../fleet/terminals/admin-routes.ts';
import { adminFleetRoutes } from '../fleet/terminals/cohort-routes.ts';
import { terminalCommandRoutes } from '../fleet/terminals/command-result-routes.ts';
import { adminCommandRoutes } from '../fleet/terminals/command-routes.ts';
import { adminKioskRoutes } from '../fleet/terminals/kiosk-routes.ts';
import { terminalHeartbeatRoutes } from '../fleet/terminals/heartbeat-routes.ts';
import { terminalIdentityRoutes } from '../fleet/terminals/identity-routes.ts';
import { terminalReportRoutes } from '../fleet/terminals/report-routes.ts';
import type { AnyRoute } from '../route/route.ts';
import type { RouteParts } from './route-parts.ts';

/** Terminals, their releases, and the cards in their readers. */
export function fleetRoutes(parts: RouteParts): AnyRoute[] {
  const { fleet, releases, remoteCards } = parts;
  const { audit } = parts.access;
  return [
    ...terminalIdentityRoutes(fleet),
    ...boxRoutes({ time: fleet.time, packages: releases?.packages }),
    ...terminalHeartbeatRoutes(fleet.beats),
    ...terminalCommandRoutes(fleet.commands),
    ...terminalCardSessionRoutes(remoteCards),
    ...adminTerminalRoutes({
      repairs: fleet.repairs,
      ...{ terminals: fleet.terminals, orgs: fleet.orgs, codes: fleet.codes, allowance: fleet.allowance },
      ...{ audit, clock: parts.deps.clock, presence: fleet.presence },
      forget: (id) => {
        fleet.authenticator.forget(id);
      },
      forgetHomes: (id, where) => parts.residents.boxes.forgetAll(id, where),
    }),
    ...adminFleetRoutes(fleet),
    ...adminKioskRoutes(fleet),
    ...repairRoutes({ repairs: fleet.repairs, users: parts.access.userStore, audit }),
    ...adminCommandRoutes(fleet.commands),
    ...adminReleaseRoutes(releases),
    ...adminCardSessionRoutes({ ...remoteCards, audit }),
    ...terminalReportRoutes(fleet),
    ...terminalReleaseRoutes(releases),
    ...cardLayoutRoutes(parts.cardLayouts),
    ...releaseRootRoutes(parts.releaseRoots),
  ];
}
