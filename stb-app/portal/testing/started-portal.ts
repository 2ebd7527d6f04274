import type { FakeBox, Launch } from '../fakes/launch.ts';
import type { Middleware } from '../fakes/middleware.ts';
import site from '../site.json' with { type: 'json' };
import { PortalInVm, type PageInit } from './page.ts';
import { FakeServer } from './server.ts';

export const APP = site.app.package;

interface World {
  readonly page: PortalInVm;
  readonly server: FakeServer;
  readonly box: FakeBox;
  readonly launches: Launch[];
}

/** The page, the server behind it and the box before it, on which these packages are installed. */
export async function world(
  make: Middleware | undefined,
  installed: string[],
  init: Partial<PageInit> & { removed?: string[] } = {},
): Promise<World> {
  const launches: Launch[] = [];
  const server = new FakeServer();
  const box: FakeBox = {
    installed,
    removed: init.removed ?? [],
    started: (launch) => launches.push(launch),
  };
  const page = await PortalInVm.open({
    server: server.answer,
    ...init,
    box: { ...(make === undefined ? {} : { STBAppManager: make(box) }), ...init.box },
  });
  return { page, server, box, launches };
}
