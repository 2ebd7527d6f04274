import { join } from 'node:path';
import process from 'node:process';
import { OLD_BROWSER, OLD_BROWSER_PACKAGES } from './old-browser.mjs';

/** @typedef {import('./machine.mjs').Machine} Machine */

/**
 * What is about to run: `start` is `npm start`, `test` is everything that drives a browser or a daemon,
 * `stack` is what needs the servers only, `database` is the build of the durable database, `apk` is the home box's
 * package and its tests, `contract` tries the API by its own document, `deploy` is what stands behind nginx, `rig` is a machine
 * of its own with readers, `package` needs Node alone.
 *
 * @typedef {'start' | 'test' | 'stack' | 'database' | 'apk' | 'contract' | 'deploy' | 'rig' | 'package'} Purpose
 */

/**
 * A Debian package, how to see that what it brings is there already, and for what it is needed.
 *
 * @typedef {object} Need
 * @property {string} name the Debian package
 * @property {string} why ends the sentence "… is needed for …"
 * @property {readonly Purpose[]} for
 * @property {(machine: Machine) => boolean} isThere however it was installed
 */

const OTHER_CHROMIUM = ['chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** With windows. */
export const CHROMIUM_COMMANDS = ['chromium', ...OTHER_CHROMIUM];
/** Chromium's engine alone: nothing of it can be seen. */
export const HEADLESS_SHELL = 'chromium-headless-shell';

/** @type {readonly Purpose[]} */
const SERVERS = ['start', 'test', 'stack', 'contract', 'deploy'];

/** @param {Machine} machine */
const hasDatabase = ({ env, home, hasCommand, hasFile }) =>
  Boolean(env['MONGODB_URI']) ||
  hasCommand('mongod') ||
  hasFile(join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'bianmin/secantus/bin/secantusd-rs'));

/** Where Debian puts what moves clocks. */
export const FAKETIME = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/**
 * With what is there once each is.
 *
 * @type {readonly (readonly [name: string, there: string])[]}
 */
const RIG_PACKAGES = [
  ['qemu-system-x86', 'qemu-system-x86_64'],
  ['busybox-static', '/bin/busybox'],
  ['cpio', 'cpio'],
  ['kmod', 'modprobe'],
  ['xz-utils', 'xz'],
  ['udev', '/lib/systemd/systemd-udevd'],
];

/** @param {Machine} machine */
const hasScreen = ({ env }) => Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);

/** @param {Machine} machine */
const hasChromium = ({ env, hasCommand }) =>
  Boolean(env['CHROMIUM']) || CHROMIUM_COMMANDS.some((command) => hasCommand(command));

/**
 * Chromium counts for `npm start` only where there is a screen to show it on. No fonts: the kiosk brings its own.
 *
 * @type {readonly Need[]}
 */
