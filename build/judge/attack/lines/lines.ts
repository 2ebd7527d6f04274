import { walletEnv } from '../../../../server/sandbox/wallet/wallets.ts';
import type { Keys } from '../../../run/dev/parts.ts';
import type { Stack } from '../../../run/dev/stack-contract.ts';
import { Between } from './between.ts';
import { GridLine } from './grid-line.ts';

/** The server's lines to the grid and to the wallets, with somebody on each. */
export interface Lines {
  readonly grid: GridLine;
  readonly wallets: Between;
  close(): Promise<void>;
}

/** From now on the server goes by these lines, which pass everything on until somebody meddles. */
export async function openLines(stack: Stack, keys: Keys): Promise<Lines> {
  const grid = await Between.open(stack.urls.gridUrl);
  const wallets = await Between.open(stack.urls.walletUrl);
  const line = new GridLine(grid, keys.grid.sandbox.SANDBOX_GRID_SIGN_KEY);
  const env = { GRID_URL: `${grid.url}/collect`, ...walletEnv(keys.wallet, wallets.url) };
  await Promise.all([stack.restart('web', env), stack.restart('worker', env)]);
  return {
    ...{ grid: line, wallets },
    close: async () => {
      await Promise.all([grid.close(), wallets.close()]);
    },
  };
}
