import { Registry, register as globalRegister } from 'prom-client';
import type { Logger } from 'pino';
import { ANYBODY } from '@bianmin/purchase/node/listener';
import { NOT_FOUND, refuse } from '@bianmin/purchase/node/refusal';
import type { Config } from './config/config.ts';
import { listen, type Listening } from './web/listen.ts';

/** `GET /metrics` and nothing else, on an address of its own; undefined where the configuration wants none. */
export async function serveMetrics(
  registry: Registry,
  { config, log }: { config: Pick<Config, 'METRICS_HOST' | 'METRICS_PORT'>; log: Logger },
): Promise<Listening | undefined> {
  const { METRICS_HOST: host, METRICS_PORT: port } = config;
  if (port === undefined) return undefined;
  return listen({
    ...{ host, port, admits: ANYBODY },
    answer: async (request, response, path) => {
      if (request.method !== 'GET' || path !== '/metrics') {
        refuse(response, NOT_FOUND);
        return;
      }
      const merged = Registry.merge([registry, globalRegister]);
      const text = await merged.metrics();
      response.writeHead(200, { 'content-type': merged.contentType }).end(text);
    },
    onFault: (error) => {
      log.error({ err: error }, 'the measurements could not be told');
    },
  });
}
