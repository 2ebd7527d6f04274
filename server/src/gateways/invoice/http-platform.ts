import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import { answerText } from '@bianmin/purchase/node/answer-text';
import { InvoiceError, type InvoiceEvidence, type InvoicePlatform, type InvoiceRequest } from './contract.ts';
import { evidenceBody, isSigned, SIGNATURE_HEADER, signatureOf, TIME_HEADER } from './wire.ts';

/** An invoice's evidence has some hundred bytes. */
const MAX_ANSWER_BYTES = 65_536;

export interface HttpPlatformConfig {
  /** Of the platform, without a trailing slash. */
  readonly url: string;
  /** 32 bytes, shared with the platform. */
  readonly key: Buffer;
  /** ms. */
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** The profile "invoice v1" over HTTP. */
export class HttpInvoicePlatform implements InvoicePlatform {
  readonly #config: HttpPlatformConfig;

  constructor(config: HttpPlatformConfig) {
    this.#config = config;
  }

  async issue(request: InvoiceRequest): Promise<InvoiceEvidence> {
    const evidence = await this.#call('POST', '/v1/invoices', request.requestNo, JSON.stringify(request));
    // A platform that takes a request and does not know it contradicts itself: ask again.
    if (evidence.status === 'not-found')
      throw unknown('The invoice platform does not know what it was just sent.');
    return evidence;
  }

  query(requestNo: string): Promise<InvoiceEvidence | { status: 'not-found' }> {
    return this.#call('GET', `/v1/invoices/${requestNo}`, requestNo, '');
  }

  async #call(
    method: 'GET' | 'POST',
    path: string,
    requestNo: string,
    body: string,
  ): Promise<InvoiceEvidence | { status: 'not-found' }> {
    const { url, key, timeoutMs, clock } = this.#config;
    const time = String(Math.floor(clock.now() / 1000));
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}`, {
        method,
        headers: {
          [TIME_HEADER]: time,
          [SIGNATURE_HEADER]: signatureOf(key, { method, path, time, body }),
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        ...(method === 'POST' ? { body } : {}),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await answerText(response, MAX_ANSWER_BYTES);
    } catch (error) {
      throw unknown('The invoice platform did not answer in time. Ask it before anything else.', error);
    }
    if (response.status === 429 || response.status === 503) {
      throw new InvoiceError({
        code: 'invoice.unavailable',
        message: 'The invoice platform accepts nothing now. Try again later.',
        context: { status: response.status },
      });
    }
    const answered = { method: `${method} ${response.status}`, path, time, body: text };
    if (!isSigned(key, answered, response.headers.get(SIGNATURE_HEADER))) {
      throw unknown('An answer of the invoice platform is not signed by it. Ask it again.');
    }
    return this.#read(text, requestNo);
  }

  #read(text: string, requestNo: string): InvoiceEvidence | { status: 'not-found' } {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      value = undefined;
    }
    const result = evidenceBody.safeParse(value);
    if (!result.success || result.data.requestNo !== requestNo) {
      throw unknown('The invoice platform answered about something else. Ask it again.');
    }
    const { requestNo: _, ...evidence } = result.data;
    return evidence.status === 'issued' ? { ...evidence, issuedAt: new Date(evidence.issuedAt) } : evidence;
  }
}

function unknown(message: string, cause?: unknown): InvoiceError {
  return new InvoiceError({ code: 'invoice.unknown', message, ...(cause === undefined ? {} : { cause }) });
}
