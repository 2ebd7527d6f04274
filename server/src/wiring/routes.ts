import type { AnyRoute } from '../route/route.ts';
import { systemRoutes } from '../web/system-routes.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { moneyRoutes } from './money-routes.ts';
import { officeRoutes } from './office-routes.ts';
import { purchaseRoutes } from './purchase-routes.ts';
import type { RouteParts } from './route-parts.ts';
import { SECURITY_SCHEMES } from './security-schemes.ts';

/** Every endpoint there is. */
export function allRoutes(parts: RouteParts): AnyRoute[] {
  const { deps, notReady } = parts;
  const routes = [
    ...fleetRoutes(parts),
    ...purchaseRoutes(parts),
    ...officeRoutes(parts),
    ...moneyRoutes(parts),
  ];
  const system = {
    ...{ clock: deps.clock, notReady },
    publicUrl: deps.config.PUBLIC_URL,
    schemes: SECURITY_SCHEMES,
  };
  return [...systemRoutes(system, routes), ...routes];
}
