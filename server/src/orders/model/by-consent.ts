import type { Order } from './order.ts';

/** An order that staff made for a household that could not come, by its recorded consent. */
export interface ByConsent {
  /** The number of the paper that the household signed. */
  readonly form: string;
  /** Who bought: a user's id. */
  readonly staff: string;
}

/** What an order's first event keeps of it. */
export function consentData(by: ByConsent | undefined): { consentForm?: string; consentStaff?: string } {
  return by === undefined ? {} : { consentForm: by.form, consentStaff: by.staff };
}

/** Undefined: it was made otherwise. */
export function byConsentOf({ events }: Pick<Order, 'events'>): ByConsent | undefined {
  const data = events.find(({ name }) => name === 'order.created')?.data;
  const [form, staff] = [data?.['consentForm'], data?.['consentStaff']];
  return typeof form === 'string' && typeof staff === 'string' ? { form, staff } : undefined;
}
