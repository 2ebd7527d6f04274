import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Debian's packages of shared libraries, by how the library's name starts. */
const DEBIAN: readonly (readonly [start: string, name: string])[] = [
  ['libpcsclite.so', 'libpcsclite1'],
  ['libusb-1.0.so', 'libusb-1.0-0'],
  ['libudev.so', 'libudev1'],
];

/** Each package that does not load: something in the way where a reader here needs it. */
export function packageFindings(facts: Facts): Finding[] {
  return Object.entries(facts.packages).flatMap(([name, loads]): Finding[] =>
    loads === true ? [] : [{ ...because(name, loads), severity: isNeeded(facts, name) ? 'problem' : 'note' }],
  );
}

function because(name: string, why: string): Pick<Finding, 'id' | 'values'> {
  if (why.startsWith(`Cannot find package '${name}'`) || why.startsWith(`Cannot find module '${name}'`)) {
    return { id: 'package-absent', values: { name } };
  }
  const library = /(lib[\w.+-]+\.so[\d.]*): cannot open shared object/u.exec(why)?.[1];
  if (library !== undefined) {
    const debian = DEBIAN.find(([start]) => library.startsWith(start))?.[1] ?? library;
    return { id: 'library-missing', values: { name, library, debian } };
  }
  return /compiled against a different Node/u.test(why)
    ? { id: 'package-other-node', values: { name } }
    : { id: 'package-missing', values: { name, why } };
}

/** Over which way the readers here are reached; without any, every way may be wanted. */
function isNeeded({ platform, devices, pcscd }: Facts, name: string): boolean {
  if (platform !== 'linux') return name === '@pokusew/pcsclite';
  const served = pcscd.running || pcscd.socket === 'active';
  switch (name) {
    case 'node-hid':
      return devices.some(({ kind }) => kind === 'hid');
    case '@pokusew/pcsclite':
      return served && devices.some(({ kind }) => kind === 'ccid');
    default:
      return (
        devices.length === 0 || devices.some(({ kind }) => kind === 'vendor' || (kind === 'ccid' && !served))
      );
  }
}

/** The least minor version of each line that is taken; lines between are none that Node keeps up. */
const LEAST: Readonly<Record<number, number>> = { 20: 19, 22: 12 };
const NEWEST_LISTED = 24;

/** Whether the Node that runs this is one that it is tried on. */
export function nodeFindings({ node }: Facts): Finding[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const least = LEAST[major];
  const taken = least === undefined ? major >= NEWEST_LISTED : minor >= least;
  return taken ? [] : [{ id: 'node-too-old', severity: 'problem', values: { node } }];
}
