import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '@bianmin/card/node/free-port';
import type { Program } from '../../../kit/process/program.ts';
import type { PartName } from '../../../run/dev/parts.ts';
import { startStack } from '../../../run/dev/stack.ts';
import type { Stack } from '../../../run/dev/stack-contract.ts';
import type { Words } from './request-parts.ts';
import { startSide } from './side.ts';

/** One port that somebody may talk to. */
export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly words: Words;
  /** Not HTTP: noise and frames alone are said. */
  readonly raw?: boolean;
  /** The process behind it. */
  readonly program: Program;
}

export interface Listeners {
  readonly all: readonly Listener[];
  close(): Promise<void>;
}

const FIELDS = [
  ...[
    'name',
    'password',
    'token',
    'session',
    'jws',
    'assertion',
    'code',
    'cardId',
    'orderNo',
    'amountFen',
    'limit',
    'id',
  ],
  ...[
    'resource',
    'sign',
    'method',
    'bizContent',
    'notify_id',
    'event_type',
    'codeUrl',
    'mode',
    'envelope',
    'v',
    'keyId',
  ],
];
const openApi = z.object({ paths: z.record(z.string(), z.unknown()) });

/** Every listener that we have, each in a process of its own: a stack, and what no stack has. */
export async function startListeners(report: (line: string) => void): Promise<Listeners> {
  const measured = { web: await freePort(), worker: await freePort() };
  const stack = await startStack({
    ...{ report, pages: 'elsewhere', tv: true },
    env: {
      server: { LOG_LEVEL: 'error' },
      web: { METRICS_PORT: String(measured.web) },
      worker: { METRICS_PORT: String(measured.worker) },
    },
  });
  const closing: (() => Promise<unknown>)[] = [() => stack.close()];
  const close = async (): Promise<void> => {
    for (const step of closing.reverse()) await step();
  };
  try {
    const invoice = await startSide('invoice');
    closing.push(() => invoice.program.stop());
    const proxy = await startSide('proxy', stack.urls.webUrl);
    closing.push(() => proxy.program.stop());
    return { all: [...(await ofStack(stack, measured)), ...sides({ invoice, proxy })], close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ofStack(stack: Stack, measured: { web: number; worker: number }): Promise<Listener[]> {
  const { webUrl, gridUrl, walletUrl } = stack.urls;
  const { paths } = openApi.parse(await (await fetch(`${webUrl}/openapi.json`)).json());
  const { gridString } = portsFile.parse(JSON.parse(await readFile(join(stack.dir, 'ports.json'), 'utf8')));
  const at = (part: PartName, port: number, own: Own, name: string = part): Listener => {
    const program = stack.program(part);
    if (program === undefined) throw new Error(`${part} does not run.`);
    return { name, port, program, words: wordsOf(port, own) };
  };
  // Each answer of /metrics is 40 KB that are made anew: a part of the requests is enough.
  const nearly = ['/', '/metric', '/metrics/x', '/healthz', '/readyz', '/openapi.json', '/favicon.ico'];
  const metrics = { paths: ['/metrics', ...nearly], sockets: ['/metrics'] };
  return [
    at('web', portOf(webUrl), {
      paths: [...Object.keys(paths), '/admin/', '/p/', '/portal/'],
      sockets: ['/v1/terminal/stream', '/'],
    }),
    at('web', measured.web, metrics, 'metrics of web'),
    at('worker', measured.worker, metrics, 'metrics of worker'),
    at('kiosk', portOf(await stack.kioskUrl()), KIOSK),
    at('grid', portOf(gridUrl), GRID),
    { ...at('grid', gridString, metrics, 'string line of grid'), raw: true },
    at('wallet', portOf(walletUrl), WALLET),
    at('tv', portOf((await stack.tv) ?? ''), TV),
  ];
}

function sides(of: Readonly<Record<'invoice' | 'proxy', { url: string; program: Program }>>): Listener[] {
  return Object.entries(of).map(([name, { url, program }]) => {
    const port = portOf(url);
    const paths = ['/', '/v1/invoices', '/v1/invoices/ABC123', '/v1/admin/orders', '/healthz'];
    return { name, port, program, words: wordsOf(port, { paths, sockets: ['/'] }) };
  });
}

type Own = Pick<Words, 'paths' | 'sockets'>;

const wordsOf = (port: number, own: Own): Words => ({ ...own, fields: FIELDS, host: `127.0.0.1:${port}` });
const portOf = (url: string): number => Number(new URL(url).port);
const portsFile = z.object({ gridString: z.int() });

const KIOSK: Own = {
  paths: ['/', '/enter', '/enter.js', '/session', '/ipc', '/assets/x.js'],
  sockets: ['/ipc', '//'],
};
const TV: Own = {
  paths: ['/', '/tv/', '/desk.json', '/double/desk.js', '/world/cards', '/shell'],
  sockets: ['/shell', '/shell?x'],
};
const GRID: Own = {
  sockets: ['/world/readers/raw-1/usb', '/world/readers/raw-2/usb', '/world/readers/%/usb'],
  paths: [
    ...[
      '/',
      '/page.js',
      '/healthz',
      '/collect/session',
      '/collect/message',
      '/world/cards',
      '/world/readers',
      '/world/meters',
    ],
    ...[
      '/world/readers/x/insert',
      '/world/readers/x/eject',
      '/world/readers/x/faults',
      '/world/meters/1/insert',
      '/world/households',
      '/world/nowhere',
    ],
  ],
};
const WALLET: Own = {
  sockets: ['/wallet/pay'],
  paths: [
    ...[
      '/',
      '/phone',
      '/brands.json',
      '/wallet/wallets',
      '/wallet/payments',
      '/wallet/pay',
      '/wallet/scan',
      '/wallet/replay',
      '/wallet/sums',
    ],
    ...[
      '/v3/pay/transactions/native',
      '/v3/pay/transactions/out-trade-no/{no}',
      '/v3/refund/domestic/refunds',
      '/v3/bill/tradebill',
    ],
    ...[
      '/gateway.do',
      '/mapi/sdkRequest',
      '/alipay/cashier',
      '/wechat/pay',
      '/wechat/h5',
      '/connect/oauth2/authorize',
      '/sns/oauth2/access_token',
    ],
  ],
};
