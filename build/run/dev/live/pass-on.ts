import type { ProxyOptions } from 'vite';

/**
 * Passes requests on to a server that answers its own address only. The check of where a request comes from stays that
 * server's: our own pages' origin becomes its own, any other is passed on as it came.
 */
export function passOn(own: string, to: string, ws = false): ProxyOptions {
  return {
    target: to,
    changeOrigin: true,
    ws,
    configure: (proxy) => {
      proxy.on('proxyReq', (passed, { headers }) => {
        if (headers.origin === own) passed.setHeader('origin', to);
      });
      proxy.on('proxyReqWs', (passed, { headers }) => {
        if (headers.origin === own) passed.setHeader('origin', to);
      });
    },
  };
}
