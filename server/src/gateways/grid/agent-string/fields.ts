import { gbkDecode, gbkEncode } from './gbk.ts';
import { malformed } from './malformed.ts';

/**
 * One field of fixed width. Widths are bytes of GBK, not characters.
 * - `text`: GBK. `digits`: exactly `width` decimal digits. `hex`: upper-case, whole bytes, at most `width` digits.
 * - `number`: a whole number from 0. `signed`: a sign, then a whole number.
 * - `long-hex`: `width` digits that count what follows, then that many digits of upper-case hex.
 */
export interface Field {
  readonly name: string;
  readonly kind: 'text' | 'digits' | 'hex' | 'number' | 'signed' | 'long-hex';
  readonly width: number;
  /** Which side is filled up, and with what. Absent: right with spaces; numbers left with zeros. */
  readonly pad?: 'right-space' | 'left-space' | 'left-zero';
  /** Blank stands for null. A blank text is an empty one and needs no such leave. */
  readonly optional?: true;
}

type ValueOf<F extends Field> =
  | (F['kind'] extends 'number' | 'signed' ? number : string)
  | (F extends { readonly optional: true } ? null : never);

/** What a table of fields holds, by their names. */
export type Values<T extends readonly Field[]> = { [F in T[number] as F['name']]: ValueOf<F> };

type Value = string | number | null;

/** The bytes of a record. `wire.malformed` for a value that its field cannot hold: nothing is ever cut short. */
export function encodeFields<const T extends readonly Field[]>(table: T, values: Values<T>): Buffer {
  const parts = table.map((field) => encodeField(field, (values as Record<string, Value>)[field.name]));
  return Buffer.concat(parts);
}

/** The values of a record that fills `bytes` to their end. */
export function decodeFields<const T extends readonly Field[]>(table: T, bytes: Uint8Array): Values<T> {
  const { values, rest } = takeFields(table, bytes);
  if (rest.length > 0)
    throw malformed(table.at(-1)?.name ?? 'none', 'is followed by more than the record has');
  return values;
}

/** The values of a record at the beginning of `bytes`, and what follows it. */
export function takeFields<const T extends readonly Field[]>(
  table: T,
  bytes: Uint8Array,
): { values: Values<T>; rest: Uint8Array } {
  const values: Record<string, Value> = {};
  let at = 0;
  const take = (field: Field, length: number): Uint8Array => {
    if (at + length > bytes.length) throw malformed(field.name, 'ends too early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  for (const field of table) {
    const own = take(field, field.width);
    values[field.name] =
      field.kind === 'long-hex'
        ? hexOf(field, ascii(take(field, numberOf(field, ascii(own)))))
        : decodeField(field, own);
  }
  return { values: values as Values<T>, rest: bytes.subarray(at) };
}

/** Bytes of a table whose fields are all of fixed width. */
export function widthOf(table: readonly Field[]): number {
  return table.reduce((sum, { width }) => sum + width, 0);
}

function encodeField(field: Field, value: Value | undefined): Uint8Array {
  if (value === null || value === undefined) {
    if (field.optional !== true) throw malformed(field.name, 'is missing');
    return padded(field, new Uint8Array(0), 'right-space');
  }
  switch (field.kind) {
    case 'text':
      return textBytes(field, String(value));
    case 'digits':
      return Buffer.from(digitsOf(field, String(value)), 'latin1');
    case 'hex':
      return padded(field, Buffer.from(hexOf(field, String(value)), 'latin1'), 'right-space');
    case 'number':
      return padded(field, Buffer.from(whole(field, Number(value)), 'latin1'), 'left-zero');
    case 'signed': {
      const size = whole(field, Math.abs(Number(value))).padStart(field.width - 1, '0');
      return padded(field, Buffer.from((Number(value) < 0 ? '-' : '+') + size, 'latin1'), 'right-space');
    }
    case 'long-hex': {
      const digits = hexOf(field, String(value));
      const count = padded(field, Buffer.from(whole(field, digits.length), 'latin1'), 'left-zero');
      return Buffer.concat([count, Buffer.from(digits, 'latin1')]);
    }
  }
}

function decodeField(field: Field, bytes: Uint8Array): Value {
  if (field.kind === 'text') return textOf(field, bytes);
  const text = ascii(bytes);
  if (field.optional === true && /^ *$/.test(text)) return null;
  switch (field.kind) {
    case 'digits':
      return digitsOf(field, text);
    case 'hex':
      return hexOf(field, text.trimEnd());
    case 'number':
      return numberOf(field, text);
    case 'signed': {
      if (!/^(?:\+\d+|-\d*[1-9]\d*)$/.test(text)) throw malformed(field.name, 'is not a signed number');
      return safe(field, Number(text));
    }
    case 'long-hex':
      throw malformed(field.name, 'is read with its count');
  }
}

/** A text that itself ended in padding would come back shorter. */
function textBytes(field: Field, text: string): Uint8Array {
  if (text !== trimmed(field, text)) throw malformed(field.name, 'begins or ends in what fills it up');
  return padded(field, gbkEncode(text, field.name), 'right-space');
}

function textOf(field: Field, bytes: Uint8Array): string {
  return trimmed(field, gbkDecode(bytes, field.name));
}

function trimmed({ pad }: Field, text: string): string {
  if (pad === 'left-zero') return text.replace(/^0+/, '');
  return pad === 'left-space' ? text.replace(/^ +/, '') : text.replace(/ +$/, '');
}

function padded(field: Field, bytes: Uint8Array, byDefault: NonNullable<Field['pad']>): Uint8Array {
  if (bytes.length > field.width) throw malformed(field.name, 'does not fit');
  const pad = bytes.length === 0 && field.kind !== 'text' ? 'right-space' : (field.pad ?? byDefault);
  const filled = Buffer.alloc(field.width, pad === 'left-zero' ? '0' : ' ');
  filled.set(bytes, pad === 'right-space' ? 0 : field.width - bytes.length);
  return filled;
}

function numberOf(field: Field, text: string): number {
  const form = field.pad === 'left-space' ? /^ *(?:0|[1-9]\d*)$/ : /^\d+$/;
  if (!form.test(text)) throw malformed(field.name, 'is not a number');
  return safe(field, Number(text));
}

function whole(field: Field, value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw malformed(field.name, 'is not a whole number');
  return String(value);
}

function safe(field: Field, value: number): number {
  if (!Number.isSafeInteger(value)) throw malformed(field.name, 'is too large a number');
  return value;
}

function digitsOf(field: Field, text: string): string {
  if (text.length !== field.width || !/^\d*$/.test(text)) {
    throw malformed(field.name, `is not ${field.width} digits`);
  }
  return text;
}

function hexOf(field: Field, text: string): string {
  if (!/^(?:[0-9A-F]{2})*$/.test(text)) throw malformed(field.name, 'is not upper-case hex of whole bytes');
  return text;
}

/** Bytes above 7F become characters that no digit or hex field takes. */
function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
