import { SERVER_ROOMS } from './server-rooms.mjs';

/**
 * A part of the code, and the parts that it may import. First match of `files` wins. Files of no part may import
 * anything: they are the apps' outermost edge.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {RegExp} files paths from the project's root
 * @property {readonly string[]} [may] the only parts that it may import, besides itself
 * @property {readonly string[]} [mayNot] the parts that it may not import, where naming the others says nothing
 * @property {string} why ends the sentence "…, since …"
 */

const BASE = ['base', 'schema'];
const FRAMING = [...BASE, 'bytes', 'framing'];
const READER = [...FRAMING, 'usb', 'reader'];
const CHIP = [...READER, 'chip'];
const CARD = [...CHIP, 'api', 'meter-card'];
const ARROWS = 'arrows point down: bytes < framing < reader < chip < meter-card < purchase < apps';
const SANDBOX = 'what stands in for the world is for tests and for the sandbox';

/** Parts that no product code may reach. */
const STAND_INS = [
  'testing',
  'cli',
  'cli-project',
  'library',
  'sandbox',
  'server-testing',
  'build',
  'e2e',
  'box-double',
];

/** What any room of the server may know of the shared packages. */
const SHARED_BY_SERVER = [
  ...CARD,
  'remote-card',
  'remote-view',
  'transcript',
  'view',
  'purchase',
  'platform',
  'diagnosis',
];

/** Names of the parts that server/src consists of. */
function serverRooms() {
  return Object.keys(SERVER_ROOMS).map((room) => `server:${room}`);
}

/** @returns {Part[]} */
function serverParts() {
  // The longest first: `access/store` is not of `access`.
  const rooms = Object.entries(SERVER_ROOMS).sort(([a], [b]) => b.length - a.length);
  return rooms.map(([room, may]) => ({
    name: `server:${room}`,
    files: new RegExp(`^server/src/${room}/`, 'u'),
    may: [...SHARED_BY_SERVER, ...may.map((each) => `server:${each}`)],
    why: 'rooms of the server know only what stands below them (build/test/lint/server-rooms.mjs)',
  }));
}

