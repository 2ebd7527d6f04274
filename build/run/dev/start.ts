import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { EXIT_USAGE, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { GRID_PROFILES } from '../../../server/src/gateways/grid/profiles.ts';
import { acceptFirstBox } from './accept-boxes.ts';
import { gridProfileOf } from './grid-profile.ts';
import { openWindow } from './window.ts';
import { InUseError } from './in-use.ts';
import { LAST_BASE, USUAL_PORTS } from './ports.ts';
import { ensureConsolePages } from './renderer.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack-contract.ts';

const USAGE = `Usage: npm start -- [OPTION…]            npm run deploy:local -- [OPTION…] (two nodes behind nginx)
Everything on this machine, until Ctrl-C.
  --data FOLDER      keeps everything in this folder (BIANMIN_DATA); .data/dev, with two nodes .data/two-nodes
  --port-base N      takes the ports from N on: web, kiosk, grid, wallet, the grid's string line, TV, and with two nodes
                     theirs (BIANMIN_PORT_BASE); otherwise 8080 and its neighbours where they are free
  --fresh            throws the last world away and begins anew
  --grid PROFILE     how the server speaks to the grid: ${GRID_PROFILES.join(' or ')}
  --no-window        opens no window where there is a screen
  --no-install       installs nothing; says what is lacking and ends with 2
  --help             this
`;

/** For all parts together; an order in hand goes on at the next start. */
const END_MS = 2_500;

const from = performance.now();
const { values } = readOptions({
  usage: USAGE,
  options: {
    data: { type: 'string', default: process.env['BIANMIN_DATA'] ?? '' },
    'port-base': { type: 'string' },
    'two-nodes': { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    grid: { type: 'string', default: 'collection-v1' },
    'no-window': { type: 'boolean', default: false },
  },
});
const dir = resolve(values.data || (values['two-nodes'] ? '.data/two-nodes' : '.data/dev'));
const gridProfile = gridProfileOf(values.grid, USAGE);
// Set to nothing is not set.
const portBase = wholeNumber(values['port-base'] ?? (process.env['BIANMIN_PORT_BASE'] || undefined), {
  ...{ usage: USAGE, option: 'port-base', least: 1, most: LAST_BASE },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// The program that read it may be gone before we are.
process.stdout.on('error', () => undefined);

let stack: Stack | undefined;
let ending = false;
const abort = new AbortController();

/** Ends all in order. */
function end(code: number): void {
  ending = true;
  process.exitCode = code;
  // What still starts ends, and `startStack` throws.
  abort.abort();
  if (stack === undefined) return;
  stack.close().then(
    () => process.exit(),
    (error: unknown) => {
      say(`Not everything ended well: ${String(error)}`);
      process.exit(1);
    },
  );
}
process.on('SIGINT', () => {
  // A developer who presses Ctrl-C twice has waited long enough.
  if (ending) process.exit(130);
  say('Stopping');
  end(130);
});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (ending) return;
    say('Stopping');
    end(0);
  });
}

try {
  stack = await startStack({
    dir,
    fresh: values.fresh,
    given: 'as-is',
    ports: USUAL_PORTS,
    ...(portBase === undefined ? {} : { portBase }),
    endWithinMs: END_MS,
    tv: true,
    twoNodes: values['two-nodes'],
    gridProfile,
    env: {
      server: {
        ...{ PAYMENT_CODE: 'any', GRID_VENDOR_CREDIT: 'on' },
        ...{ GRID_CANCEL_WRITTEN: 'on', GRID_METER_READINGS: 'on' },
        GRID_CARD_TASKS: gridProfile === 'collection-v1' ? 'on' : 'off',
      },
    },
    report: say,
    signal: abort.signal,
  });
} catch (error) {
  if (ending) process.exit();
  say(error instanceof Error ? error.message : String(error));
  if (error instanceof InUseError) process.exit(EXIT_USAGE);
  say(`The parts' logs are in ${relative(process.cwd(), dir)}.`);
  process.exit(1);
}

const { urls, tv, adminPassword, fall } = stack;
acceptFirstBox(stack, abort.signal).catch((error: unknown) => {
  if (!ending) say(`Nobody accepts the TV's box any more: ${String(error)}`);
});
const kioskUrl = await stack.kioskUrl();
const window = values['no-window']
  ? null
  : await openWindow({ page: join(dir, 'kiosk/kiosk.html'), dir, signal: abort.signal });
say('');
say(
  `Ready in ${((performance.now() - from) / 1000).toFixed(1)} s. Ctrl-C ends it; npm start -- --fresh begins anew.`,
);
say(window ?? `Kiosk           ${kioskUrl}`);
say(
  `                Opens once; the next address is then in ${relative(process.cwd(), join(dir, 'kiosk/kiosk.url'))}`,
);
say(`Cards, meters   ${urls.gridUrl}/`);
say(`Phone's wallet  ${urls.walletUrl}/phone`);
say(`Top up at home  ${urls.webUrl}/p/ (its texts are on the page of cards and meters)`);
say(`Server          ${urls.webUrl}/openapi.json`);
say(`Administrator   admin, password ${adminPassword}`);
void tv?.then(
  (url) => {
    say(`TV              ${url} (a home box; arrows, Enter, Escape)`);
  },
  (error: unknown) => {
    if (!ending) say(`There is no TV. ${error instanceof Error ? error.message : String(error)}`);
  },
);
// One after the other: two builds at once take two cores from a developer who has begun to try things.
void (tv ?? Promise.resolve())
  .catch(() => undefined)
  .then(() => ensureConsolePages(say))
  .then(
    () => {
      say(`Console         ${urls.webUrl}/admin/`);
    },
    (error: unknown) => {
      if (!ending) say(`There is no console. ${error instanceof Error ? error.message : String(error)}`);
    },
  );

void fall.then(({ part, exit, tail }) => {
  if (ending) return;
  say(`${part} ended by itself (${exit}). Its last words:\n${tail}`);
  end(1);
});
