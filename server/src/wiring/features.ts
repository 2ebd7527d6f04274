import type { Registry } from 'prom-client';
import { OrgStore } from '../access/store/orgs.ts';
import { layoutsInForce } from '../config/card-layouts.ts';
import { releaseRoots } from '../config/release-roots.ts';
import type { Deps } from '../config/deps.ts';
import { CommissionRules } from '../money/commission/rules.ts';
import { Settlements } from '../money/reconcile/settlements.ts';
import { FoundMoney } from '../money/refunds/found-money.ts';
import { NotificationArchive } from '../orders/store/notification-archive.ts';
import { PayPage } from '../payer/pay-page/pay-page.ts';
import { PortalSessions } from '../payer/portal/sessions.ts';
import { placeNames } from '../payer/receipt/place-names.ts';
import { Receipts } from '../payer/receipt/receipts.ts';
import { AnnouncementStore } from '../people/announcements/announcement-store.ts';
import { Announcements } from '../people/announcements/announcements.ts';
import { createAccess } from './access.ts';
import { createAlerts } from './alerts.ts';
import { createBooks } from './books.ts';
import { createComplaints } from './complaints.ts';
import { createConsents, type ConsentServices } from './consents.ts';
import { createCounter } from './counter.ts';
import { createDeposit } from './deposit.ts';
import { createDiscounts } from './discounts.ts';
import { createExports } from './exports.ts';
import { createFleet } from './fleet.ts';
import { createFloats } from './float.ts';
import { createGlance } from './glance.ts';
import { createInvoices } from './invoices.ts';
import { createServices } from './orders.ts';
import type { ServiceParts } from './order-parts.ts';
import { createKeys } from './keys.ts';
import { createKeyRotation } from './payment-keys.ts';
import { createRefunds } from './refunds.ts';
import { createReleases } from './releases.ts';
import { createRemoteCards } from './remote-cards.ts';
import { createReport } from './reports.ts';
import { createResidentCodes, createResidents } from './residents.ts';
import { createRetention } from './retention.ts';
import { createStaff } from './staff.ts';
import { createTransfers } from './transfer.ts';

type Core = Awaited<ReturnType<typeof createCore>>;
export type Features = Awaited<ReturnType<typeof createFeatures>>;

/** Every feature that the web process serves, each made of those that stand before it. */
export async function createFeatures(
  deps: Deps,
  registry: Registry,
  parts: Partial<ServiceParts> | undefined,
) {
  const core = await createCore(deps, registry, parts);
  const money = await createMoney(deps, core);
  return {
    ...core,
    ...money,
    ...(await createPayerSide(deps, core)),
    ...(await createOffice(deps, core, money.consents)),
  };
}

/** Who may what, orders, households, terminals and staff. */
async function createCore(deps: Deps, registry: Registry, parts: Partial<ServiceParts> | undefined) {
  const access = await createAccess(deps);
  const codes = await createResidentCodes(deps, access);
  const discounts = await createDiscounts(deps);
  const services = await createServices(deps, {
    registry,
    parts: { proofs: codes.proofs, discounts: discounts.desk, ...parts },
  });
  const residents = await createResidents(deps, codes, { access, services });
  const fleet = await createFleet(deps, access);
  const staff = await createStaff({ deps, services, access, fleet });
  return {
    ...{ access, services, residents, fleet, staff },
    ...{ discounts: discounts.rules(access), householdFiles: discounts.files(access) },
  };
}

async function createMoney(deps: Deps, { access, services, staff }: Core) {
  const { cases } = staff;
  const { approvals } = access;
  const floats = await createFloats({ deps, services, access });
  const books = await createBooks(deps, { drawsDeposit: deps.config.GRID_VENDOR_CREDIT === 'on' });
  const report = await createReport(deps);
  const deposit = await createDeposit(deps, { access, books, report });
  const counter = createCounter({ deps, services, access, floats, diagnoses: staff.diagnoses });
  books.months.register(approvals);
  return {
    deposit,
    transfers: await createTransfers(deps, { access, books }),
    commissions: new CommissionRules({
      ...{ store: books.commissionRules, orgs: new OrgStore(deps.db), approvals, clock: deps.clock },
    }),
    glance: createGlance(deps, { books, deposit }),
    floats,
    books,
    counter,
    consents: await createConsents(deps, { access, services, sessions: counter.sessions }),
    refunds: createRefunds({ services, access, cases }),
    report,
    settlements: new Settlements({ ...{ cases, approvals, clock: deps.clock }, ledger: books.ledger }),
    found: new FoundMoney({
      ...{ cases, approvals },
      ...{ mover: services.mover, trigger: services.trigger },
    }),
    invoices: await createInvoices(deps, services.store),
    rotation: await createKeyRotation(deps, approvals),
  };
}

async function createPayerSide(deps: Deps, { access, services, fleet }: Core) {
  const { clock, config } = deps;
  return {
    payPage: new PayPage({
      ...services,
      ...{ payments: services.phonePayments, policy: services.mover.policy, clock },
    }),
    paper: new Receipts({
      ...{ store: services.store, codes: services.receipts, links: services.receiptLinks, clock },
      placeOf: placeNames({ terminals: fleet.terminals, orgs: access.orgs }),
    }),
    portal: new PortalSessions({ ...deps, publicUrl: config.PUBLIC_URL }),
    complaints: await createComplaints(deps, services.store),
  };
}

async function createOffice(deps: Deps, { access, services, fleet, staff }: Core, consents: ConsentServices) {
  const { clock, db } = deps;
  const notices = new AnnouncementStore(db);
  const archive = new NotificationArchive(db, clock);
  await Promise.all([notices.prepare(), archive.prepare()]);
  const cardLayouts = layoutsInForce(deps.config);
  return {
    remoteCards: await createRemoteCards({
      ...{ deps, services, layouts: cardLayouts.layouts },
      ...{ terminals: fleet.terminals, replacements: staff.replacements },
    }),
    files: await createExports(deps, access.audit),
    releases: await createReleases(deps, access),
    cardLayouts,
    releaseRoots: releaseRoots(deps.config),
    announcements: new Announcements({
      store: notices,
      orgs: new OrgStore(db),
      ...{ audit: access.audit, clock },
    }),
    alerts: await createAlerts(deps, access),
    personal: createRetention(deps, access, consents),
    keys: createKeys(deps),
    archive,
  };
}
