import type { Context } from 'koa';
import {
  channelBillQuery,
  communityBillQuery,
  gridBillQuery,
  householdBillQuery,
  type BillFormat,
} from '@bianmin/purchase/api/books';
import { commissionBillQuery } from '@bianmin/purchase/api/commission';
import type { AuditTrail } from '../../access/audit.ts';
import type { Bills } from './bills.ts';
import type { CommissionStatements } from './commission-statements.ts';
import { pdfOf } from './pdf.ts';
import type { Sheet } from './sheet.ts';
import { xlsxOf } from './xlsx.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, recordFor } from '../../access/caller.ts';
import type { Scope } from '../../kernel/scope.ts';

const TYPES: Readonly<Record<BillFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

const bill = {
  method: 'get',
  tag: 'admin',
  auth: 'admin',
  scope: 'province',
  permission: 'bill:read',
  produces: Object.values(TYPES),
  problems: ['bill.not-settled'],
} as const;
/** Of an organisation: its own people may read it. */
const ofAnOrg = { ...bill, scope: 'own', problems: ['bill.not-settled', 'request.not-found'] } as const;

export interface AdminBillServices {
  readonly bills: Bills;
  readonly statements: Pick<CommissionStatements, 'of'>;
  readonly grid: string;
  /** Throws `request.not-found` for an organisation that is not there, or not within the scope. */
  readonly orgs: { getWithin(id: string, scope: Scope): Promise<unknown> };
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Bills as files. Who fetched which is kept: a household's is about a person. */
export function adminBillRoutes(services: AdminBillServices): AnyRoute[] {
  return [...provinceRoutes(services), ...orgRoutes(services)];
}

function provinceRoutes({ bills, grid, audit, clock }: AdminBillServices): AnyRoute[] {
  const send = sender({ audit, clock });
  return [
    defineRoute({
      ...bill,
      path: '/v1/admin/bills/grid',
      summary: 'What is owed to the grid for one day',
      query: gridBillQuery,
      handler: async (input) => send(input, input.query.format, await bills.grid(grid, input.query.day)),
    }),
    defineRoute({
      ...bill,
      path: '/v1/admin/bills/channel',
      summary: 'What a channel took, gave back and kept in a month',
      query: channelBillQuery,
      handler: async (input) => {
        const { channel, month, format } = input.query;
        return send(input, format, await bills.channelFees(channel, month));
      },
    }),
    defineRoute({
      ...bill,
      path: '/v1/admin/bills/household',
      summary: 'What a household bought in a month',
      query: householdBillQuery,
      handler: async (input) => {
        const { meterNo, month, format } = input.query;
        return send(input, format, await bills.household(meterNo, month));
      },
    }),
  ];
}

function orgRoutes({ bills, statements, orgs, audit, clock }: AdminBillServices): AnyRoute[] {
  const send = sender({ audit, clock });
  return [
    defineRoute({
      ...ofAnOrg,
      path: '/v1/admin/bills/community',
      summary: 'What a community’s terminals took and sold in a month',
      query: communityBillQuery,
      handler: async (input) => {
        const { community, month, format } = input.query;
        await orgs.getWithin(community, adminOf(input.principal).scope);
        return send(input, format, await bills.community(community, month));
      },
    }),
    defineRoute({
      ...ofAnOrg,
      path: '/v1/admin/bills/commission',
      summary: 'What an organisation earned by its sales in a month, by rule',
      query: commissionBillQuery,
      handler: async (input) => {
        const { org, month, format } = input.query;
        await orgs.getWithin(org, adminOf(input.principal).scope);
        return send(input, format, await statements.of(org, month));
      },
    }),
  ];
}

type Send = (
  input: Parameters<typeof recordFor>[1] & { ctx: Context },
  format: BillFormat,
  sheet: Sheet,
) => Promise<undefined>;

/** What is of a time that is not over is no bill yet. */
function sender({ audit, clock }: Pick<AdminBillServices, 'audit' | 'clock'>): Send {
  return async (input, format, sheet) => {
    if (chinaDay(sheet.asOf) > chinaDay(new Date(clock.now()))) {
      throw new ProblemError({
        code: 'bill.not-settled',
        message: 'The period of this bill has not ended. Ask again once it has.',
      });
    }
    await recordFor(audit, input, { action: 'bill.read', target: sheet.name });
    input.ctx.attachment(`${sheet.name}.${format}`);
    input.ctx.type = TYPES[format];
    input.ctx.body = format === 'pdf' ? await pdfOf(sheet) : xlsxOf(sheet);
    return undefined;
  };
}