const NEEDS = [
  {
    name: 'redis-server',
    why: 'the queues',
    for: SERVERS,
    isThere: ({ env, hasCommand }) => Boolean(env['REDIS_URL']) || hasCommand('redis-server'),
  },
  {
    name: 'libpcsclite-dev',
    why: 'the PC/SC reader port, which npm compiles',
    for: SERVERS,
    isThere: ({ hasFile }) => hasFile('/usr/include/PCSC/winscard.h'),
  },
  {
    name: 'g++',
    why: 'compiling the PC/SC reader port',
    for: SERVERS,
    isThere: ({ hasCommand }) => hasCommand('g++') || hasCommand('c++'),
  },
  {
    name: 'make',
    why: 'compiling the PC/SC reader port',
    for: SERVERS,
    isThere: ({ hasCommand }) => hasCommand('make'),
  },
  {
    name: 'python3',
    why: 'compiling the PC/SC reader port',
    for: SERVERS,
    isThere: ({ hasCommand }) => hasCommand('python3'),
  },
  {
    name: 'nginx',
    why: 'two web processes behind one address',
    for: ['deploy', 'test'],
    isThere: ({ hasCommand }) => hasCommand('nginx'),
  },
  {
    name: 'haproxy',
    why: 'two web processes of which one may be frozen',
    for: ['deploy', 'test'],
    isThere: ({ hasCommand }) => hasCommand('haproxy'),
  },
  {
    name: 'openssl',
    why: "the certificate of nginx's tests",
    for: ['deploy', 'test'],
    isThere: ({ hasCommand }) => hasCommand('openssl'),
  },
  {
    name: 'python3-venv',
    why: 'programs that try the API and check what is deployed, in a place of their own',
    for: ['contract', 'deploy', 'test'],
    // Debian's Python has it apart; who brings another brings that, too.
    isThere: ({ hasFile }) => !hasFile('/usr/bin/python3') || hasFile('/usr/share/doc/python3-venv'),
  },
  {
    name: 'default-jdk-headless',
    why: 'the quick embedded database, as there is no MongoDB here',
    for: SERVERS,
    isThere: (machine) => hasDatabase(machine) || machine.hasCommand('javac'),
  },
  {
    name: 'maven',
    why: 'fetching the quick embedded database, as there is no MongoDB here',
    for: SERVERS,
    isThere: (machine) => hasDatabase(machine) || machine.hasCommand('mvn'),
  },
  {
    name: 'chromium',
    why: "the kiosk's window",
    for: ['start', 'deploy'],
    isThere: (machine) => !hasScreen(machine) || hasChromium(machine),
  },
  { name: 'chromium', why: 'driving the kiosk in a real browser', for: ['test'], isThere: hasChromium },
  {
    name: 'chromium-headless-shell',
    why: "the same without a browser's own windows, which a page opens in a third of the time",
    for: ['test'],
    // Debian has it beside its Chromium; who brings another browser is not asked for more.
    isThere: ({ env, hasCommand }) =>
      Boolean(env['CHROMIUM']) || [HEADLESS_SHELL, ...OTHER_CHROMIUM].some((command) => hasCommand(command)),
  },
  {
    name: 'pcscd',
    why: 'reading a card through the real PC/SC daemon',
    for: ['test', 'rig'],
    isThere: ({ hasCommand }) => hasCommand('pcscd'),
  },
  {
    name: 'vsmartcard-vpcd',
    why: 'the virtual reader of that daemon',
    for: ['test'],
    isThere: ({ hasFile }) => hasFile('/usr/lib/pcsc/drivers/serial/libifdvpcd.so*'),
  },
  {
    name: 'libfaketime',
    why: "moving a server's clock under its feet",
    for: ['test'],
    isThere: ({ hasFile }) => hasFile(FAKETIME),
  },
  ...OLD_BROWSER_PACKAGES.map((name) => ({
    name,
    why: "opening the box's pages in a browser of 2016",
    for: /** @type {const} */ (['test']),
    isThere: (/** @type {Machine} */ { hasCommand, hasFile }) =>
      !hasFile(OLD_BROWSER) || (hasCommand('xvfb-run') && hasFile(`/usr/share/doc/${name}`)),
  })),
  {
    name: 'default-jdk-headless',
    why: "compiling the box's shell",
    for: ['apk'],
    isThere: ({ hasCommand }) => hasCommand('javac'),
  },
  {
    name: 'maven',
    why: "fetching what the box's shell is compiled against",
    for: ['apk'],
    isThere: ({ hasCommand }) => hasCommand('mvn'),
  },
  ...['aapt', 'zipalign', 'apksigner', 'dexdump'].map((name) => ({
    name,
    why: "making the box's package",
    for: /** @type {const} */ (['apk']),
    isThere: (/** @type {Machine} */ { hasCommand }) => hasCommand(name),
  })),
  {
    name: 'android-framework-res',
    why: "making the box's package",
    for: ['apk'],
    isThere: ({ hasFile }) => hasFile('/usr/share/android-framework-res/framework-res.apk'),
  },
  ...RIG_PACKAGES.map(([name, command]) => ({
    name,
    why: 'the machine that readers are judged in',
    for: /** @type {const} */ (['rig']),
    isThere: (/** @type {Machine} */ { hasCommand, hasFile }) =>
      command.startsWith('/') ? hasFile(command) : hasCommand(command),
  })),
  ...['cmake', 'swig', 'clang'].map((name) => ({
    name,
    why: 'building the durable database',
    for: /** @type {const} */ (['database']),
    isThere: (/** @type {Machine} */ { hasCommand }) => hasCommand(name),
  })),
  {
    name: 'ninja-build',
    why: 'building the durable database',
    for: ['database'],
    isThere: ({ hasCommand }) => hasCommand('ninja'),
  },
  {
    name: 'libclang-dev',
    why: 'building the durable database',
    for: ['database'],
    isThere: ({ hasFile }) => hasFile('/usr/share/doc/libclang-dev'),
  },
];

/**
 * What is needed and not there.
 *
 * @param {Machine} machine
 * @param {Purpose} purpose
 * @returns {readonly Need[]}
 */
export function lacking(machine, purpose) {
  return NEEDS.filter((need) => need.for.includes(purpose) && !need.isThere(machine));
}
