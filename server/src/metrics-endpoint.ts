import { Registry, register as globalRegister } from 'prom-client';
import { listen, type Listening } from './web/listen.ts';

/** `GET /metrics` and nothing else, for a process that serves nothing besides. */
export function serveMetrics(registry: Registry, host: string, port: number): Promise<Listening> {
  return listen(
    (request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      const merged = Registry.merge([registry, globalRegister]);
      merged.metrics().then(
        (text) => response.writeHead(200, { 'content-type': merged.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
    host,
    port,
  );
}
