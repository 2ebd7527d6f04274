import axios from 'axios';
import type { z } from 'zod';
import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';
import { ApiError, errorOfAnswer, unreachable } from '@bianmin/purchase/api/client-error';
import { interrupt, type Interrupts } from './interrupts.ts';

export interface CallInit<S extends z.ZodType | undefined> {
  readonly path: string;
  /** Absent: `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Absent: whatever is answered is not looked at. */
  readonly response?: S;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the intention, where the caller keeps one until it was taken; absent: a new one. */
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** false: a session that has ended is an error as any other. */
  readonly interruptible?: boolean;
}

interface Answer<T> {
  readonly body: T;
  readonly status: number;
  /** Of a document that is edited: goes back as `If-Match`. */
  readonly etag: string | undefined;
}

/** Of a change to a document: the version that was seen. */
export const ifMatch = (version: number): Record<string, string> => ({ 'If-Match': `"${version}"` });
/** Of a document that is made: nothing was there. */
export const IF_NEW = { 'If-None-Match': '*' } as const;

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Of the session's cookie; every change carries it. */
let csrf: string | undefined;
export function setCsrf(token: string | undefined): void {
  csrf = token;
}

/** How many pages ask by themselves just now. */
let quiet = 0;
/** When a person last had something of the server, ms. */
let usedAt = Date.now();

/** What a page asks again and again by itself keeps no login open: calls that `work` begins, before it waits for anything. */
export function inBackground<T>(work: () => T): T {
  quiet += 1;
  try {
    return work();
  } finally {
    quiet -= 1;
  }
}
export const lastUsedAt = (): number => usedAt;

const http = axios.create({ timeout: CLIENT_LIMITS_MS.console, validateStatus: () => true });

/**
 * Calls `/v1/admin/…`. Rejects with `ApiError`. A session that ended, or a step that wants a fresh confirmation, asks the
 * person first and then goes on with the same call.
 */
export async function call<S extends z.ZodType | undefined = undefined>(init: CallInit<S>): Promise<Out<S>> {
  return (await callWhole(init)).body;
}

/** The same, with the answer's headers. */
async function callWhole<S extends z.ZodType | undefined = undefined>(
  init: CallInit<S>,
): Promise<Answer<Out<S>>> {
  const { key = crypto.randomUUID() } = init;
  const background = quiet > 0;
  try {
    return await once({ ...init, background }, key);
  } catch (error) {
    const kind = init.interruptible === false ? undefined : interruptOf(error);
    if (kind === undefined || !(await interrupt(kind))) throw error;
    return once({ ...init, background: false }, key);
  }
}

function interruptOf(error: unknown): keyof Interrupts | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const { code } = error;
  if (code === 'auth.required' || code === 'auth.expired') return 'logIn';
  // Named by its string: pages of this version also speak to a server that does not know it yet.
  if ((code as string) === 'auth.step-up-factors') return 'confirmBoth';
  return (code as string) === 'auth.step-up' ? 'confirm' : undefined;
}

async function once<S extends z.ZodType | undefined>(
  init: CallInit<S> & { readonly background: boolean },
  key: string,
): Promise<Answer<Out<S>>> {
  const { path, method = 'GET', query, body, response, headers, signal, background } = init;
  const answer = await http
    .request<unknown>({
      url: path,
      method,
      params: query,
      headers: {
        ...headers,
        ...(background ? { 'X-Background': '1' } : {}),
        ...(method === 'GET' || csrf === undefined ? {} : { 'X-CSRF-Token': csrf }),
        ...(method === 'POST' ? { 'Idempotency-Key': key } : {}),
      },
      ...(body === undefined ? {} : { data: body }),
      ...(signal === undefined ? {} : { signal }),
    })
    .catch((error: unknown) => {
      throw unreachable(error);
    });
  if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer, answer.data);
  if (!background) usedAt = Date.now();
  const etag: unknown = answer.headers['etag'];
  return {
    body: parsed(response, answer.data),
    status: answer.status,
    etag: typeof etag === 'string' ? etag : undefined,
  };
}

function parsed<S extends z.ZodType | undefined>(schema: S | undefined, data: unknown): Out<S> {
  if (schema === undefined) return undefined as Out<S>;
  const found = schema.safeParse(data);
  if (found.success) return found.data as Out<S>;
  throw new ApiError({
    code: 'server.internal',
    message: 'The server answered in a way that this page does not know. Reload the page.',
    status: 200,
  });
}
