import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { CreditChoice } from '@bianmin/purchase/api/order';
import type { Channel } from '@bianmin/purchase/api/channels';
import {
  bindingCodeAnswer,
  bindingView,
  payerOrder,
  payerSession,
  proofAnswer,
  type PayerOrder,
} from '@bianmin/purchase/api/payer';
import { PAYER_COOKIE, PAYER_HEADER } from '../../../server/src/people/residents/sessions.ts';
import { callOnce, type Caller } from '../../run/dev/call.ts';
import { PagePhone } from './page-phone.ts';

export interface PhoneInit extends Caller {
  readonly webUrl: string;
}

/** A resident's phone at the server's own pages' API, without the pages. Failures are `ApiError`s. */
export class Phone {
  readonly #init: PhoneInit;
  #cookie = '';

  private constructor(init: PhoneInit) {
    this.#init = init;
  }

  /** An account of its own, which nothing is asked for. */
  static async begin(init: PhoneInit): Promise<Phone> {
    const phone = new Phone(init);
    await phone.#call('POST', '/v1/payer/session', payerSession);
    return phone;
  }

  /** What its calls carry. */
  get credentials(): Readonly<Record<string, string>> {
    return { [PAYER_HEADER]: '1', ...(this.#cookie === '' ? {} : { cookie: this.#cookie }) };
  }

  /** Binds a household with the code that the grid texts to its registered phone; gives the binding's id. */
  async bind(customerNo: string, codeOf: (customerNo: string) => Promise<string>): Promise<string> {
    await this.#call('POST', '/v1/payer/bindings/code', bindingCodeAnswer, { customerNo });
    const code = await codeOf(customerNo);
    const { id } = await this.#call('POST', '/v1/payer/bindings', bindingView, { customerNo, code });
    return id;
  }

  /** Six digits with which a kiosk may sell to the household once. */
  async proof(bindingId: string): Promise<string> {
    return (await this.#call('POST', `/v1/payer/bindings/${bindingId}/proof`, proofAnswer)).proof;
  }

  order(bindingId: string, faceFen: number): Promise<PayerOrder> {
    const request = { idempotencyKey: randomUUID(), bindingId, faceFen };
    return this.#call('POST', '/v1/payer/orders', payerOrder, request);
  }

  /** What a wallet pays that was chosen on the order's own page, or null where nothing can be paid. */
  async code(orderNo: string, channel: Channel = 'wechat'): Promise<string | null> {
    const { pay } = await this.view(orderNo);
    return pay === null ? null : new PagePhone(pay.url, this.#init).choose(channel);
  }

  view(orderNo: string): Promise<PayerOrder> {
    return this.#call('GET', `/v1/payer/orders/${orderNo}`, payerOrder);
  }

  choose(orderNo: string, choice: CreditChoice): Promise<PayerOrder> {
    return this.#call('POST', `/v1/payer/orders/${orderNo}/choice`, payerOrder, { choice });
  }

  #call<S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: S,
    body?: unknown,
  ): Promise<z.output<S>> {
    const { around = (call) => call() } = this.#init;
    return around(async () => schema.parse(await this.#send(method, path, body)));
  }

  async #send(method: 'GET' | 'POST', path: string, body: unknown): Promise<unknown> {
    const { webUrl, address, limitMs } = this.#init;
    const { answer, headers } = await callOnce(new URL(path, webUrl), {
      method,
      address,
      headers: this.credentials,
      body,
      limitMs,
    });
    const cookie = headers.getSetCookie().find((line) => line.startsWith(`${PAYER_COOKIE}=`));
    this.#cookie = cookie?.split(';')[0] ?? this.#cookie;
    return answer;
  }
}
