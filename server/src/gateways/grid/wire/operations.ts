import { z } from 'zod';
import { cardImage } from '@bianmin/purchase/api/card-image';
import { hexBytes } from '@bianmin/purchase/api/scalars';
import { accountStanding, dueBill } from '../accounts.ts';
import { gridCardTasks, gridNextStep, gridStepReport, gridTaskEnd, taskTerminals } from '../card-tasks.ts';
import { GRID_REFUSALS } from '../error.ts';
import { meterReading } from '../meter-reading.ts';
import { vendorCredit } from '../vendor-credit.ts';
import {
  orderNo,
  fen,
  serial,
  count,
  customerNo,
  meterNo,
  gridCard,
  sale,
  credit,
  regions,
} from './shapes.ts';
import { writePlan } from './write-plan.ts';

/**
 * The operations of collection v1: their bodies, both ways, and whether they can change anything at the grid.
 * Where they cannot, an answer that never came is `grid.unavailable` rather than `grid.unknown`.
 */
export const OPERATIONS = {
  identify: { effect: false, request: z.strictObject({ image: cardImage }), answer: gridCard },
  identifyCustomer: {
    effect: false,
    request: z.strictObject({ customerNo }),
    answer: gridCard.omit({ cardCount: true, ofFormerMeter: true }).extend({ remote: z.boolean() }),
  },
  readMeter: {
    effect: false,
    request: z.strictObject({ customerNo, meterNo }),
    answer: z.object({ reading: meterReading.nullable() }),
  },
  quote: {
    effect: false,
    request: z.strictObject({ customerNo, meterNo, faceFen: fen }),
    answer: z.object({
      faceFen: fen,
      creditFen: fen,
      arrearsFen: fen,
      feeFen: fen,
      discountFen: fen,
      energyWh: z.int().min(0).nullable(),
      tiers: z
        .array(
          z.object({
            name: z.string().max(32),
            priceMilliFen: z.int().min(0),
            energyWh: z.int().min(0),
          }),
        )
        .max(16),
    }),
  },
  sell: {
    effect: true,
    request: z.strictObject({
      orderNo,
      customerNo: z.string().min(1).max(20),
      meterNo: z.string().min(1).max(20),
      serial,
      faceFen: fen,
      count,
    }),
    answer: sale.extend({ vendorCredit: vendorCredit.optional() }),
  },
  payAccount: {
    effect: true,
    request: z.strictObject({
      orderNo,
      customerNo,
      meterNo,
      faceFen: fen,
      billNo: dueBill.shape.billNo.optional(),
    }),
    answer: sale.extend({ account: accountStanding, vendorCredit: vendorCredit.optional() }),
  },
  vendorCredit: {
    effect: false,
    request: z.strictObject({}),
    answer: z.object({ credit: vendorCredit.nullable() }),
  },
  queryOriginal: {
    effect: false,
    request: z.strictObject({ orderNo }),
    answer: z.discriminatedUnion('status', [
      z.object({ status: z.literal('sold'), sale }),
      z.object({ status: z.literal('rejected'), reason: z.string().max(64) }),
      z.object({ status: z.literal('not-found') }),
      z.object({ status: z.literal('reversed') }),
    ]),
  },
  returnData: { effect: true, request: z.strictObject({ orderNo, regions }), answer: z.object({}) },
  writePlan: {
    effect: true,
    request: z.strictObject({ orderNo, image: cardImage }),
    answer: writePlan,
  },
  authorise: {
    effect: true,
    request: z.strictObject({
      orderNo,
      stage: z.int().min(1).max(7),
      gathered: z.record(z.string().max(32), hexBytes(1, 256)),
    }),
    answer: writePlan,
  },
  confirmWrite: {
    effect: true,
    request: z.strictObject({ orderNo, imageDigest: z.string().max(64) }),
    answer: z.object({}),
  },
  reverse: {
    effect: true,
    request: z.strictObject({ orderNo, reason: z.string().max(64) }),
    answer: z.object({ status: z.enum(['reversed', 'refused']), reason: z.string().max(64).optional() }),
  },
  queryReversal: {
    effect: false,
    request: z.strictObject({ orderNo }),
    answer: z.object({ status: z.enum(['reversed', 'refused', 'not-found']) }),
  },
  cancelPlan: {
    effect: true,
    request: z.strictObject({ orderNo, image: cardImage }),
    answer: writePlan,
  },
  confirmCancel: {
    effect: true,
    request: z.strictObject({ orderNo, imageDigest: z.string().max(64) }),
    answer: z.object({ status: z.enum(['reversed', 'refused']), reason: z.string().max(64).optional() }),
  },
  remoteCredit: { effect: true, request: z.strictObject({ orderNo }), answer: credit },
  queryCredit: {
    effect: false,
    request: z.strictObject({ orderNo }),
    answer: z.discriminatedUnion('status', [
      z.object({ status: z.literal('credited'), credit }),
      z.object({ status: z.literal('failed'), reason: z.string().max(64) }),
      z.object({ status: z.literal('pending') }),
      z.object({ status: z.literal('not-found') }),
    ]),
  },
  replaceCard: {
    effect: true,
    request: z.strictObject({ requestNo: orderNo, customerNo, image: cardImage }),
    answer: z.object({
      customerNo,
      formerSerial: serial,
      serial,
      count,
      openOrderNo: orderNo.nullable(),
      plan: writePlan,
    }),
  },
  dailyBill: {
    effect: false,
    // A message holds some hundreds of lines; a bill has as many as it has, and comes in pieces.
    request: z.strictObject({ day: z.iso.date(), fromLine: z.int().min(0) }),
    answer: z.object({
      day: z.iso.date(),
      cutAt: z.iso.datetime({ offset: true }),
      totals: z.object({
        sales: z.int().min(0),
        soldFen: z.int().min(0),
        reversals: z.int().min(0),
        reversedFen: z.int().min(0),
      }),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      content: z.string(),
      nextLine: z.int().min(1).nullable(),
    }),
  },
  /** A task that is heard is not taken: it is opened by us, under its number, or it is heard again. */
  cardTasks: {
    effect: false,
    request: z.strictObject({ terminals: taskTerminals }),
    answer: gridCardTasks,
  },
  cardStep: { effect: true, request: gridStepReport, answer: gridNextStep },
  endCardTask: { effect: true, request: gridTaskEnd, answer: z.object({}) },
  /** Texts a one-time code to the phone on record; the answer does not say whether there is one. */
  sendCode: {
    effect: true,
    request: z.strictObject({ requestNo: orderNo, customerNo, code: z.string().regex(/^\d{6}$/) }),
    answer: z.object({}),
  },
} as const satisfies Record<string, { effect: boolean; request: z.ZodType; answer: z.ZodType }>;

export type Operation = keyof typeof OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as [Operation, ...Operation[]];
export type RequestOf<O extends Operation> = z.output<(typeof OPERATIONS)[O]['request']>;
export type AnswerOf<O extends Operation> = z.output<(typeof OPERATIONS)[O]['answer']>;

/** What an answer's sealed body holds, before the operation's own schema is applied. */
export const answerBody = z.discriminatedUnion('result', [
  z.object({ result: z.literal('ok'), data: z.unknown() }),
  z.object({
    result: z.literal('refused'),
    refusal: z.enum(GRID_REFUSALS),
    message: z.string().max(256),
  }),
]);
export type AnswerBody = z.infer<typeof answerBody>;
