import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { realDeadline, type Deadline } from '../../kernel/deadline.ts';
import { answeredAt } from './answered.ts';

const MAX_ANSWER = 1_048_576;
/** A large bill takes its time; nothing waits for it. */
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** What came back. */
export interface FormAnswer {
  /** The bytes as they came. */
  readonly body: Buffer;
  /** When it was given, by the gateway's own clock (`Date`, RFC 9110); null where it does not say. */
  readonly at: Date | null;
}

/** What is sent: a form, already signed. */
export interface FormRequest {
  readonly url: string;
  /** `application/x-www-form-urlencoded`. */
  readonly body: string;
}

/**
 * The way to a wallet that is asked by forms. No wallet's own client is used for it: those send a request again
 * by themselves after a broken connection, follow redirects, or take an answer of any size.
 */
export class FormTransport {
  readonly #http: AxiosInstance;
  readonly #timeoutMs: number;
  readonly #deadline: Deadline;

  /** `timeoutMs`: how long an answer may take, from the first byte that leaves to the last one that comes. */
  constructor(timeoutMs: number, deadline: Deadline = realDeadline) {
    this.#timeoutMs = timeoutMs;
    this.#deadline = deadline;
    this.#http = axios.create({
      maxRedirects: 0,
      // A proxy named by the environment must not come between us and the channel unasked.
      proxy: false,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 64 }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 64 }),
    });
  }

  /** Rejects for any status but 200, which is a gateway's only one. */
  async post({ url, body }: FormRequest): Promise<FormAnswer> {
    const { data, headers } = await this.#http.post<ArrayBuffer>(url, body, {
      responseType: 'arraybuffer',
      maxContentLength: MAX_ANSWER,
      signal: this.#deadline(this.#timeoutMs),
      validateStatus: (status) => status === 200,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
    });
    return { body: Buffer.from(data), at: answeredAt(headers['date']) };
  }

  /** A file, as it comes. */
  async download(url: string): Promise<Readable> {
    const { data } = await this.#http.get<Readable>(url, {
      responseType: 'stream',
      signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
      validateStatus: (status) => status === 200,
    });
    return data;
  }
}
