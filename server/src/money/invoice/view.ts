import type { InvoiceView } from '@bianmin/purchase/api/invoice';
import type { Invoice } from './invoice.ts';

/** What may be seen of an invoice: never whom it is made out to. */
export function invoiceViewOf(invoice: Invoice): InvoiceView {
  return {
    requestNo: invoice._id,
    orderNo: invoice.orderNo,
    kind: invoice.kind,
    status: invoice.status,
    totalFen: invoice.totalFen,
    number: invoice.number ?? null,
    url: invoice.url ?? null,
    issuedAt: invoice.issuedAt?.toISOString() ?? null,
    cancelled: invoice.cancelled,
    reason: invoice.reason ?? null,
    requestedAt: invoice.requestedAt.toISOString(),
  };
}
