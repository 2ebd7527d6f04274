import { z } from 'zod';
import { billNo } from '@bianmin/purchase/api/account';
import { counterOrdersRequest } from '@bianmin/purchase/api/counter';
import { handOutRequest } from '@bianmin/purchase/api/hand-out';
import { closeShiftRequest } from '@bianmin/purchase/api/shift';
import { staffNumber } from '@bianmin/purchase/api/float';
import { creditChoice } from '@bianmin/purchase/api/order';
import { customerNo } from '@bianmin/purchase/api/remote';
import { METER_SHOWN } from '@bianmin/purchase/api/meter-shown';
import { orderNo, payCode } from '@bianmin/purchase/api/scalars';
import { LANGUAGES } from '@bianmin/purchase/api/language';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { HostCall, HostCalls } from './map.ts';

const pin = z.string().regex(/^\d{6}$/);

const purchaseCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('without-card') }),
  z.strictObject({ type: z.literal('customer-no'), customerNo }),
  z.strictObject({ type: z.literal('proof'), proof: z.string().regex(/^\d{6}$/) }),
  z.strictObject({ type: z.literal('choose-credit'), choice: creditChoice }),
  z.strictObject({ type: z.literal('meter-shown'), shown: z.enum(METER_SHOWN) }),
  z.strictObject({ type: z.literal('confirm-card') }),
  z.strictObject({ type: z.literal('choose-amount'), faceFen: z.int().min(0).max(99_999_999) }),
  z.strictObject({ type: z.literal('choose-bill'), billNo }),
  z.strictObject({ type: z.literal('choose-channel'), channel: payCode }),
  z.strictObject({ type: z.literal('cash') }),
  z.strictObject({
    type: z.literal('cash-staff'),
    staff: staffNumber,
    pin,
  }),
  z.strictObject({ type: z.literal('cash-pin'), pin }),
  z.strictObject({ type: z.literal('cash-taken') }),
  z.strictObject({ type: z.literal('back') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('retry') }),
  z.strictObject({ type: z.literal('finish') }),
]) satisfies z.ZodType<PurchaseCommand>;

const printRequest = z.strictObject({ orderNo, language: z.enum(LANGUAGES) });

/** What each call's request must be: a renderer is as little trusted as any other sender. */
export const REQUEST_SCHEMAS: { readonly [K in HostCall]: z.ZodType<HostCalls[K]['request']> } = {
  'host.status': z.null(),
  'purchase.view': z.null(),
  'purchase.command': purchaseCommand,
  'remote-card.view': z.null(),
  'remote-card.command': z.strictObject({ command: z.enum(['yes', 'no', 'stop', 'seen']) }),
  'page.painted': z.null(),
  'printer.print': printRequest,
  'printer.reprint': printRequest,
  'receipt.link': z.strictObject({ orderNo }),
  'staff.view': z.null(),
  'staff.enter': z.strictObject({ staff: staffNumber, pin }),
  'staff.pin': z.strictObject({ pin }),
  'staff.aside': z.null(),
  'staff.touch': z.null(),
  'staff.leave': z.null(),
  'staff.orders': z.strictObject({
    list: counterOrdersRequest.shape.list,
    key: counterOrdersRequest.shape.key,
    after: counterOrdersRequest.shape.after,
  }),
  'staff.card-orders': z.null(),
  'staff.order': z.strictObject({ orderNo }),
  'staff.expect': z.strictObject({ orderNo: orderNo.nullable() }),
  'staff.takings': z.null(),
  'staff.waiting': z.null(),
  'staff.hand-out': handOutRequest.omit({ ticket: true }),
  'staff.close': closeShiftRequest.omit({ ticket: true }),
  'staff.print-slip': z.strictObject({ language: z.enum(LANGUAGES) }),
  'staff.diagnostics': z.null(),
  'staff.report': z.null(),
  'sandbox.insert': z.strictObject({ cardId: z.string().min(1).max(64) }),
  'sandbox.eject': z.null(),
};

/** One frame from a renderer; `request` is checked by the call's own schema. */
export const wireCallSchema = z.strictObject({
  id: z.int().min(0),
  call: z.string().max(64),
  request: z.unknown(),
});

export function isHostCall(name: string): name is HostCall {
  return Object.hasOwn(REQUEST_SCHEMAS, name);
}
