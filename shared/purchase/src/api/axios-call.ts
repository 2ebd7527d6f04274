import axios, { AxiosError, type AxiosAdapter, type GenericAbortSignal } from 'axios';
import type { HttpCall } from './http-call.ts';

/** No answer of the API is longer. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * HTTP by axios; `adapter`: axios's own choice where absent, a function in tests. `endAfter`: a signal after so many ms; axios's own
 * time-out is for silence, and an answer that comes byte by byte would never end.
 */
export function axiosCall(
  adapter?: AxiosAdapter,
  endAfter: (ms: number) => GenericAbortSignal | undefined = () => undefined,
): HttpCall {
  const http = axios.create({
    ...{ maxRedirects: 0, maxContentLength: MAX_ANSWER_BYTES },
    responseType: 'text',
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    ...(adapter === undefined ? {} : { adapter }),
  });
  return async ({ method, url, headers, body, timeoutMs }) => {
    const whole = endAfter(timeoutMs);
    const response = await http
      .request<unknown>({
        ...{ method, url, headers, timeout: timeoutMs },
        ...(whole === undefined ? {} : { signal: whole }),
        ...(body === undefined ? {} : { data: body }),
      })
      .catch((error: unknown) => {
        if (whole?.aborted !== true) throw error;
        throw new AxiosError(`No whole answer within ${timeoutMs} ms.`, AxiosError.ECONNABORTED);
      });
    const { status, data } = response;
    return { status, headers: { ...response.headers }, body: typeof data === 'string' ? data : '' };
  };
}
