import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { launchPage } from '../../../../terminal-app/src/host/entrance.ts';
import { acceptFirstBox } from '../accept-boxes.ts';
import { startStack } from '../stack.ts';
import type { Stack, StackInit } from '../stack-contract.ts';
import { openWindow } from '../window.ts';
import { parseOptions, USAGE, type LiveOptions } from './options.ts';
import { openPagesFront, type Front } from './pages-front.ts';
import { INSPECTED, livePorts, type LivePorts } from './ports.ts';
import { Restarts } from './restarts.ts';
import { openKioskFront, openTvFront } from './screen-fronts.ts';

/** `npm run dev`: the whole stack, whose pages and processes follow the sources, until Ctrl-C. */
const from = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const options = optionsOrEnd();
const dir = resolve(options.data);
const ports = await livePorts(options.portBase);
const origin = (port: number): string => `http://127.0.0.1:${port}`;

let ending = false;
const abort = new AbortController();
/** Ended in this order. */
const closers: (() => Promise<void>)[] = [];

async function end(code: number): Promise<void> {
  ending = true;
  process.exitCode = code;
  abort.abort();
  for (const close of closers) {
    await close().catch((error: unknown) => {
      say(`Not everything ended well: ${String(error)}`);
      process.exitCode = 1;
    });
  }
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!ending) {
      say('Stopping');
      void end(signal === 'SIGINT' ? 130 : 0);
      // A developer who presses Ctrl-C twice has waited long enough.
    } else if (signal === 'SIGINT') process.exit(130);
  });
}

const starting = startStack({
  dir,
  ...{ ports: ports.stack, pages: 'elsewhere', tv: true },
  // All of this world is in its folder; that of MONGODB_URI is npm start's.
  given: 'ignored',
  env: environments(ports),
  report: say,
  signal: abort.signal,
});
closers.push(async () => {
  const stack = await starting.catch(() => undefined);
  await stack?.close();
});
try {
  await follow(await starting);
} catch (error) {
  if (!ending) {
    say(error instanceof Error ? error.message : String(error));
    say(`The parts' logs are in ${relative(process.cwd(), dir)}.`);
    await end(1);
  }
}

function optionsOrEnd(): LiveOptions {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (!parsed.help) return parsed;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** What the processes have besides what the stack gives them. */
function environments({ front, inspect }: LivePorts): NonNullable<StackInit['env']> {
  const inspected = Object.fromEntries(
    INSPECTED.map((part) => [part, { NODE_OPTIONS: `--inspect=127.0.0.1:${inspect[part]}` }]),
  );
  return {
    // Codes and links lead to the pages that Vite serves.
    server: { PUBLIC_URL: origin(front.pages), PAYMENT_CODE: 'any', GRID_CARD_TASKS: 'on' },
    ...(options.inspect ? inspected : {}),
  };
}

/** Puts Vite's servers before the stack, and starts its processes again as their sources change. */
async function follow(stack: Stack): Promise<void> {
  const { urls, tv, fall } = stack;
  const open: Front[] = [];
  const restarts = new Restarts({
    stack,
    say,
    onRestarted: (part) => {
      say(`${part} runs again.`);
      // The others' pages find their process again by themselves.
      if (part === 'tv') tvFront.reload();
      if (part === 'web' && !boxIsAwaited) awaitBox();
    },
  });
  let boxIsAwaited = false;
  const awaitBox = (): void => {
    boxIsAwaited = true;
    // Web has gone: it starts again.
    acceptFirstBox(stack, abort.signal).catch(() => {
      boxIsAwaited = false;
    });
  };
  closers.unshift(async () => {
    await Promise.all([restarts.close(), ...open.map((front) => front.close())]);
  });
  const kioskUrl = new URL(await stack.kioskUrl());
  const pages = openPagesFront({
    port: ports.front.pages,
    webUrl: urls.webUrl,
    webIsUp: restarts.webIsUp,
  });
  open.push(await pages);
  open.push(await openKioskFront({ port: ports.front.kiosk, url: kioskUrl.origin }));
  const tvUrl = new URL((await tv) ?? '');
  const tvFront = await openTvFront({ port: ports.front.tv, url: tvUrl.origin });
  open.push(tvFront);
  awaitBox();
  await restarts.start();
  await sayReady(stack, kioskUrl);
  void fall.then(({ part, exit, tail }) => {
    // Those that follow their sources are waited for.
    if (ending || restarts.follows(part)) return;
    say(`${part} ended by itself (${exit}). Its last words:\n${tail}`);
    void end(1);
  });
}

/** Opens the window, where one was asked for, and says where everything is. */
async function sayReady({ urls, adminPassword }: Stack, kioskUrl: URL): Promise<void> {
  const enter = `${origin(ports.front.kiosk)}${kioskUrl.pathname}${kioskUrl.hash}`;
  const page = join(dir, 'kiosk/live.html');
  await writeFile(page, launchPage(enter), { mode: 0o600 });
  const window = options.window ? await openWindow({ page, dir }) : null;
  const front = origin(ports.front.pages);
  say(`
Ready in ${((performance.now() - from) / 1000).toFixed(1)} s. Change a source and look. Ctrl-C ends it.
${window ?? `Kiosk           ${enter}`}
                signs in once; from then on ${origin(ports.front.kiosk)}/
TV              ${origin(ports.front.tv)}/
Console         ${front}/admin/ (admin, password ${adminPassword})
Phone pages     ${front}/p/
Portal          ${front}/portal/
Server          ${front}/openapi.json
Cards, meters   ${urls.gridUrl}/
Phone's wallet  ${urls.walletUrl}/phone`);
  if (options.inspect) {
    say(`Debugger        ${INSPECTED.map((part) => `${part} ${ports.inspect[part]}`).join(', ')}`);
  }
}
