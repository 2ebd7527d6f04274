import { SECURITY_SCHEMES } from '../../wiring/security-schemes.ts';
import type { AlertServices } from '../../wiring/alerts.ts';
import type { Announcements } from '../../people/announcements/announcements.ts';
import type { AccessServices } from '../../wiring/access.ts';
import type { BookServices } from '../../wiring/books.ts';
import type { Settlements } from '../../money/reconcile/settlements.ts';
import type { Deps } from '../../config/deps.ts';
import type { CounterServices } from '../../wiring/counter.ts';
import type { Complaints } from '../../people/complaint/complaints.ts';
import type { Services } from '../../wiring/orders.ts';
import type { Exports } from '../../insight/exports/exports.ts';
import type { FleetServices } from '../../wiring/fleet.ts';
import type { InvoiceServices } from '../../wiring/invoices.ts';
import type { Metrics } from '../../adapters/metrics/metrics.ts';
import type { KeyRotation } from '../../money/payment-keys/rotation.ts';
import type { NotificationArchive } from '../../orders/store/notification-archive.ts';
import type { ReleaseServices } from '../../wiring/releases.ts';
import type { PayPage } from '../../payer/pay-page/pay-page.ts';
import type { Receipts } from '../../payer/receipt/receipts.ts';
import type { PortalSessions } from '../../payer/portal/sessions.ts';
import type { RemoteCardServices } from '../../wiring/remote-cards.ts';
import type { ReportServices } from '../../wiring/reports.ts';
import type { StaffServices } from '../../wiring/staff.ts';
import type { AnyRoute } from '../../route/route.ts';
import type { OrderStreams } from '../../orders/desk/order-streams.ts';
import { StreamTickets } from '../../orders/desk/stream-tickets.ts';
import { adminAccountRoutes } from '../../access/account-routes.ts';
import { adminAlertRoutes } from './admin-alerts.ts';
import { adminAlertSettingRoutes } from './admin-alert-settings.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import { adminAuditFileRoutes } from '../../insight/exports/audit-file-routes.ts';
import { adminAuditRoutes } from '../../access/audit-routes.ts';
import { adminCardSessionReadingRoutes } from './admin-card-session-reading.ts';
import { adminBillRoutes } from './admin-bills.ts';
import { adminCardSessionRoutes } from './admin-card-sessions.ts';
import { adminCardRoutes } from './admin-cards.ts';
import { adminCaseRoutes } from './admin-cases.ts';
import { adminComplaintRoutes } from './admin-complaints.ts';
import { adminCommandRoutes } from './admin-commands.ts';
import { announcementRoutes } from './announcements.ts';
import { adminFleetRoutes } from './admin-fleet.ts';
import { adminExportRoutes } from './admin-exports.ts';
import { adminFoundMoneyRoutes } from './admin-found-money.ts';
import { adminOrderSearchRoutes } from './admin-order-search.ts';
import { adminOrderWorkRoutes } from './admin-order-work.ts';
import { adminSavedFilterRoutes } from './admin-saved-filters.ts';
import { adminOrgRoutes } from './admin-orgs.ts';
import { adminOrderRoutes } from './admin-orders.ts';
import { adminReconciliationRoutes } from './admin-reconciliation.ts';
import { adminDiscountRoutes } from './admin-discounts.ts';
import { adminFloatRoutes } from './admin-floats.ts';
import { adminPaymentRoutes } from './admin-payments.ts';
import { adminRefundRoutes } from './admin-refunds.ts';
import { adminReleaseRoutes } from './admin-releases.ts';
import { adminResidentRoutes } from './admin-residents.ts';
import { adminSessionRoutes } from '../../access/session-routes.ts';
import { adminStatisticsRoutes } from './admin-statistics.ts';
import { adminTerminalRoutes } from './admin-terminals.ts';
import { adminRoleRoutes } from '../../access/role-routes.ts';
import { adminUserRoutes } from '../../access/user-routes.ts';
import type { DiscountRules } from '../../money/discount/rules.ts';
import type { FloatServices } from '../../wiring/float.ts';
import type { FoundMoney } from '../../money/refunds/found-money.ts';
import type { RefundRequests } from '../../money/refunds/requests.ts';
import type { RetentionServices } from '../../wiring/retention.ts';
import type { ResidentServices } from '../../wiring/residents.ts';
import { boxRoutes } from './box.ts';
import { portalRoutes } from './portal.ts';
import { payerBindingRoutes } from './payer-bindings.ts';
import { payerOrderRoutes } from './payer-orders.ts';
import { invoiceRoutes } from './invoices.ts';
import { notifyRoutes } from './notify.ts';
import { payPageRoutes } from './pay-page.ts';
import { receiptRoutes } from './receipts.ts';
import { streamRoutes } from '../../orders/desk/stream-routes.ts';
import { systemRoutes, type SystemServices } from '../system-routes.ts';
import { terminalCardSessionRoutes } from './terminal-card-session.ts';
import { terminalCashRoutes } from './terminal-cash.ts';
import { terminalCommandRoutes } from './terminal-commands.ts';
import { terminalCounterRoutes } from './terminal-counter.ts';
import { terminalCardRoutes } from './terminal-cards.ts';
import { terminalHeartbeatRoutes } from './terminal-heartbeat.ts';
import { terminalHomeRoutes } from './terminal-homes.ts';
import { terminalIdentityRoutes } from './terminal-identity.ts';
import { terminalOrderRoutes } from './terminal-orders.ts';
import { terminalReleaseRoutes } from './terminal-releases.ts';
import { terminalReportRoutes } from './terminal-reports.ts';
import { terminalRemoteRoutes } from './terminal-remote.ts';
import { terminalStaffRoutes } from './terminal-staff.ts';

