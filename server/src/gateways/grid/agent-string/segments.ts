import { encodeFields, takeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';

/** In front of each segment: what it is, and the bytes of its content. */
const SEGMENT_HEAD = [
  { name: 'tag', kind: 'digits', width: 2 },
  { name: 'length', kind: 'number', width: 4 },
] as const satisfies readonly Field[];

/** A part of a record that comes as often as it is needed: a table of fields behind a tag. */
export interface Segment {
  readonly tag: string;
  readonly content: Uint8Array;
}

/** More than a plan of 64 steps and 16 ranges with 8 names ever needs. */
const MAX_SEGMENTS = 128;

export function encodeSegments(segments: readonly Segment[]): Buffer {
  return Buffer.concat(
    segments.flatMap(({ tag, content }) => [
      encodeFields(SEGMENT_HEAD, { tag, length: content.length }),
      content,
    ]),
  );
}

/** The segments that fill `bytes` to their end. */
export function decodeSegments(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    if (segments.length === MAX_SEGMENTS) throw malformed('tag', 'comes too often');
    const head = takeFields(SEGMENT_HEAD, rest);
    const { tag, length } = head.values;
    if (length > head.rest.length) throw malformed('length', 'says more than there is');
    segments.push({ tag, content: head.rest.subarray(0, length) });
    rest = head.rest.subarray(length);
  }
  return segments;
}
