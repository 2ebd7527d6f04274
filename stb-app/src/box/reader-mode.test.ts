import { describe, expect, it, vi } from 'vitest';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { FakeAndroidBridge } from '@bianmin/purchase/testing/fake-android-bridge';
import { shellRig } from '../../double/rig.ts';
import type { ShellHttp } from '../../double/shell-model.ts';
import { runBehindPortal } from './reader-mode.ts';
import { startBox } from './start-box.ts';

const VISIT = 'v'.repeat(22);
const EXPIRES = '2026-01-15T02:00:00.000Z';

/** A server that knows this box and one visit. */
class FakeServer {
  status: 'accepted' | 'pending' = 'accepted';
  followed = true;
  commands: object[] = [];
  /** What the portal's page was shown. */
  readonly shown: string[] = [];
  ended = false;

  readonly http: ShellHttp = async ({ path, body }) => {
    const asked = JSON.parse(body ?? '{}') as { view?: PurchaseView; end?: boolean; taken?: number };
    switch (path) {
      case '/v1/terminal/enrol':
        return this.#answer({ terminalId: `t${'0'.repeat(30)}`, status: this.status });
      case '/v1/terminal/token':
        if (this.status === 'pending') return this.#answer({}, 403);
        return this.#answer({ accessToken: 'token', tokenType: 'DPoP', expiresIn: 3600 });
      case '/v1/terminal/portal':
        return this.#answer({ id: VISIT, entry: 'iptv2', expiresAt: EXPIRES });
      case `/v1/terminal/portal/${VISIT}`:
        if (asked.view !== undefined) this.shown.push(asked.view.screen);
        if (asked.end === true) this.ended = true;
        return this.#answer({ commands: this.commands, followed: this.followed });
      default:
        return this.#answer({}, 404);
    }
  };

  #answer(body: object, status = 200): Awaited<ReturnType<ShellHttp>> {
    return { status, headers: {}, body: JSON.stringify(body) };
  }
}

/** The page as `main.ts` starts it at `#reader`, over the shell's double. */
async function startPage(init: { token?: boolean; status?: 'pending'; keysLost?: boolean } = {}) {
  const server = new FakeServer();
  server.status = init.status ?? 'accepted';
  const { shell, clock, link } = shellRig({ http: server.http });
  if (init.token === false) await link.ask({ op: 'launch' });
  shell.keysLost = init.keysLost ?? false;
  const usb = new FakeAndroidBridge();
  const box = await startBox({
    ...{ shell, usb, clock },
    installShell: (page) => {
      shell.page = page;
    },
    installUsb: (page) => {
      usb.page = page;
    },
    random: () => crypto.getRandomValues(new Uint8Array(16)),
    onFault: () => undefined,
  });
  runBehindPortal(box);
  /** Signatures take time of the machine's, not of the clock's. */
  const until = (check: () => void): Promise<void> =>
    vi.waitFor(
      async () => {
        await clock.advance(1_000);
        check();
      },
      { interval: 1, timeout: 60_000 },
    );
  return { box, shell, server, clock, until };
}

describe('the box behind a portal’s page', () => {
  it('starts without a document, and the page is shown what the box does', async () => {
    expect(Reflect.has(globalThis, 'document')).toBe(false);
    const { box, server, shell, until } = await startPage();
    await until(() => {
      expect(server.shown).toContain(box.view.screen);
    });
    expect([box.isVisited, shell.left]).toEqual([true, undefined]);
  });

  it('leaves a minute after the page has gone, and says so', async () => {
    const { server, shell, until } = await startPage();
    await until(() => {
      expect(server.shown.length).toBeGreaterThan(0);
    });
    server.followed = false;
    await until(() => {
      expect(shell.left).toBe('http://portal.test/back');
    });
    await until(() => {
      expect(server.ended).toBe(true);
    });
    expect(shell.ops.filter((op) => op === 'leave')).toHaveLength(1);
  });

  it('goes on with the visit of another intent', async () => {
    const { box, server, shell, until } = await startPage();
    await until(() => {
      expect(box.isVisited).toBe(true);
    });
    shell.intent({ token: 'b'.repeat(22) });
    await until(() => {
      expect(server.ended).toBe(true);
    });
    expect([box.isVisited, shell.left]).toEqual([true, undefined]);
  });

  it.each([
    ['nobody brought a token', { token: false }],
    ['the server does not know the box yet', { status: 'pending' }],
    ['its keys are lost', { keysLost: true }],
  ] as const)('leaves where %s: its screens would be needed', async (_, init) => {
    const { shell, until } = await startPage(init);
    await until(() => {
      expect(shell.ops).toContain('leave');
    });
  });
});
