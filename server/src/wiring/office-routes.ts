import { adminAccountRoutes } from '../access/account-routes.ts';
import { adminApprovalRoutes } from '../access/approval-routes.ts';
import { adminAuditRoutes } from '../access/audit-routes.ts';
import { invitationRoutes } from '../access/invitation-routes.ts';
import { adminRoleRoutes } from '../access/role-routes.ts';
import { adminSessionRoutes } from '../access/session-routes.ts';
import { adminUserRoutes } from '../access/user-routes.ts';
import { adminCaseRoutes } from '../cases/routes.ts';
import { adminAlertRoutes } from '../insight/alerts/routes.ts';
import { adminAlertSettingRoutes } from '../insight/alerts/setting-routes.ts';
import { adminAuditFileRoutes } from '../insight/exports/audit-file-routes.ts';
import { adminExportRoutes } from '../insight/exports/routes.ts';
import { adminStatisticsRoutes } from '../insight/report/routes.ts';
import { announcementRoutes } from '../people/announcements/routes.ts';
import { adminComplaintRoutes } from '../people/complaint/routes.ts';
import { adminConsentRoutes } from '../people/consents/admin-routes.ts';
import { terminalConsentRoutes } from '../people/consents/terminal-routes.ts';
import { terminalCounterRoutes } from '../people/counter/routes.ts';
import { adminOrgRoutes } from '../people/orgs/routes.ts';
import { adminResidentRoutes } from '../people/retention/routes.ts';
import { adminCardRoutes } from '../people/staff/card-routes.ts';
import { ConsoleSearch } from '../people/staff/console-search.ts';
import { adminConsoleSearchRoutes } from '../people/staff/console-search-routes.ts';
import { adminNotificationRoutes } from '../people/staff/notification-routes.ts';
import { adminOrderRoutes } from '../people/staff/order-routes.ts';
import { adminOrderSearchRoutes } from '../people/staff/order-search-routes.ts';
import { adminOrderWorkRoutes } from '../people/staff/order-work-routes.ts';
import { adminSavedFilterRoutes } from '../people/staff/saved-filter-routes.ts';
import { adminCardSessionReadingRoutes } from '../people/staff/session-reading-routes.ts';
import { terminalStaffRoutes } from '../people/staff/terminal-routes.ts';
import { adminTransactionRoutes } from '../people/staff/transaction-routes.ts';
import { adminSupportRoutes } from '../insight/support/routes.ts';
import { adminKeyRoutes } from '../upkeep/keys/routes.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import type { AnyRoute } from '../route/route.ts';
import type { RouteParts } from './route-parts.ts';

/** What the people of province, prefectures and communities do. */
export function officeRoutes(parts: RouteParts): AnyRoute[] {
  return [...accountRoutes(parts), ...staffRoutes(parts), ...insightRoutes(parts)];
}

/** Who they are, and whom and what they look after. */
function accountRoutes({ access, fleet, personal, complaints, announcements }: RouteParts): AnyRoute[] {
  const { sessions, users, audit, approvals } = access;
  return [
    ...adminSessionRoutes({ sessions, users, audit }),
    ...adminAccountRoutes(access),
    ...adminUserRoutes(access),
    ...invitationRoutes(access),
    ...adminRoleRoutes(access),
    ...adminOrgRoutes(fleet),
    ...adminApprovalRoutes({ approvals }),
    ...adminResidentRoutes(personal),
    ...adminComplaintRoutes({ complaints, audit }),
    ...announcementRoutes(announcements),
  ];
}

/** Orders and cards, in the office and at a terminal. */
function staffRoutes(parts: RouteParts): AnyRoute[] {
  const { staff, remoteCards, services, access, archive } = parts;
  const { audit, userStore, orgs } = access;
  const { store: orders, receipts, advancer } = services;
  const { terminals, presence } = parts.fleet;
  const seal = new NumberSeal(parts.deps.config.DATA_KEYS);
  return [
    ...terminalStaffRoutes(staff),
    ...terminalCounterRoutes(parts.counter),
    ...terminalConsentRoutes(parts.consents),
    ...adminConsentRoutes(parts.consents.office),
    ...adminCaseRoutes({ cases: staff.cases, users: userStore, audit }),
    ...adminCardRoutes(staff),
    ...adminCardSessionReadingRoutes(remoteCards, staff.readings, orders),
    ...adminConsoleSearchRoutes(
      new ConsoleSearch({
        ...{ orders, receipts, cases: staff.cases, terminals, orgs },
        ...{ presence, seal, audit },
      }),
    ),
    ...adminOrderSearchRoutes({ orders, receipts, users: userStore, diagnoses: staff.diagnoses }),
    ...adminOrderRoutes(staff, orders),
    ...adminOrderWorkRoutes({ ...staff, orders }),
    ...adminSavedFilterRoutes(staff.filters),
    ...adminTransactionRoutes({ orders }),
    ...adminNotificationRoutes({ archive, advancer, orders, audit }),
  ];
}

/** What there is to be seen. */
function insightRoutes({ access, report, files, alerts, keys, deps }: RouteParts): AnyRoute[] {
  const { clock } = deps;
  const { audit, userStore: users } = access;
  return [
    ...adminStatisticsRoutes({ ...report, audit, clock }),
    ...adminAuditRoutes({ ...access, users, clock }),
    ...adminAuditFileRoutes({ ...access, users, clock }),
    ...adminExportRoutes(files),
    ...adminAlertRoutes(alerts),
    ...adminAlertSettingRoutes(alerts),
    ...adminKeyRoutes(keys),
    ...adminSupportRoutes({ audit, deps }),
  ];
}
