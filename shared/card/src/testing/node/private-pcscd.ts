import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VpcdCard } from '../vpcd-card.ts';
import type { SimulatedCard } from '../simulated-card.ts';
import { freePort } from '../../node/free-port.ts';
import { answeringSocket } from './answering-socket.ts';

const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const DAEMON = { who: 'pcscd', withinMs: 10_000 };

/** A real `pcscd` of our own with one virtual reader, for tests; the machine's own daemon is left alone. */
export interface PrivatePcscd {
  /** For `PCSCLITE_CSOCK_NAME` of clients. */
  readonly socket: string;
  /** Puts a card in, which may fall silent; the function takes it out again. */
  insert(card: SimulatedCard, silent?: () => boolean): Promise<() => void>;
  stop(): Promise<void>;
}

/** Why it cannot be had here, in a sentence; undefined where it can. */
export function whyNoPrivatePcscd(): string | undefined {
  if (process.platform !== 'linux') return 'pcsc-lite is tested on Linux';
  if (process.getuid?.() !== 0) return 'a mount namespace of its own for pcscd needs root';
  if (!existsSync('/usr/sbin/pcscd')) return 'pcscd is not installed (Debian: pcscd)';
  if (!existsSync(DRIVER)) return 'the virtual reader is not installed (Debian: vsmartcard-vpcd)';
  return undefined;
}

/**
 * Starts it. The daemon ignores `PCSCLITE_CSOCK_NAME`, so it lives in a mount namespace in which a folder of its own
 * is bound over /run/pcscd. `reader` is the name that clients see: imitate a model by it.
 */
export async function startPrivatePcscd(reader: string): Promise<PrivatePcscd> {
  const home = await mkdtemp(join(tmpdir(), 'bianmin-pcscd-'));
  const [run, config] = [join(home, 'run'), join(home, 'conf.d')];
  await Promise.all([mkdir(run), mkdir(config)]);
  // vpcd listens on its port and the next one: one virtual reader each.
  const port = await freePort(0, 2);
  const device = `/dev/null:0x${port.toString(16).toUpperCase()}`;
  await writeFile(
    join(config, 'vpcd'),
    `FRIENDLYNAME "${reader}"\nDEVICENAME ${device}\nLIBPATH ${DRIVER}\nCHANNELID 0x${port.toString(16)}\n`,
  );
  const script =
    'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/pcscd && ' +
    'mount --bind "$1" /run/pcscd && exec /usr/sbin/pcscd --foreground --config "$2"';
  // `setpriv`, `unshare` and `sh` become the daemon: one signal ends it, and so does the end of its parent,
  // however that came. Its mounts go with it.
  const daemon = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-c', script, 'sh', run, config],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const socket = join(run, 'pcscd.comm');
  const stop = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    const killer = setTimeout(() => daemon.kill('SIGKILL'), 2_000);
    await exited;
    clearTimeout(killer);
    await rm(home, { recursive: true, force: true });
  };
  try {
    await answeringSocket({ path: socket }, DAEMON);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    socket,
    insert: async (card, silent) => {
      const line = await answeringSocket({ port, host: '127.0.0.1' }, DAEMON);
      const socket = {
        write: (bytes: Uint8Array) => void line.write(bytes),
        end: () => void line.destroy(),
      };
      const vpcd = new VpcdCard(card, socket, silent);
      line.on('data', (bytes) => {
        vpcd.receive(bytes);
      });
      line.on('error', () => undefined); // The daemon hangs up when it stops.
      return () => {
        line.destroy();
      };
    },
    stop,
  };
}