export interface RouteParts {
  readonly deps: Pick<Deps, 'clock' | 'log' | 'redis' | 'config' | 'grid'>;
  readonly services: Services;
  readonly access: AccessServices;
  readonly fleet: FleetServices;
  readonly staff: StaffServices;
  readonly books: BookServices;
  readonly settlements: Settlements;
  readonly refunds: RefundRequests;
  readonly found: FoundMoney;
  readonly floats: FloatServices;
  readonly counter: CounterServices;
  readonly discounts: DiscountRules;
  readonly remoteCards: RemoteCardServices;
  readonly residents: ResidentServices;
  readonly personal: RetentionServices;
  readonly payPage: PayPage;
  readonly paper: Receipts;
  readonly portal: PortalSessions;
  readonly invoices: InvoiceServices;
  readonly complaints: Complaints;
  readonly files: Exports;
  /** Absent: this server takes none. */
  readonly releases: ReleaseServices | undefined;
  readonly alerts: AlertServices;
  readonly announcements: Announcements;
  readonly archive: NotificationArchive;
  readonly rotation: KeyRotation;
  readonly report: ReportServices;
  readonly streams: OrderStreams;
  readonly metrics: Metrics;
  readonly notReady: SystemServices['notReady'];
}

/** Every endpoint there is. */
export function allRoutes(parts: RouteParts): AnyRoute[] {
  const { deps, services, access, fleet, metrics } = parts;
  const { audit, users, sessions, approvals } = access;
  const routes: AnyRoute[] = [
    ...terminalIdentityRoutes(fleet),
    ...boxRoutes({ time: fleet.time, packages: parts.releases?.packages }),
    ...terminalHeartbeatRoutes(fleet.beats),
    ...terminalCommandRoutes(fleet.commands),
    ...portalRoutes(parts),
    ...terminalCardRoutes(services),
    ...terminalOrderRoutes(services),
    ...terminalRemoteRoutes(services),
    ...terminalHomeRoutes({ ...services, boxes: parts.residents.boxes }),
    ...terminalStaffRoutes(parts.staff),
    ...terminalCardSessionRoutes(parts.remoteCards),
    ...streamRoutes({ tickets: new StreamTickets(deps.redis), streams: parts.streams }),
    ...payPageRoutes({ page: parts.payPage }),
    ...receiptRoutes({ receipts: parts.paper, orders: services.orders }),
    ...invoiceRoutes({ ...parts.invoices, orders: parts.residents.orders }),
    ...adminComplaintRoutes({ complaints: parts.complaints, audit }),
    ...notifyRoutes({
      notifications: services.notifications,
      archive: parts.archive,
      metrics,
      log: deps.log,
    }),
    ...payerBindingRoutes(parts.residents),
    ...payerOrderRoutes({ orders: parts.residents.orders, streams: parts.streams }),
    ...adminSessionRoutes({ sessions, users, audit }),
    ...adminAccountRoutes(access),
    ...adminTerminalRoutes({
      terminals: fleet.terminals,
      orgs: fleet.orgs,
      codes: fleet.codes,
      audit,
      clock: deps.clock,
      presence: fleet.presence,
      forget: (id) => {
        fleet.authenticator.forget(id);
      },
      forgetHomes: (id, where) => parts.residents.boxes.forgetAll(id, where),
    }),
    ...adminFleetRoutes(fleet),
    ...adminCommandRoutes(fleet.commands),
    ...adminReleaseRoutes(parts.releases),
    ...adminUserRoutes(access),
    ...adminRoleRoutes(access),
    ...adminOrgRoutes(fleet),
    ...adminResidentRoutes(parts.personal),
    ...adminApprovalRoutes({ approvals }),
    ...adminStatisticsRoutes({ ...parts.report, audit, clock: deps.clock }),
    ...adminAuditRoutes({ ...access, users: access.userStore, clock: deps.clock }),
    ...adminAuditFileRoutes({ ...access, users: access.userStore, clock: deps.clock }),
    ...adminCaseRoutes({ cases: parts.staff.cases, users: access.userStore, audit }),
    ...adminCardRoutes(parts.staff),
    ...adminCardSessionRoutes({ ...parts.remoteCards, audit }),
    ...adminCardSessionReadingRoutes(parts.remoteCards, parts.staff.readings, services.store),
    ...adminBillRoutes({ bills: parts.books.bills, grid: parts.deps.grid.grid, audit, clock: deps.clock }),
    ...adminReconciliationRoutes({ books: parts.books, settlements: parts.settlements, audit }),
    ...adminOrderSearchRoutes(services.store, access.userStore),
    ...adminOrderRoutes(parts.staff, services.store),
    ...adminOrderWorkRoutes({ ...parts.staff, orders: services.store }),
    ...adminSavedFilterRoutes(parts.staff.filters),
    ...adminExportRoutes(parts.files),
    ...adminAlertRoutes(parts.alerts),
    ...adminAlertSettingRoutes(parts.alerts),
    ...announcementRoutes(parts.announcements),
    ...adminPaymentRoutes({ ...parts, ...services, config: deps.config, orders: services.store, audit }),
    ...adminDiscountRoutes(parts.discounts),
    ...adminFloatRoutes({ ...parts.floats, sessions, audit, clock: deps.clock }),
    ...terminalCashRoutes({ cash: parts.floats.cash, orders: services.orders, codes: services.codes }),
    ...terminalCounterRoutes(parts.counter),
    ...terminalReportRoutes(fleet),
    ...terminalReleaseRoutes(parts.releases),
    ...adminRefundRoutes({ refunds: parts.refunds, clock: deps.clock }),
    ...adminFoundMoneyRoutes({ found: parts.found }),
  ];
  const system = {
    clock: deps.clock,
    metrics,
    publicUrl: deps.config.PUBLIC_URL,
    schemes: SECURITY_SCHEMES,
    notReady: parts.notReady,
  };
  return [...systemRoutes(system, routes), ...routes];
}
