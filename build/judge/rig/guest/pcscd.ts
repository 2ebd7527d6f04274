import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { systemClock } from '@bianmin/card/node/system-clock';

const SOCKET = '/run/pcscd/pcscd.comm';
const START_MS = 30_000;

export interface Pcscd {
  stop(): Promise<void>;
}

/** The daemon with Debian's libccid. */
export async function startPcscd(): Promise<Pcscd> {
  rmSync(SOCKET, { force: true });
  // None of the virtual readers that this machine may have.
  const config = mkdtempSync('/tmp/pcscd-');
  const daemon = spawn('/usr/sbin/pcscd', ['--foreground', '--config', config], { stdio: 'inherit' });
  const end = systemClock.monotonic() + START_MS;
  while (!existsSync(SOCKET)) {
    if (systemClock.monotonic() > end) throw new Error('pcscd did not start.');
    await systemClock.sleep(50);
  }
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  return {
    stop: async () => {
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}
