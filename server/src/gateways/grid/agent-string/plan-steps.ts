import type { PlanStep } from '@bianmin/card/meter-card/plan';
import { decodeFields, encodeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';
import type { Segment } from './segments.ts';

/** The head's blobs for 外部认证, each 8 bytes, as their fields give them. */
export type Blobs = readonly [string | null, string | null, string | null];

const TAGS = { presentCode: '10', write: '11', apdu: '12', externalAuth: '13' } as const;

export const PRESENT_CODE = [
  { name: 'key', kind: 'number', width: 2, optional: true },
  { name: 'lastTry', kind: 'number', width: 1 },
  { name: 'code', kind: 'long-hex', width: 4 },
] as const satisfies readonly Field[];

export const WRITE = [
  { name: 'zone', kind: 'text', width: 16 },
  { name: 'offset', kind: 'number', width: 5 },
  { name: 'data', kind: 'long-hex', width: 4 },
] as const satisfies readonly Field[];

export const APDU = [
  { name: 'label', kind: 'text', width: 16 },
  { name: 'gather', kind: 'text', width: 32 },
  { name: 'apdu', kind: 'long-hex', width: 4 },
  { name: 'afterZone', kind: 'text', width: 16 },
  { name: 'afterOffset', kind: 'number', width: 5, optional: true },
  { name: 'afterData', kind: 'long-hex', width: 4 },
] as const satisfies readonly Field[];

/** A command whose data is one of the head's blobs. */
export const EXTERNAL_AUTH = [
  { name: 'gather', kind: 'text', width: 32 },
  /** CLA INS P1 P2 Lc. */
  { name: 'header', kind: 'hex', width: 10 },
  { name: 'blob', kind: 'number', width: 1 },
] as const satisfies readonly Field[];

const HEADER_DIGITS = 10;
const BLOB_DIGITS = 16;
const MOST_BLOBS = 3;

/** The segment of a step. An external authentication with a blob of 8 bytes adds it to `blobs`, while there is room. */
export function encodeStep(step: PlanStep, blobs: string[]): Segment {
  switch (step.op) {
    case 'present-code': {
      const { code, key, lastTry } = step;
      const values = { code, key: key ?? null, lastTry: lastTry === true ? 1 : 0 };
      return { tag: TAGS.presentCode, content: encodeFields(PRESENT_CODE, values) };
    }
    case 'write':
      return { tag: TAGS.write, content: encodeFields(WRITE, step) };
    case 'apdu':
      return encodeApdu(step, blobs);
  }
}

function encodeApdu(step: Extract<PlanStep, { op: 'apdu' }>, blobs: string[]): Segment {
  const { label, apdu, gather = '', after } = step;
  const isBlob = label === 'external-auth' && apdu.length === HEADER_DIGITS + BLOB_DIGITS;
  if (isBlob && after === undefined && blobs.length < MOST_BLOBS) {
    blobs.push(apdu.slice(HEADER_DIGITS));
    const values = { gather, header: apdu.slice(0, HEADER_DIGITS), blob: blobs.length };
    return { tag: TAGS.externalAuth, content: encodeFields(EXTERNAL_AUTH, values) };
  }
  const values = {
    label,
    gather,
    apdu,
    afterZone: after?.zone ?? '',
    afterOffset: after?.offset ?? null,
    afterData: after?.data ?? '',
  };
  return { tag: TAGS.apdu, content: encodeFields(APDU, values) };
}

/** The step of a segment; what it says is not checked beyond its fields. Fails with `wire.malformed`. */
export function decodeStep({ tag, content }: Segment, blobs: Blobs): PlanStep {
  switch (tag) {
    case TAGS.presentCode: {
      const { key, lastTry, code } = decodeFields(PRESENT_CODE, content);
      return {
        op: 'present-code',
        code,
        ...(key === null ? {} : { key }),
        ...(lastTry === 1 ? { lastTry: true } : {}),
      };
    }
    case TAGS.write:
      return { op: 'write', ...decodeFields(WRITE, content) };
    case TAGS.apdu:
      return decodeApdu(content);
    case TAGS.externalAuth: {
      const { gather, header, blob } = decodeFields(EXTERNAL_AUTH, content);
      const data = blobs[blob - 1];
      if (data?.length !== BLOB_DIGITS || header.length !== HEADER_DIGITS) {
        throw malformed('blob', 'points to no authentication data');
      }
      return { op: 'apdu', label: 'external-auth', apdu: header + data, ...gathered(gather) };
    }
    default:
      throw malformed('tag', 'is of no step');
  }
}

function decodeApdu(content: Uint8Array): PlanStep {
  const { label, gather, apdu, afterZone, afterOffset, afterData } = decodeFields(APDU, content);
  const after =
    afterOffset === null ? {} : { after: { zone: afterZone, offset: afterOffset, data: afterData } };
  return { op: 'apdu', label: label as 'select', apdu, ...gathered(gather), ...after };
}

function gathered(name: string): { gather?: string } {
  return name === '' ? {} : { gather: name };
}
