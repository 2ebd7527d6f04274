import { systemClock } from '@bianmin/card/node/system-clock';
import { IpcError } from '../ipc/error.ts';
import type { HostEnvironment } from './env.ts';
import { SandboxDrawer } from './sandbox-drawer.ts';

/** The drawer of simulated cards; none in the field. */
export function drawerFor(
  env: HostEnvironment,
  on: { onChange: () => void; onFault: (where: string, error: unknown) => void },
): SandboxDrawer | undefined {
  if (env.BIANMIN_SANDBOX_URL === undefined) return undefined;
  return new SandboxDrawer({
    sandboxUrl: env.BIANMIN_SANDBOX_URL,
    ...(env.BIANMIN_WALLET_URL === undefined ? {} : { walletUrl: env.BIANMIN_WALLET_URL }),
    readerId: env.BIANMIN_READER_ID,
    clock: systemClock,
    ...on,
  });
}

/** Throws `ipc.unavailable` where there is none. */
export function inSandbox(drawer: SandboxDrawer | undefined): SandboxDrawer {
  if (drawer !== undefined) return drawer;
  throw new IpcError({
    code: 'ipc.unavailable',
    message: 'This terminal has no sandbox: its reader is a real one.',
  });
}
