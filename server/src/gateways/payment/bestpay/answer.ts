import type { KeyObject } from 'node:crypto';
import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import type { BestpayProfile } from './profile.ts';
import { isAmbiguous, isSigned, signedText } from './signing.ts';

/** An answer of the gateway. */
export interface Answer {
  readonly success: boolean;
  /** Why not, where the gateway says so. */
  readonly code: string | undefined;
  /** Whether Bestpay's signature proves it. */
  readonly signed: boolean;
  readonly result: unknown;
}

const object = z.record(z.string(), z.unknown());
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const code = z.string().regex(/^[\w.-]{1,64}$/u);

/** The fields of a JSON object; undefined for any other text. */
export function objectIn(raw: Buffer): Record<string, unknown> | undefined {
  try {
    return object.safeParse(parseJson(raw.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** What the signature is over, undefined where there is none that counts. */
export function provenText(
  fields: Readonly<Record<string, unknown>>,
  { signing }: BestpayProfile,
  keys: readonly KeyObject[],
): string | undefined {
  const { sign } = fields;
  if (typeof sign !== 'string' || isAmbiguous(fields)) return undefined;
  const text = signedText(fields, signing.nulls);
  return isSigned(text, sign, { keys, algorithms: signing.answers }) ? text : undefined;
}

/** Opens an answer; undefined where it has no form that Bestpay gives. */
export function openAnswer(
  raw: Buffer,
  profile: BestpayProfile,
  keys: readonly KeyObject[],
): Answer | undefined {
  const fields = objectIn(raw);
  const test = profile.success;
  const told = scalar.safeParse(fields?.[test.field]).data;
  if (fields === undefined || told === undefined) return undefined;
  const result = fields[test.result];
  const business = code.safeParse(object.safeParse(result).data?.[test.business]).data;
  const went = test.values.includes(String(told)) && (business === undefined || test.ok.includes(business));
  return {
    success: went,
    code: went ? undefined : (code.safeParse(fields[test.code]).data ?? business),
    signed: provenText(fields, profile, keys) !== undefined,
    result,
  };
}
