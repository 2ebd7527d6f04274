import { openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawnKept } from '@bianmin/card/node/kept-child';
import { answeringSocket } from '@bianmin/card/testing/node/answering-socket';
import type { GuestImage } from './guest-image.ts';

const CONNECT_MS = 20_000;
/** Ports of the guest's USB controller that readers are plugged into. */
export const SEATS = [0, 1] as const;
export type Seat = (typeof SEATS)[number];
/** Where a device of ours is plugged in, bytes and all. */
export const REDIRECTED_SEAT = 2;

/** A guest that runs, with what can be done to its hardware. */
export interface Qemu {
  /** What the guest says by its serial line, and hears. */
  readonly line: Socket;
  /** A reader's cards come by this socket, in VSCARD. */
  readonly cardSocket: (seat: Seat) => string;
  /** Devices of ours come by this socket, in usbredir. */
  readonly deviceSocket: string;
  plug(seat: Seat): Promise<void>;
  unplug(seat: Seat): Promise<void>;
  readonly ended: Promise<number>;
  kill(): void;
}

/**
 * Starts a machine with a USB controller and no reader yet. The processor is emulated, so that it runs anywhere, at about a
 * twentieth of the speed. The host's files are shared read-only.
 */
export async function startQemu(image: GuestImage, job: { script: string; home: string }): Promise<Qemu> {
  const socket = (name: string): string => join(job.home, `${name}.sock`);
  const server = (name: string): string[] => [
    '-chardev',
    `socket,id=${name},path=${socket(name)},server=on,wait=off`,
  ];
  const kernelLine = `console=ttyS0 loglevel=3 panic=-1 nokaslr mitigations=off tsc=reliable no_timer_check random.trust_cpu=on rig.job=${job.script}`;
  const args = [
    ...['-machine', 'pc,usb=off', '-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max'],
    ...['-m', '1536', '-smp', '1', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', image.kernel, '-initrd', image.initramfs, '-append', kernelLine],
    ...['-serial', `file:${join(job.home, 'console.log')}`, ...server('line'), '-serial', 'chardev:line'],
    ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host', '-device', 'qemu-xhci,id=usb'],
    ...SEATS.flatMap((seat) => server(`card${seat}`)),
    ...[...server('device'), '-device', 'usb-redir,chardev=device,id=device,bus=usb.0'],
    ...['-qmp', `unix:${socket('qmp')},server=on,wait=off`],
  ];
  const log = openSync(join(job.home, 'qemu.log'), 'w');
  const child = spawnKept('qemu-system-x86_64', args, { stdio: ['ignore', log, log] });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const qmp = await Qmp.open(await connected(socket('qmp')));
  const line = await connected(socket('line'));
  return {
    line,
    cardSocket: (seat) => socket(`card${seat}`),
    deviceSocket: socket('device'),
    plug: async (seat) => {
      await qmp.ask('device_add', { driver: 'usb-ccid', id: `reader${seat}`, bus: 'usb.0' });
      const slot = { driver: 'ccid-card-passthru', id: `slot${seat}`, bus: `reader${seat}.0` };
      await qmp.ask('device_add', { ...slot, chardev: `card${seat}` });
    },
    unplug: async (seat) => {
      const gone = qmp.deleted(`reader${seat}`);
      await qmp.ask('device_del', { id: `reader${seat}` });
      await gone;
    },
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** QEMU's own protocol: a JSON object a line, answers in order. */
class Qmp {
  readonly #socket: Socket;
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #deleted = new Map<string, () => void>();

  static async open(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    await qmp.ask('qmp_capabilities');
    return qmp;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface(socket).on('line', (text) => {
      this.#heard(JSON.parse(text) as QmpMessage);
    });
  }

  ask(execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    });
  }

  /** Resolves when a device is gone, which the guest has its say in. */
  deleted(id: string): Promise<void> {
    return new Promise((resolve) => this.#deleted.set(id, resolve));
  }

  #heard({ return: result, error, event, data }: QmpMessage): void {
    if (event === 'DEVICE_DELETED') this.#deleted.get(data?.device ?? '')?.();
    if (result === undefined && error === undefined) return;
    const asked = this.#waiting.shift();
    if (error === undefined) asked?.resolve();
    else asked?.reject(new Error(`QEMU: ${error.desc}`));
  }
}

interface QmpMessage {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: { readonly device?: string };
}

export async function connected(path: string): Promise<Socket> {
  const socket = await answeringSocket({ path }, { who: 'QEMU', withinMs: CONNECT_MS });
  return socket.on('error', () => undefined);
}
