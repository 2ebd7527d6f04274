/** One HTTP request, as every terminal makes it: text out, text in. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Whole, with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** Any status is an answer; redirects are not followed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Rejects where no answer came: whether the request was taken is unknown. */
export type HttpCall = (request: HttpRequest) => Promise<HttpAnswer>;
