import { z } from 'zod';
import { enrolCodeResponse, loginResponse } from '@bianmin/shared/api/admin';
import { staffCase } from '@bianmin/shared/api/staff';
import type { Stack } from '../dev/stack.ts';

/** An administrator of a stack: makes the codes that accept terminals, and sees the cases. */
export class Operator {
  readonly #webUrl: string;
  readonly #token: string;

  private constructor(webUrl: string, token: string) {
    this.#webUrl = webUrl;
    this.#token = token;
  }

  static async login(stack: Pick<Stack, 'urls' | 'adminPassword'>): Promise<Operator> {
    const { webUrl } = stack.urls;
    const body = { name: 'admin', password: stack.adminPassword };
    const { token } = await ask(webUrl, { path: '/v1/admin/login', method: 'POST', body }, loginResponse);
    return new Operator(webUrl, token);
  }

  async enrolCode(): Promise<string> {
    const request = { path: '/v1/admin/enrol-codes', method: 'POST', token: this.#token } as const;
    const answer = await ask(this.#webUrl, request, enrolCodeResponse);
    return answer.code;
  }

  /** Kinds of the cases that there are of one order. */
  async casesOf(orderNo: string): Promise<string[]> {
    const path = `/v1/admin/cases?orderNo=${orderNo}`;
    const { cases } = await ask(this.#webUrl, { path, token: this.#token }, caseList);
    return cases.map(({ kind }) => kind);
  }
}

const caseList = z.object({ cases: z.array(staffCase) });

async function ask<S extends z.ZodType>(
  base: string,
  request: { path: string; method?: 'POST'; body?: unknown; token?: string },
  schema: S,
): Promise<z.output<S>> {
  const { path, method = 'GET', body, token } = request;
  const response = await fetch(new URL(path, base), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return schema.parse(answer);
}
