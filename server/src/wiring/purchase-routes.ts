import { notifyRoutes } from '../orders/desk/notify-routes.ts';
import { streamRoutes } from '../orders/desk/stream-routes.ts';
import { StreamTickets } from '../orders/desk/stream-tickets.ts';
import { terminalCardRoutes } from '../orders/desk/terminal-card-routes.ts';
import { terminalOrderRoutes } from '../orders/desk/terminal-order-routes.ts';
import { terminalRemoteRoutes } from '../orders/desk/terminal-remote-routes.ts';
import { payPageRoutes } from '../payer/pay-page/routes.ts';
import { portalRoutes } from '../payer/portal/routes.ts';
import { receiptRoutes } from '../payer/receipt/routes.ts';
import { payerBindingRoutes } from '../people/residents/binding-routes.ts';
import { terminalHomeRoutes } from '../people/residents/home-routes.ts';
import { payerOrderRoutes } from '../people/residents/order-routes.ts';
import type { AnyRoute } from '../route/route.ts';
import type { RouteParts } from './route-parts.ts';

/** What households buy by: a terminal, a phone, the portal; and the channels that say what was paid. */
export function purchaseRoutes(parts: RouteParts): AnyRoute[] {
  const { deps, services, residents, streams, metrics } = parts;
  const { notifications } = services;
  return [
    ...portalRoutes(parts),
    ...terminalCardRoutes(services),
    ...terminalOrderRoutes(services),
    ...terminalRemoteRoutes({ ...services, byConsent: parts.consents.sales }),
    ...terminalHomeRoutes({ ...services, boxes: residents.boxes }),
    ...streamRoutes({ tickets: new StreamTickets(deps.redis), streams }),
    ...payPageRoutes({ page: parts.payPage }),
    ...receiptRoutes({ receipts: parts.paper, orders: services.orders }),
    ...notifyRoutes({ notifications, archive: parts.archive, metrics, log: deps.log }),
    ...payerBindingRoutes(residents),
    ...payerOrderRoutes({ orders: residents.orders, streams }),
  ];
}
