import { CodedError } from '@bianmin/card/errors';

/**
 * Where electronic invoices (电子发票) come from: a province's tax platform or its grid company's. A province plugs its
 * own in by one adapter; `testing/invoice-contract.ts` runs on each. Failures are `InvoiceError`s: `invoice.unavailable`
 * (nothing was done: later the same again) and `invoice.unknown` (it may have been done: `query` before anything else).
 */
export interface InvoicePlatform {
  /**
   * Asks for an invoice. The caller has stored the request under `requestNo` first. The same number and content again
   * is the same request; other content under the same number is refused.
   */
  issue(request: InvoiceRequest): Promise<InvoiceEvidence>;
  /** What became of a request. */
  query(requestNo: string): Promise<InvoiceEvidence | { readonly status: 'not-found' }>;
}

export interface InvoiceBuyer {
  /** 抬头: a person's name or a company's. */
  readonly title: string;
  /** 纳税人识别号 of a company; absent for a person. */
  readonly taxNo?: string | undefined;
}

export interface InvoiceRequest {
  /** `[A-Za-z0-9]{6,32}`, unique for ever. */
  readonly requestNo: string;
  readonly orderNo: string;
  readonly buyer: InvoiceBuyer;
  /** With tax; positive. */
  readonly totalFen: number;
  /**
   * The number of an issued invoice that this one cancels (红冲): same buyer and amount, the sign is the platform's.
   * Absent: an ordinary (blue) invoice.
   */
  readonly cancels?: string | undefined;
}

export type InvoiceEvidence =
  /** The platform works on it: query later. */
  | { readonly status: 'accepted' }
  | {
      readonly status: 'issued';
      /** The tax authority's number. */
      readonly number: string;
      readonly issuedAt: Date;
      /** Where the buyer reads it; https. */
      readonly url: string;
    }
  /** Final; nothing was issued. */
  | { readonly status: 'refused'; readonly reason: string };

export type InvoiceErrorCode = 'invoice.unavailable' | 'invoice.unknown';

export class InvoiceError extends CodedError<InvoiceErrorCode> {}