/** @type {readonly Part[]} */
export const PARTS = [
  // Tests see everything that their package may.
  { name: 'test', files: /\.(?:test|e2e)\.ts$|^server\/src\/testing\/.*contract\.ts$/, mayNot: [], why: '' },
  // What the sandbox and the simulators need of Node; not for products.
  {
    name: 'testing',
    files: /^(?:shared\/(?:card|purchase)|terminal-app)\/src\/testing\//,
    mayNot: ['cli', 'build', 'e2e'],
    why: SANDBOX,
  },

  { name: 'base', files: /^shared\/card\/src\/[\w-]+\.ts$/, may: [], why: ARROWS },
  {
    name: 'schema',
    files: /^shared\/card\/src\/schema\//,
    may: [],
    why: 'what reads values knows none of them',
  },
  { name: 'bytes', files: /^shared\/card\/src\/bytes\//, may: BASE, why: ARROWS },
  { name: 'usb', files: /^shared\/card\/src\/usb\//, may: [...BASE, 'bytes'], why: ARROWS },
  {
    name: 'framing',
    files: /^shared\/card\/src\/framing\//,
    may: [...BASE, 'bytes'],
    why: 'framing is pure',
  },
  { name: 'reader', files: /^shared\/card\/src\/reader\//, may: READER, why: ARROWS },
  { name: 'chip', files: /^shared\/card\/src\/chip\//, may: CHIP, why: ARROWS },
  {
    name: 'api',
    files: /^shared\/purchase\/src\/api\//,
    may: [...BASE, 'bytes', 'chip'],
    why: 'messages know chips by name and nothing above them',
  },
  {
    name: 'meter-card',
    files: /^shared\/card\/src\/meter-card\//,
    may: [...CHIP, 'meter-card'],
    why: 'the card layer is a library by itself: what it brings knows no server',
  },
  {
    name: 'transcript',
    files: /^shared\/card\/src\/transcript\//,
    may: CHIP,
    why: 'a transcript is what passed between a driver and a session',
  },
  {
    name: 'remote-view',
    files: /^shared\/purchase\/src\/remote-card\/(?:view|permitted)\.ts$/,
    may: [...BASE, 'api', 'chip', 'meter-card'],
    why: 'a view is what a screen knows',
  },
  {
    name: 'remote-card',
    files: /^shared\/purchase\/src\/remote-card\//,
    may: [...CARD, 'transcript', 'remote-view'],
    why: 'a session from afar drives cards and knows no purchase',
  },
  {
    name: 'view',
    files: /^shared\/purchase\/src\/purchase\/view(?:\.ts$|\/)/,
    may: [...BASE, 'api', 'meter-card'],
    why: 'a view is what a screen knows',
  },
  { name: 'purchase', files: /^shared\/purchase\/src\/purchase\//, may: [...CARD, 'view'], why: ARROWS },
  {
    name: 'terminal',
    files: /^shared\/purchase\/src\/terminal\//,
    may: [...CARD, 'view', 'purchase'],
    why: 'what every terminal does around a purchase knows no app',
  },
  {
    name: 'language',
    files: /^shared\/purchase\/src\/i18n\/(?:translate|yuan)\.ts$/,
    may: ['api'],
    why: 'how a text is said knows no text',
  },
  {
    name: 'words',
    files: /^shared\/purchase\/src\/i18n\//,
    may: ['api', 'view', 'language'],
    why: 'words know messages, not machinery',
  },
  {
    name: 'diagnosis',
    files: /^shared\/purchase\/src\/diagnosis\//,
    may: ['api', 'language'],
    why: 'a diagnosis is made of what is handed in, on every face alike',
  },
  { name: 'design', files: /^shared\/purchase\/src\/design\//, may: [], why: 'tokens are data' },
  {
    name: 'platform',
    files: /^shared\/(?:card|purchase)\/src\/(?:node|web|android)\//,
    may: [...CARD, 'purchase', 'view'],
    why: 'a platform implements contracts and knows no app',
  },
  {
    name: 'cli-project',
    files:
      /^shared\/card\/src\/cli\/(?:project-tools|simulator|meter-view|fake-io|kept-card-io|doctor\/fake-machine|accept\/(?:accepting-io|simulated-visit))\.ts$/,
    mayNot: ['build', 'e2e'],
    why: SANDBOX,
  },
  {
    name: 'doctor',
    files: /^shared\/card\/src\/cli\/(?:doctor\/|node-system\.ts$)/,
    may: READER,
    why: 'a kiosk looks at its readers by it, too, and takes nothing else of the tool',
  },
  {
    name: 'cli',
    files: /^shared\/card\/src\/cli\//,
    may: [...CHIP, 'meter-card', 'platform', 'transcript', 'doctor'],
    why: 'the card tool is of the card package: no API, no words of other faces, no simulator',
  },
  {
    name: 'library',
    files: /^shared\/card\/src\/library\//,
    may: [...CHIP, 'meter-card', 'platform', 'transcript', 'cli', 'doctor'],
    why: 'what the card package gives out is the card layer',
  },

  {
    name: 'kiosk-words',
    files: /^terminal-app\/src\/words\//,
    may: ['api', 'words', 'language'],
    why: 'words know messages, not machinery',
  },
  {
    name: 'kiosk-map',
    files: /^terminal-app\/src\/ipc\//,
    may: [...BASE, 'api', 'view', 'remote-view'],
    why: 'the map is all that host and renderer share',
  },
  {
    name: 'renderer',
    files: /^terminal-app\/src\/renderer\//,
    may: [
      ...BASE,
      'api',
      'view',
      'remote-view',
      'words',
      'language',
      'diagnosis',
      'design',
      'kiosk-words',
      'kiosk-map',
    ],
    why: 'a renderer shows views and sends commands through the map',
  },
  {
    name: 'kiosk-policy',
    files: /^terminal-app\/src\/policy\//,
    may: BASE,
    why: 'a decision is a pure function of what is handed in',
  },
  {
    name: 'kiosk-files',
    files: /^terminal-app\/src\/files\//,
    may: BASE,
    why: 'a file knows nothing of what is kept in it',
  },
  {
    name: 'kiosk-upkeep',
    files: /^terminal-app\/src\/upkeep\//,
    may: [...BASE, 'kiosk-policy', 'kiosk-files'],
    why: 'what keeps the kiosk up works on ports and knows neither Electron nor the host',
  },
  {
    name: 'kiosk-shell',
    files: /^terminal-app\/src\/(?:main|preload)\//,
    may: ['kiosk-map', 'kiosk-policy', 'kiosk-upkeep', 'host', 'base', 'platform', 'api'],
    why: 'a shell only carries the map',
  },
  {
    name: 'host',
    files: /^terminal-app\/src\/host\//,
    mayNot: [...STAND_INS, 'renderer', 'kiosk-shell', 'kiosk-upkeep', ...serverRooms(), 'server-apps'],
    why: 'the host is a terminal: it meets the server on the wire only',
  },

  { name: 'server-testing', files: /^server\/src\/testing\//, mayNot: ['build', 'e2e'], why: SANDBOX },
  ...serverParts(),
  { name: 'server-apps', files: /^server\/src\/[\w-]+\.ts$/, mayNot: STAND_INS, why: SANDBOX },
  {
    name: 'sandbox',
    files: /^server\/sandbox\//,
    mayNot: [
      'build',
      'e2e',
      'server-apps',
      ...serverRooms().filter((room) => !/:(?:kernel|adapters|gateways|config)/u.test(room)),
    ],
    why: 'it is the other side of the wire',
  },
  {
    name: 'payer-pages',
    files: /^server\/payer\//,
    may: [...BASE, 'api', 'language', 'design'],
    why: 'a phone meets the server on the wire only',
  },
  {
    name: 'console',
    files: /^server\/admin\/(?!e2e\/)/,
    may: [...BASE, 'api', 'language', 'diagnosis', 'design'],
    why: 'the console meets the server on the wire only',
  },
  {
    name: 'box',
    files: /^stb-app\/src\/box\//,
    may: [...CARD, 'purchase', 'view', 'terminal', 'platform'],
    why: 'the box behind the screens is a terminal: it knows its shell and no screen',
  },
  {
    name: 'tv',
    files: /^stb-app\/src\/tv\//,
    may: [...BASE, 'api', 'view', 'words', 'language', 'design', 'box'],
    why: 'a screen shows views and sends commands',
  },
  {
    name: 'box-double',
    files: /^stb-app\/double\//,
    mayNot: ['build', 'e2e', 'tv', 'server-apps', ...serverRooms()],
    why: 'it stands in for the shell and for nothing else',
  },
  { name: 'e2e', files: /^(?:(?:terminal|stb)-app|server\/admin)\/e2e\//, mayNot: [], why: '' },
  { name: 'build', files: /^build\//, mayNot: [], why: '' },
];

/**
 * Packages that know no other than these, tests included: by path from the project's root.
 *
 * @type {readonly { readonly name: string; readonly files: RegExp; readonly may: RegExp; readonly why: string }[]}
 */
const PACKAGES = [
  {
    name: 'card',
    files: /^shared\/card\//,
    may: /^shared\/card\//,
    why: 'it is a library by itself (docs/decisions/0038-a-library-without-packages.md)',
  },
  {
    name: 'purchase',
    files: /^shared\/purchase\//,
    may: /^shared\//,
    why: 'terminals and server stand upon it',
  },
];

/**
 * The part that a file belongs to.
 *
 * @param {string} path from the project's root, with `/`
 * @returns {Part | undefined}
 */
export function partOf(path) {
  return PARTS.find(({ files }) => files.test(path));
}

/**
 * What is wrong with an import, or nothing.
 *
 * @param {string} from path from the project's root
 * @param {string} to path from the project's root
 * @returns {string | undefined}
 */
export function layerProblem(from, to) {
  const own = PACKAGES.find(({ files }) => files.test(from));
  if (own !== undefined && !own.may.test(to))
    return `The package ${own.name} may not import ${to}, since ${own.why}.`;
  const [importer, imported] = [partOf(from), partOf(to)];
  if (importer === undefined || imported === undefined || importer === imported) return undefined;
  const allowed =
    importer.may === undefined
      ? !(importer.mayNot ?? []).includes(imported.name)
      : importer.may.includes(imported.name);
  return allowed ? undefined : `${importer.name} may not import ${imported.name}, since ${importer.why}.`;
}
