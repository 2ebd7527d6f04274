import type { ServerResponse } from 'node:http';
import { fieldsOf } from '../../../src/kernel/form-text.ts';
import { answerWithFault } from '../api-fault.ts';
import { BookError } from '../book-error.ts';
import type { BookRefusal } from '../book-error.ts';
import type { ApiFault } from '../faults-request.ts';
import type { Incoming } from '../http.ts';
import { CLOCK_TOLERANCE_MS } from './constants.ts';
import type { AlipayKeys } from './keys.ts';
import { METHODS } from './methods.ts';
import type { Fields, Method, MethodContext } from './method.ts';
import { flipBit, signerOf } from './pack.ts';
import { Refusal } from './refusal.ts';
import type { RefusalCode } from './refusal.ts';
import { certificateNumber, isSigned, sign, signedText } from './signing.ts';

export interface GatewayContext extends MethodContext {
  readonly keys: AlipayKeys;
}

/** Answers one call of the gateway: verify, do, sign, and go wrong where a knob says so. */
export async function answerCall(
  context: GatewayContext,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  const { faults } = context.book;
  const fields = fieldsIn(incoming);
  const name = fields?.get('method') ?? '';
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (faults.settings.outage) {
    response.statusCode = 500;
    response.end();
    return;
  }
  const call = { operation: method?.operation ?? 'any', incoming, response } as const;
  const given = await answerWithFault(context.book, call, (fault) => decide(context, fields, method, fault));
  if (given === undefined) return;
  response.setHeader('Content-Type', 'text/html;charset=utf-8');
  response.end(packed(context, name, given.answer, given.fault));
}

interface Answer {
  readonly fields: Readonly<Record<string, string>>;
  /** The gateway does not know whom to sign for. */
  readonly unsigned?: boolean;
}

async function decide(
  context: GatewayContext,
  fields: Fields | undefined,
  method: Method | undefined,
  fault: ApiFault | undefined,
): Promise<Answer> {
  try {
    const caller = checkedCaller(context, fields);
    if (fault === 'error-before') throw new Refusal('aop.unknow-error');
    if (fault === 'frequency-limited') throw new Refusal('isv.app-call-limited');
    if (fault === 'not-enough') throw new Refusal('ACQ.SELLER_BALANCE_NOT_ENOUGH');
    if (method === undefined) throw new Refusal('isv.invalid-method');
    const done = await method.handle(caller, { ...context, behind: fault === 'behind' });
    if (fault === 'error-after') throw new Refusal('aop.unknow-error');
    const success = { code: '10000', msg: 'Success', ...done };
    return { fields: fault === 'other-payment' ? aboutAnother(success) : success };
  } catch (error) {
    const refusal = refusalOf(error);
    return { fields: refusal.fields, unsigned: refusal.subCode === 'isv.invalid-app-id' };
  }
}

/** The fields of an address or a form; undefined where one is there twice. */
export function fieldsIn({ url, body }: Incoming): Fields | undefined {
  return fieldsOf(url.searchParams, body);
}

/** Throws unless the merchant of these keys signed this now. */
export function checkedCaller({ keys, now }: GatewayContext, fields: Fields | undefined): Fields {
  if (fields === undefined) throw new Refusal('isv.invalid-parameter');
  if (fields.get('app_id') !== keys.appId) throw new Refusal('isv.invalid-app-id');
  const fixed = { format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', version: '1.0' };
  for (const [name, value] of Object.entries(fixed)) {
    if (fields.get(name) !== value) throw new Refusal('isv.invalid-parameter', name);
  }
  const signature = fields.get('sign');
  if (signature === undefined || !isSigned(signedText(fields), keys.app.publicKey, signature)) {
    throw new Refusal('isv.invalid-signature');
  }
  const numbers = [fields.get('app_cert_sn'), fields.get('alipay_root_cert_sn')];
  const known = [keys.app.certificate, keys.root.certificate].map(certificateNumber);
  if (numbers.some((each, place) => each !== undefined && each !== known[place])) {
    throw new Refusal('isv.invalid-signature');
  }
  const at = Date.parse(`${(fields.get('timestamp') ?? '').replace(' ', 'T')}+08:00`);
  if (!(Math.abs(at - now()) <= CLOCK_TOLERANCE_MS)) throw new Refusal('isv.invalid-timestamp');
  return fields;
}

const OF_BOOKS: Readonly<Record<BookRefusal, RefusalCode>> = {
  paid: 'ACQ.TRADE_HAS_SUCCESS',
  closed: 'ACQ.TRADE_HAS_CLOSE',
  different: 'ACQ.CONTEXT_INCONSISTENT',
  'expiry-passed': 'ACQ.INVALID_PARAMETER',
  'no-trade': 'ACQ.TRADE_NOT_EXIST',
  'other-trade': 'ACQ.INVALID_PARAMETER',
  'not-paid': 'ACQ.TRADE_STATUS_ERROR',
  'no-refund': 'ACQ.TRADE_NOT_EXIST',
  'refund-different': 'ACQ.DISCORDANT_REPEAT_REQUEST',
  'refund-too-late': 'ACQ.TRADE_HAS_FINISHED',
  'refund-total': 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'refund-too-often': 'ACQ.TRADE_NOT_ALLOW_REFUND',
  'refund-too-much': 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
};

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof BookError) return new Refusal(OF_BOOKS[error.reason]);
  throw error;
}

/** A genuine answer about another payment. */
function aboutAnother(fields: Record<string, string>): Record<string, string> {
  return { ...fields, out_trade_no: 'another0000001', out_request_no: 'another0000001r1' };
}

/** Signed over the bytes of the answer's own member; slashes are written as the real gateway writes them. */
function packed(
  { book, keys }: GatewayContext,
  method: string,
  { fields, unsigned = false }: Answer,
  fault: ApiFault | undefined,
): string {
  const member = unsigned ? 'error_response' : `${method.replaceAll('.', '_')}_response`;
  const content = JSON.stringify(fields).replaceAll('/', '\\/');
  if (unsigned || fault === 'unsigned') return `{"${member}":${content}}`;
  const { privateKey, number } = signerOf(keys, book.faults.settings.signWith, fault);
  const genuine = sign(content, privateKey);
  const signature = fault === 'bad-signature' ? flipBit(genuine) : genuine;
  const certificate = number === undefined ? '' : `"alipay_cert_sn":"${number}",`;
  return `{"${member}":${content},${certificate}"sign":"${signature}"}`;
}
