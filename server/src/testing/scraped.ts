import { systemClock } from '@bianmin/card/node/system-clock';
import { sm2 } from 'sm-crypto-v2';
import type { Config } from '../config/config.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { startWeb } from '../web.ts';
import { startWorker } from '../worker.ts';
import { testConfig } from './config.ts';
import { openTestContext } from './context.ts';

/** Web and worker as they really start, without a channel and with a grid that is not there, read once as Prometheus reads them. */
export async function scraped(): Promise<{ readonly web: string; readonly worker: string }> {
  const t = await openTestContext();
  const keys = sm2.generateKeyPairHex();
  const config: Config = {
    ...testConfig({
      MONGODB_URI: t.mongodbUri,
      REDIS_URL: t.redisUrl,
      METRICS_PORT: 0,
      GRID_SIGN_KEY: keys.privateKey,
      GRID_PUBLIC_KEY: keys.publicKey,
    }),
    WECHAT_APPID: undefined,
    WECHAT_MCHID: undefined,
    WECHAT_SERIAL: undefined,
    WECHAT_PRIVATE_KEY: undefined,
    WECHAT_PLATFORM_KEYS: undefined,
    WECHAT_APIV3_KEY: undefined,
  };
  const read = async (url: string): Promise<string> => (await fetch(url)).text();
  try {
    const web = await startWeb(config);
    // As a worker of before has left it: until then no terminal is counted.
    const { hearing } = new PresenceBoard(t.redis, systemClock);
    await hearing.listen();
    const span = await hearing.span();
    if (span !== undefined) await hearing.markWhole(span, 0);
    const worker = await startWorker(config);
    try {
      await read(`${web.url}/readyz`);
      return {
        web: await read(`${web.metricsUrl}/metrics`),
        worker: await read(`${worker.metricsUrl}/metrics`),
      };
    } finally {
      await worker.close();
      await web.close();
    }
  } finally {
    await t.close();
  }
}

/** Every metric in what was read, and its type. */
export function typesIn(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
}
