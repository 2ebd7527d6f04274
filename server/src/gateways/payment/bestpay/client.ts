import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import type { FormAnswer, FormTransport } from '../form-transport.ts';
import { openAnswer } from './answer.ts';
import { brokenCall, failureOf, mismatch, unproven } from './failure.ts';
import type { BestpayCall, BestpayProfile } from './profile.ts';
import { signed, signedText } from './signing.ts';
import { siteUrl } from '../../../kernel/site-url.ts';

export interface ClientInit {
  /** `https://mapi.bestpay.com.cn/mapi`. */
  readonly gateway: string;
  readonly institutionType: string;
  readonly institutionCode: string;
  readonly privateKey: KeyObject;
  /** Bestpay's. */
  readonly keys: readonly KeyObject[];
  readonly profile: BestpayProfile;
  readonly transport: FormTransport;
}

export interface Call<Schema extends z.ZodType> {
  /** As errors name it: `create`, `query`, … */
  readonly operation: string;
  readonly call: BestpayCall;
  readonly path: string;
  readonly content: Readonly<Record<string, string>>;
  readonly answer: Schema;
}

/** Asks Bestpay one thing: signed, verified, and every failure a `PaymentError`. */
export class Client {
  readonly #init: ClientInit;
  readonly #url: string;

  constructor(init: ClientInit) {
    this.#init = init;
    this.#url = `${siteUrl(init.gateway)}/sdkRequest?BESTPAY_MAPI_VERSION=${init.profile.version}`;
  }

  async ask<Schema extends z.ZodType>(call: Call<Schema>): Promise<z.output<Schema>> {
    const { operation } = call;
    const { transport, profile, keys } = this.#init;
    const request = { url: this.#url, body: this.#envelope(call) };
    let raw: FormAnswer;
    try {
      raw = await transport.post(request);
    } catch (error) {
      throw brokenCall(error, operation);
    }
    const answer = openAnswer(raw.body, profile, keys);
    if (answer === undefined) throw unproven(operation, 'form');
    const failure = failureOf(answer, { operation, at: raw.at }, profile);
    if (failure !== undefined) throw failure;
    const parsed = call.answer.safeParse(answer.result);
    if (parsed.success) return parsed.data;
    throw mismatch(operation, parsed.error.issues[0]?.path.map(String).join('.') ?? 'form');
  }

  /** The form: what is done, by whom, with what, and the signature over the three. */
  #envelope({ path, call, content }: Call<z.ZodType>): string {
    const { institutionType, institutionCode, privateKey, profile } = this.#init;
    const fields = {
      path,
      commonParams: JSON.stringify({ institutionType, institutionCode }),
      bizContent: JSON.stringify({ ...profile.extra[call], ...content }),
    };
    const { nulls, request } = profile.signing;
    const sign = signed(signedText(fields, nulls), privateKey, request);
    return new URLSearchParams({ ...fields, sign }).toString();
  }
}
