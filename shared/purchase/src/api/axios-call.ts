import axios, { type AxiosAdapter } from 'axios';
import type { HttpCall } from './http-call.ts';

/** No answer of the API is longer. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** HTTP by axios; `adapter`: axios's own choice where absent, a function in tests. */
export function axiosCall(adapter?: AxiosAdapter): HttpCall {
  const http = axios.create({
    ...{ maxRedirects: 0, maxContentLength: MAX_ANSWER_BYTES },
    responseType: 'text',
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    ...(adapter === undefined ? {} : { adapter }),
  });
  return async ({ method, url, headers, body, timeoutMs }) => {
    const response = await http.request<unknown>({
      method,
      url,
      headers,
      timeout: timeoutMs,
      ...(body === undefined ? {} : { data: body }),
    });
    const { status, data } = response;
    return { status, headers: { ...response.headers }, body: typeof data === 'string' ? data : '' };
  };
}
