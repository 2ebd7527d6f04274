import type { PlanStep, WritePlan } from '@bianmin/card/meter-card/plan';
import { decodeFields, encodeFields, takeFields, type Field, type Values } from './fields.ts';
import { malformed } from './malformed.ts';
import { orderKey, orderNoOf } from './order-key.ts';
import { decodeStep, encodeStep, type Blobs } from './plan-steps.ts';
import { decodeSegments, encodeSegments, type Segment } from './segments.ts';

/** What comes down for a card: head and the three 外部认证 blobs in fields, the plan itself in segments. */
export const PLAN = [
  { name: 'version', kind: 'number', width: 1 },
  { name: 'kind', kind: 'text', width: 12 },
  { name: 'originalDate', kind: 'digits', width: 8 },
  { name: 'originalSerial', kind: 'digits', width: 12 },
  { name: 'chip', kind: 'text', width: 12 },
  { name: 'cardSerial', kind: 'hex', width: 16 },
  { name: 'stage', kind: 'number', width: 1 },
  { name: 'auth1', kind: 'hex', width: 16, optional: true },
  { name: 'auth2', kind: 'hex', width: 16, optional: true },
  { name: 'auth3', kind: 'hex', width: 16, optional: true },
] as const satisfies readonly Field[];

const RANGE_TAG = '02';
export const RANGE = [
  { name: 'zone', kind: 'text', width: 16 },
  { name: 'offset', kind: 'number', width: 5 },
  { name: 'length', kind: 'number', width: 5 },
] as const satisfies readonly Field[];

/** The name of an answer that goes up with the next stage. */
const NEEDED_TAG = '20';
export const NEEDED = [{ name: 'name', kind: 'text', width: 32 }] as const satisfies readonly Field[];

/** The record of a plan, to be sealed. Fields first, then ranges, steps and wanted answers, each in its order. */
export function encodePlan(plan: WritePlan): Buffer {
  const { date, serial } = orderKey(plan.orderNo);
  const blobs: string[] = [];
  const segments: Segment[] = [
    ...plan.ranges.map((range) => ({ tag: RANGE_TAG, content: encodeFields(RANGE, range) })),
    ...plan.steps.map((step) => encodeStep(step, blobs)),
    ...(plan.authorise ?? []).map((name) => ({ tag: NEEDED_TAG, content: encodeFields(NEEDED, { name }) })),
  ];
  const head = encodeFields(PLAN, {
    version: plan.version,
    kind: plan.kind,
    originalDate: date,
    originalSerial: serial,
    chip: plan.chip,
    cardSerial: plan.serial,
    stage: plan.stage,
    auth1: blobs[0] ?? null,
    auth2: blobs[1] ?? null,
    auth3: blobs[2] ?? null,
  });
  return Buffer.concat([head, encodeSegments(segments)]);
}

/** A plan as its record says it; whether it is one, `writePlanSchema` decides. Fails with `wire.malformed`. */
export function decodePlan(record: Uint8Array): unknown {
  const { values, rest } = takeFields(PLAN, record);
  const ranges: Values<typeof RANGE>[] = [];
  const steps: PlanStep[] = [];
  const needed: string[] = [];
  const blobs: Blobs = [values.auth1, values.auth2, values.auth3];
  for (const segment of decodeSegments(rest)) {
    if (segment.tag === RANGE_TAG) ranges.push(decodeFields(RANGE, segment.content));
    else if (segment.tag === NEEDED_TAG) needed.push(decodeFields(NEEDED, segment.content).name);
    else steps.push(decodeStep(segment, blobs));
  }
  if (needed.some((name) => name === '')) throw malformed('name', 'is blank');
  return {
    version: values.version,
    kind: values.kind,
    orderNo: orderNoOf({ date: values.originalDate, serial: values.originalSerial }),
    chip: values.chip,
    serial: values.cardSerial,
    stage: values.stage,
    ranges,
    steps,
    ...(needed.length === 0 ? {} : { authorise: needed }),
  };
}
