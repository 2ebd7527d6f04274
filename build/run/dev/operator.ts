import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { loginResponse } from '@bianmin/purchase/api/admin-login';
import { enrolCodeResponse } from '@bianmin/purchase/api/admin-terminals';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { staffCase } from '@bianmin/purchase/api/staff';
import { INTENT_HEADER } from '../../../server/src/route/idempotency.ts';
import type { Stack } from './stack-contract.ts';
import { callOnce } from './call.ts';

export interface OperatorCall {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
}

interface Who {
  readonly name: string;
  readonly password: string;
  /** Where they call from, for a server that believes the proxy in front of it. */
  readonly address?: string;
  /** How long they wait for an answer, ms; absent: for ever. */
  readonly limitMs?: number;
}

/**
 * One of a stack's staff, the first administrator where none is named. Failures are `ApiError`s. A password that
 * another made is changed at the first login, to one that follows from it, so that the same pair logs in again; where
 * the server wants the password once more before money moves, it is given.
 */
export class Operator {
  readonly #webUrl: string;
  readonly #token: string;
  readonly #address: string | undefined;
  readonly #limitMs: number | undefined;
  /** As it is now. */
  readonly password: string;

  private constructor(webUrl: string, who: Who & { token: string }) {
    this.#webUrl = webUrl;
    this.#token = who.token;
    this.#address = who.address;
    this.#limitMs = who.limitMs;
    this.password = who.password;
  }

  static async login(stack: Pick<Stack, 'urls' | 'adminPassword'>, who?: Who): Promise<Operator> {
    const { webUrl } = stack.urls;
    const as: Who = who ?? { name: 'admin', password: stack.adminPassword };
    const login = async (password: string): Promise<Operator & { next: string }> => {
      const { name, address, limitMs } = as;
      const call = { path: '/v1/admin/login', method: 'POST', body: { name, password } } as const;
      const { token, next } = await ask(webUrl, { ...call, address, limitMs }, loginResponse);
      return Object.assign(new Operator(webUrl, { ...as, password, token }), { next });
    };
    const own = ownPassword(as.password);
    const first = await login(as.password).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'auth.bad-credentials') return login(own);
      throw error;
    });
    if (first.next !== 'password') return first;
    const body = { current: as.password, next: own };
    await first.call({ path: '/v1/admin/me/password', method: 'POST', body }, z.unknown());
    return login(own);
  }

  async enrolCode(): Promise<string> {
    const answer = await this.call({ path: '/v1/admin/enrol-codes', method: 'POST' }, enrolCodeResponse);
    return answer.code;
  }

  /** Kinds of the cases that there are of one order. */
  async casesOf(orderNo: string): Promise<string[]> {
    const { cases } = await this.call({ path: `/v1/admin/cases?orderNo=${orderNo}` }, caseList);
    return cases.map(({ kind }) => kind);
  }

  /** Any call of the staff's API. */
  async call<S extends z.ZodType>(call: OperatorCall, schema: S): Promise<z.output<S>> {
    const by = { token: this.#token, address: this.#address, limitMs: this.#limitMs };
    try {
      return await ask(this.#webUrl, { ...call, ...by }, schema);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'auth.step-up') throw error;
    }
    await this.confirmed();
    return ask(this.#webUrl, { ...call, ...by }, schema);
  }

  /** Gives the password once more; answers the session's token, with which the money may now be moved for some minutes. */
  async confirmed(): Promise<string> {
    const by = { token: this.#token, address: this.#address, limitMs: this.#limitMs };
    const body = { password: this.password };
    await ask(this.#webUrl, { path: '/v1/admin/me/confirm', method: 'POST', body, ...by }, z.unknown());
    return this.#token;
  }
}

function ownPassword(given: string): string {
  return `${given}-own`;
}

const caseList = z.object({ cases: z.array(staffCase) });

async function ask<S extends z.ZodType>(
  base: string,
  request: OperatorCall & { token?: string; address: string | undefined; limitMs: number | undefined },
  schema: S,
): Promise<z.output<S>> {
  const { path, method = 'GET', body, token, address, limitMs } = request;
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(method === 'POST' ? { [INTENT_HEADER]: randomUUID() } : {}),
  };
  const { answer } = await callOnce(new URL(path, base), { method, address, headers, body, limitMs });
  return schema.parse(answer);
}
