import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import { isSigned } from './keys.ts';
import type { AlipayTrust } from './keys.ts';
import { membersOf } from './members.ts';
import type { Span } from './members.ts';

/** An answer of the gateway. */
export interface Answer {
  /** `10000`: done. Everything else is a refusal or says that the outcome is unknown. */
  readonly code: string;
  /** Why, where the gateway gave a reason: `ACQ.TRADE_NOT_EXIST`. */
  readonly subCode: string | undefined;
  /** Whether Alipay's signature proves it. */
  readonly signed: boolean;
  /** All of its fields; parsed from the very bytes that the signature is of. */
  readonly fields: unknown;
}

const envelope = z.looseObject({
  // The call that exchanges a code for a payer answers without one when it is well.
  code: z
    .string()
    .regex(/^\d{5}$/u)
    .default('10000'),
  sub_code: z
    .string()
    .regex(/^[\w.-]{1,64}$/u)
    .optional(),
});

/** Opens the answer to `method`; undefined where it has no form that Alipay gives. */
export function openAnswer(method: string, raw: Buffer, trust: AlipayTrust): Answer | undefined {
  const text = raw.toString('utf8');
  const members = membersOf(text);
  if (members === undefined) return undefined;
  const span = members.get(`${method.replaceAll('.', '_')}_response`) ?? members.get('error_response');
  if (span === undefined) return undefined;
  const content = text.slice(span.start, span.end);
  const parsed = envelope.safeParse(parseJson(content));
  if (!parsed.success) return undefined;
  const signature = textOf(text, members.get('sign'));
  const number = textOf(text, members.get('alipay_cert_sn'));
  return {
    code: parsed.data.code,
    subCode: parsed.data.sub_code,
    signed: signature !== undefined && isSigned(trust, number, content, signature),
    fields: parsed.data,
  };
}

function textOf(text: string, span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  const value: unknown = parseJson(text.slice(span.start, span.end));
  // An empty number is how an answer of public-key mode can look.
  return typeof value === 'string' && value !== '' ? value : undefined;
}
