import type { HttpCall } from '@bianmin/purchase/api/http-call';
import type { ShellLink } from './shell-link.ts';

/** HTTP by the shell, which does TLS and goes to its one server. `serverUrl` is what the client takes for its base. */
export function shellCall(link: ShellLink, serverUrl: string): HttpCall {
  return async ({ method, url, headers, body, timeoutMs }) => {
    if (url.indexOf(`${serverUrl}/v1/`) !== 0) throw new Error('Not our server.');
    const answer = await link.ask({
      op: 'http',
      method,
      path: url.slice(serverUrl.length),
      headers,
      ...(body === undefined ? {} : { body }),
      timeoutMs,
    });
    return { status: answer.status ?? 0, headers: answer.headers ?? {}, body: answer.body ?? '' };
  };
}
