import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { Wechatpay } from 'wechatpay-axios-plugin';
import type { z } from 'zod';
import { assertBounded } from '@bianmin/card/json-text';
import { LIMITS } from '../../../kernel/limits.ts';
import { realDeadline, type Deadline } from '../../../kernel/deadline.ts';
import { answeredOtherwise } from '../answered.ts';
import type { PaymentError } from '../error.ts';
import { wechatFailure } from './failure.ts';

export interface WechatClientInit {
  readonly baseUrl: string;
  readonly mchid: string;
  readonly serial: string;
  readonly privateKey: string;
  readonly platformKeys: Readonly<Record<string, string>>;
  /** ms; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Only for tests; otherwise the machine's time. */
  readonly deadline?: Deadline | undefined;
}

export type WechatOperation = 'create' | 'query' | 'close' | 'refund' | 'query-refund' | 'bill' | 'complaint';

const MAX_ANSWER = 1_048_576;
/** A large bill takes its time; nothing waits for it. */
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** Signed calls to WeChat Pay API v3, whose answers are verified and checked for their form. */
export class WechatClient {
  readonly #http: AxiosInstance;
  readonly #timeoutMs: number;
  readonly #deadline: Deadline;

  constructor(init: WechatClientInit) {
    this.#timeoutMs = init.timeoutMs ?? LIMITS.channel;
    this.#deadline = init.deadline ?? realDeadline;
    const client = new Wechatpay({
      baseURL: init.baseUrl.endsWith('/') ? init.baseUrl : `${init.baseUrl}/`,
      mchid: init.mchid,
      serial: init.serial,
      privateKey: init.privateKey,
      certs: { ...init.platformKeys },
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER,
      // A proxy named by the environment must not come between us and the channel unasked.
      proxy: false,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 64 }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 64 }),
    });
    this.#http = client.client.v3;
    const { defaults } = this.#http;
    // Before the library parses it.
    defaults.transformResponse = [bounded, ...[defaults.transformResponse ?? []].flat()];
  }

  /** Throws a `PaymentError`; without a schema the answer has no body that counts. */
  async call<Schema extends z.ZodType>(
    operation: WechatOperation,
    schema: Schema | undefined,
    request: AxiosRequestConfig,
  ): Promise<z.output<Schema>> {
    let data: unknown;
    try {
      ({ data } = await this.#http.request<unknown>({
        ...request,
        signal: this.#deadline(this.#timeoutMs),
      }));
    } catch (error) {
      throw wechatFailure(error, operation);
    }
    if (schema === undefined) return undefined as z.output<Schema>;
    const result = schema.safeParse(data);
    if (result.success) return result.data;
    throw mismatch(operation, result.error.issues[0]?.path.map(String).join('.') ?? 'form');
  }

  /**
   * A bill's file. Files are not signed: their digest came in a signed answer. The address that came with it is
   * asked for at our own host, so that no signature of ours goes anywhere else.
   */
  async download(url: string): Promise<Readable> {
    const { pathname, searchParams } = new URL(url);
    try {
      const { data } = await this.#http.get<Readable>(pathname, {
        params: searchParams,
        responseType: 'stream',
        decompress: false,
        maxContentLength: Infinity,
        signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
      });
      return data;
    } catch (error) {
      throw wechatFailure(error, 'bill');
    }
  }
}

/** Throws unless an answer is about what was asked. */
export function check(operation: WechatOperation, holds: boolean, what: string): void {
  if (!holds) throw mismatch(operation, what);
}

function bounded(data: unknown): unknown {
  if (typeof data === 'string') assertBounded(data);
  return data;
}

function mismatch(operation: WechatOperation, what: string): PaymentError {
  return answeredOtherwise('wechat', operation, what);
}
