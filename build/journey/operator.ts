import { z } from 'zod';
import { enrolCodeResponse, loginResponse } from '@bianmin/shared/api/admin';
import { staffCase } from '@bianmin/shared/api/staff';
import type { Stack } from '../dev/stack.ts';
import { callOnce } from './call.ts';

export interface OperatorCall {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
}

interface Who {
  readonly name: string;
  readonly password: string;
  /** Where they call from, for a server that believes the proxy in front of it. */
  readonly address?: string;
}

/** One of a stack's staff, the first administrator where nobody is named. Failures are `ApiError`s. */
export class Operator {
  readonly #webUrl: string;
  readonly #token: string;
  readonly #address: string | undefined;

  private constructor(webUrl: string, token: string, address: string | undefined) {
    this.#webUrl = webUrl;
    this.#token = token;
    this.#address = address;
  }

  static async login(stack: Pick<Stack, 'urls' | 'adminPassword'>, who?: Who): Promise<Operator> {
    const { webUrl } = stack.urls;
    const { name, password, address } = who ?? { name: 'admin', password: stack.adminPassword };
    const call = { path: '/v1/admin/login', method: 'POST', body: { name, password } } as const;
    const { token } = await ask(webUrl, { ...call, address }, loginResponse);
    return new Operator(webUrl, token, address);
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
  call<S extends z.ZodType>(call: OperatorCall, schema: S): Promise<z.output<S>> {
    return ask(this.#webUrl, { ...call, token: this.#token, address: this.#address }, schema);
  }
}

const caseList = z.object({ cases: z.array(staffCase) });

async function ask<S extends z.ZodType>(
  base: string,
  request: OperatorCall & { token?: string; address: string | undefined },
  schema: S,
): Promise<z.output<S>> {
  const { path, method = 'GET', body, token, address } = request;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { answer } = await callOnce(new URL(path, base), { method, address, headers, body });
  return schema.parse(answer);
}
