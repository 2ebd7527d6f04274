import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { fieldsOf } from '../../../src/kernel/form-text.ts';
import { answerWithFault } from '../api-fault.ts';
import type { ApiFault } from '../faults-request.ts';
import type { Incoming } from '../http.ts';
import { sendJson } from '../http.ts';
import { CALLS } from './calls.ts';
import type { Call, CallContext } from './calls.ts';
import type { BestpayKeys } from './keys.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { isMerchants, withSign } from './signing.ts';
import type { Fields } from './signing.ts';

export interface GatewayContext extends CallContext {
  readonly keys: BestpayKeys;
}

const envelope = z.strictObject({
  path: z.string(),
  commonParams: z.string(),
  bizContent: z.string(),
  sign: z.string(),
});
type Envelope = z.output<typeof envelope>;

/** Answers one call of `/mapi/sdkRequest`: verify, do, sign, and go wrong where a knob says so. */
export async function answerCall(
  context: GatewayContext,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  const { faults } = context.book;
  const form = envelopeOf(incoming);
  const call = form !== undefined && Object.hasOwn(CALLS, form.path) ? CALLS[form.path] : undefined;
  if (faults.settings.outage) {
    response.statusCode = 500;
    response.end();
    return;
  }
  const faulted = { operation: call?.operation ?? 'any', incoming, response } as const;
  const given = await answerWithFault(context.book, faulted, (fault) => decide(context, form, call, fault));
  if (given === undefined) return;
  sendJson(response, 200, withSign(given.answer, context.keys, faults.settings.signWith, given.fault));
}

function decide(
  context: GatewayContext,
  form: Envelope | undefined,
  call: Call | undefined,
  fault: ApiFault | undefined,
): Fields {
  try {
    const { bizContent } = checked(context, form);
    if (fault === 'error-before') throw new Refusal('SYSTEM');
    if (fault === 'frequency-limited') throw new Refusal('TOO_OFTEN');
    if (fault === 'not-enough') throw new Refusal('POOR');
    if (call === undefined) throw new Refusal('NO_PATH');
    const result = call.handle(bizContent, { ...context, behind: fault === 'behind' });
    if (fault === 'error-after') throw new Refusal('SYSTEM');
    // A genuine answer about another payment.
    const other = { outTradeNo: 'another0000001', outRefundNo: 'another0000001r1' };
    return {
      success: true,
      errorCode: null,
      errorMsg: null,
      result: fault === 'other-payment' ? { ...result, ...other } : result,
    };
  } catch (error) {
    const refusal = refusalOf(error);
    return { success: false, errorCode: refusal.code, errorMsg: refusal.message, result: null };
  }
}

function envelopeOf({ body }: Incoming): Envelope | undefined {
  const fields = fieldsOf(body);
  return fields === undefined ? undefined : envelope.safeParse(Object.fromEntries(fields)).data;
}

/** Throws unless the merchant of these keys signed this. */
function checked({ keys }: GatewayContext, form: Envelope | undefined): Envelope {
  if (form === undefined) throw new Refusal('INVALID');
  if (!isMerchants(form, keys.merchant.publicKey, form.sign)) throw new Refusal('API100001');
  const said = `{"institutionType":"MERCHANT","institutionCode":"${keys.institutionCode}"}`;
  if (form.commonParams !== said) throw new Refusal('INVALID', 'commonParams');
  return form;
}
