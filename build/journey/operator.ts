import type { z } from 'zod';
import { enrolCodeResponse, loginResponse } from '@bianmin/shared/api/admin';
import type { Stack } from '../dev/stack.ts';

/** An administrator of a stack: makes the codes that accept terminals. */
export class Operator {
  readonly #webUrl: string;
  readonly #token: string;

  private constructor(webUrl: string, token: string) {
    this.#webUrl = webUrl;
    this.#token = token;
  }

  static async login(stack: Pick<Stack, 'urls' | 'adminPassword'>): Promise<Operator> {
    const { webUrl } = stack.urls;
    const { token } = await post(webUrl, '/v1/admin/login', loginResponse, {
      body: { name: 'admin', password: stack.adminPassword },
    });
    return new Operator(webUrl, token);
  }

  async enrolCode(): Promise<string> {
    const answer = await post(this.#webUrl, '/v1/admin/enrol-codes', enrolCodeResponse, {
      token: this.#token,
    });
    return answer.code;
  }
}

async function post<S extends z.ZodType>(
  base: string,
  path: string,
  schema: S,
  init: { body?: unknown; token?: string },
): Promise<z.output<S>> {
  const response = await fetch(new URL(path, base), {
    method: 'POST',
    headers: {
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return schema.parse(answer);
}
