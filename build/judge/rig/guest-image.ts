import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';

/** What the guest's kernel loads, with all that these need. */
const MODULES = [
  'virtio_pci',
  '9pnet_virtio',
  '9p',
  'overlay',
  'xhci-pci',
  'usbmon',
  'usbhid',
  'hid-generic',
];
const INIT = join(import.meta.dirname, 'guest-init.sh');

/** A kernel and a first file system, kept in the user's cache. */
export interface GuestImage {
  readonly kernel: string;
  readonly initramfs: string;
}

/**
 * The guest of the rig, made of Debian's own kernel the first time (70 MB are fetched, nothing is installed): a minute. Made
 * anew where its first process has changed.
 */
export async function guestImage(report: (line: string) => void): Promise<GuestImage> {
  const home = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'bianmin/rig');
  const image = { kernel: join(home, 'vmlinux'), initramfs: join(home, 'initramfs.cpio') };
  const isNew = existsSync(image.initramfs) && statSync(image.initramfs).mtimeMs > statSync(INIT).mtimeMs;
  if (isNew && existsSync(image.kernel)) return image;
  report('making the guest of the rig, once');
  await mkdir(home, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'bianmin-rig-image-'));
  try {
    const boot = await unpackedKernel(work);
    await writeFile(join(work, 'vmlinux'), plainKernel(await readFile(boot.image)));
    await packInitramfs(work, boot);
    // Beside each other, each whole: a run that was cut off leaves nothing that looks like an image.
    await rename(await beside(join(work, 'vmlinux'), image.kernel), image.kernel);
    await rename(await beside(join(work, 'initramfs.cpio'), image.initramfs), image.initramfs);
    return image;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Kernel {
  readonly image: string;
  readonly version: string;
  /** The folder that `lib/modules` is in. */
  readonly root: string;
}

async function unpackedKernel(work: string): Promise<Kernel> {
  const depends = run('apt-cache', ['depends', 'linux-image-amd64'], work);
  const name = /Depends: (\S+)/u.exec(depends)?.[1];
  if (name === undefined) throw new Error('apt knows no linux-image-amd64; run apt-get update.');
  run('apt-get', ['download', '-q', name], work);
  const file = (await readdir(work)).find((each) => each.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get did not bring ${name}.`);
  const root = join(work, 'kernel');
  run('dpkg-deb', ['-x', file, root], work);
  const [version] = await readdir(join(root, 'lib/modules'));
  if (version === undefined) throw new Error(`${name} has no modules.`);
  run('depmod', ['-b', root, version], work);
  return { image: join(root, 'boot', `vmlinuz-${version}`), version, root };
}

/**
 * The kernel without its wrapping, which an emulated processor would take long to undo: a bzImage names its payload's place
 * and length (Linux: Documentation/arch/x86/boot.rst, payload_offset), and QEMU starts the ELF file inside.
 */
function plainKernel(image: Buffer): Buffer {
  const setupSectors = image.readUInt8(0x1f1);
  const from = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const payload = image.subarray(from, from + image.readUInt32LE(0x24c));
  const plain = execFileSync('xz', ['-dc', '--single-stream'], { input: payload, maxBuffer: 512 << 20 });
  if (plain.readUInt32BE(0) !== 0x7f454c46) throw new Error("The kernel's payload is no ELF file.");
  return plain;
}

async function packInitramfs(work: string, { root, version }: Kernel): Promise<void> {
  const tree = join(work, 'tree');
  for (const folder of ['bin', 'modules']) await mkdir(join(tree, folder), { recursive: true });
  await cp('/bin/busybox', join(tree, 'bin/busybox'));
  const order = new Set<string>();
  for (const name of MODULES) {
    const lines = run('modprobe', ['-d', root, '-S', version, '--show-depends', name], work).split('\n');
    for (const file of lines.flatMap((line) => /^insmod (\S+)/u.exec(line)?.[1] ?? [])) {
      order.add(basename(file));
      await cp(file, join(tree, 'modules', basename(file)));
    }
  }
  await writeFile(join(tree, 'modules/order'), `${[...order].join('\n')}\n`);
  await writeFile(join(tree, 'init'), readFileSync(INIT), { mode: 0o755 });
  run('sh', ['-c', 'find . | cpio -o -H newc --quiet > ../initramfs.cpio'], tree);
}

async function beside(from: string, to: string): Promise<string> {
  const part = `${to}.${process.pid}`;
  await cp(from, part);
  return part;
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
