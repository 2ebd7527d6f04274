import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { madeRelease, type MadeRelease } from '../../../../server/src/testing/release-kit.ts';
import { KeptFile } from '../../../../terminal-app/src/files/kept-file.ts';
import { keptLayouts, type KeptLayouts } from '../../../../terminal-app/src/host/card-layouts.ts';
import { startPart } from '../../../run/dev/parts.ts';
import { Between, type Meddle, type Reply } from '../lines/between.ts';
import type { Attack, Outcome } from '../attack.ts';
import type { World } from '../world.ts';

const KIOSK = 'build/judge/attack/fleet/kiosk-main.ts';
/** Long enough for layouts that were taken to be kept. */
const SOON_MS = 2_000;

/** A release of a kiosk with its files. */
export type Made = MadeRelease;
export const madeBy = (signers: ReleaseSigners, version: string): Made =>
  madeRelease(signers, { version, bytes: 1_000 });

/** What a server that was taken over gives to its kiosks in place of what it had. */
export interface Given {
  readonly roots?: readonly string[];
  /** A manifest, as somebody signed it, and the files that come with it. */
  readonly release?: { readonly made: Made; readonly manifest: string; readonly files?: Made['files'] };
  readonly layouts?: string;
}

/** What became of it at the kiosk. */
export interface Seen {
  /** `installs VERSION`, or why not. */
  readonly release: string;
  /** The card layouts that it keeps. */
  readonly layouts: KeptLayouts | undefined;
}

/** An attack on a kiosk by who has these signers' documents, or makes some. */
export function onKiosk<Row extends Omit<Attack, 'programs' | 'attempt'>>(
  row: Row,
  attempt: (world: World, signers: ReleaseSigners) => Promise<Outcome>,
): Attack {
  return { ...row, programs: [KIOSK], attempt: (world) => attempt(world, new ReleaseSigners(Date.now())) };
}

/** A kiosk starts that was born with these roots and keeps these layouts, and asks a server that was taken over. */
export async function kioskAsks(
  world: World,
  init: { readonly born: readonly string[]; readonly kept?: KeptLayouts; readonly given: Given },
): Promise<Seen> {
  const dir = join(world.dir, `kiosk-${randomUUID()}`);
  await mkdir(dir);
  const roots = join(dir, 'roots.jsonl');
  await writeFile(roots, `${init.born.join('\n')}\n`);
  const layouts = new KeptFile(join(dir, 'card-layouts.json'), keptLayouts);
  if (init.kept !== undefined) layouts.write(init.kept);
  const asked = new Set<string>();
  const server = await Between.open(world.stack.urls.webUrl);
  server.meddle = takenOver(init.given, asked);
  try {
    const { program, match } = await startPart({
      ...{ name: 'kiosk', main: KIOSK, ready: /^kiosk says (.+)$/, dir },
      signal: AbortSignal.timeout(120_000),
      env: {
        BIANMIN_SERVER_URL: server.url,
        BIANMIN_DATA_DIR: dir,
        BIANMIN_SANDBOX_URL: world.stack.urls.gridUrl,
        BIANMIN_READER_ID: basename(dir),
        BIANMIN_ENROL_CODE: await world.admin.enrolCode(),
        BIANMIN_RELEASE_ROOT: roots,
      },
    });
    try {
      if (init.given.layouts !== undefined) {
        await world.comesTrue(() => Promise.resolve(asked.has(LAYOUTS)));
        const before = init.kept?.used ?? null;
        await world.comesTrue(() => Promise.resolve((layouts.read()?.used ?? null) !== before), SOON_MS);
      }
      return { release: match[1] ?? '', layouts: layouts.read() };
    } finally {
      await program.stop();
    }
  } finally {
    await server.close();
  }
}

const LAYOUTS = '/v1/terminal/card-layouts';
const NOTHING: Reply = { status: 204, body: undefined };

function takenOver({ roots, release, layouts }: Given, asked: Set<string>): Meddle {
  return ({ url: { pathname } }, _, response) => {
    const given = (body: object | undefined): Promise<Reply> =>
      Promise.resolve(body === undefined ? NOTHING : { status: 200, body });
    asked.add(pathname);
    switch (pathname) {
      case '/v1/release-root':
        return given(roots && { roots });
      case '/v1/terminal/release':
        return given(
          release && {
            ...{ version: release.made.manifest.version, path: '/updates/ticket/' },
            manifest: release.manifest,
          },
        );
      case LAYOUTS:
        return given(layouts === undefined ? undefined : { document: layouts });
    }
    if (!pathname.startsWith('/updates/')) return Promise.resolve(undefined);
    response.end((release?.files ?? release?.made.files)?.get(basename(pathname)));
    return Promise.resolve('answered');
  };
}
