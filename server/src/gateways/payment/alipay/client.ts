import type { z } from 'zod';
import { openAnswer } from './answer.ts';
import { brokenCall, failureOf, mismatch, unproven } from './failure.ts';
import type { AlipayTrust } from './keys.ts';
import type { Content, Signer } from './request.ts';
import type { FormAnswer, FormTransport } from '../form-transport.ts';

export interface ClientInit {
  readonly signer: Signer;
  readonly transport: FormTransport;
  readonly trust: AlipayTrust;
}

export interface Call<Schema extends z.ZodType> {
  /** As errors name it: `create`, `query`, … */
  readonly operation: string;
  /** `alipay.trade.query`, … */
  readonly method: string;
  readonly answer: Schema;
  readonly content?: Content;
  readonly common?: Content;
}

/** Asks Alipay one thing: signed, verified, and every failure a `PaymentError`. */
export class Client {
  readonly #init: ClientInit;

  constructor(init: ClientInit) {
    this.#init = init;
  }

  async ask<Schema extends z.ZodType>(call: Call<Schema>): Promise<z.output<Schema>> {
    const { operation, method } = call;
    const { signer, transport, trust } = this.#init;
    let raw: FormAnswer;
    try {
      raw = await transport.post(signer.call(method, call.content, call.common));
    } catch (error) {
      throw brokenCall(error, operation);
    }
    const answer = openAnswer(method, raw.body, trust);
    if (answer === undefined) throw unproven(operation, 'form');
    const failure = failureOf(answer, operation, raw.at);
    if (failure !== undefined) throw failure;
    const parsed = call.answer.safeParse(answer.fields);
    if (parsed.success) return parsed.data;
    throw mismatch(operation, parsed.error.issues[0]?.path.map(String).join('.') ?? 'form');
  }
}
