import type { Check } from './check.ts';

/** A file of the archive. */
export interface Entry {
  /** From the app's root, with `/`: `dist/main/main.js`. */
  readonly path: string;
  readonly bytes: number;
  /** Beside the archive instead of in it. */
  readonly unpacked: boolean;
}

const ENTRIES = [
  'package.json',
  'dist/main/main.js',
  'dist/device-child/device-child.js',
  'dist/preload/preload.cjs',
  'dist/renderer/index.html',
  'dist/release-root.jsonl',
];

/** What has no place in a released kiosk, with why. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\.(?:[cm]?ts|vue|map)$/, 'a source or a map'],
  [/\.(?:c|cc|cpp|h|hpp|gyp|gypi|o|a)$/, 'a native source'],
  [/(?:^|\/)(?:tests?|__tests__|e2e|fixtures|examples?)\//, 'a test or an example'],
  [/\.(?:test|e2e|spec)\.[cm]?js$/, 'a test'],
  [/(?:^|\/)\.[^/]+$/, 'a hidden file'],
  [/\.(?:pem|key|p12|pfx)$/, 'a key'],
  [
    /^(?!package\.json$|dist\/release-root\.jsonl$|dist\/(?:main|device-child|preload|renderer)\/|node_modules\/)/,
    'outside what is staged',
  ],
];

/** `node_modules/@a/b/c.js` is of `@a/b`. */
function packageOf(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** Bytes. The main bundle is not minified, so that a stack trace can be read; two thirds of it are packages. */
export const LIMITS = { 'dist/main/main.js': 3_300_000, archive: 24_000_000, beside: 60_000_000 } as const;

/** Judges the list of an archive's files. `packages`: those that may be in it. */
export function contentChecks(entries: readonly Entry[], packages: readonly string[]): Check[] {
  const paths = new Set(entries.map(({ path }) => path));
  const sum = (unpacked: boolean): number =>
    entries.filter((entry) => entry.unpacked === unpacked).reduce((total, { bytes }) => total + bytes, 0);
  const sizes: readonly (readonly [string, number, number])[] = [
    [
      'dist/main/main.js',
      entries.find(({ path }) => path === 'dist/main/main.js')?.bytes ?? 0,
      LIMITS['dist/main/main.js'],
    ],
    ['the archive', sum(false), LIMITS.archive],
    ['what is beside it', sum(true), LIMITS.beside],
  ];
  return [
    {
      name: 'every part is there',
      problems: ENTRIES.filter((path) => !paths.has(path)).map((path) => `${path} is missing`),
    },
    {
      name: 'nothing is there that is not for a release',
      problems: entries.flatMap(({ path }) =>
        FORBIDDEN.filter(([pattern]) => pattern.test(path)).map(([, why]) => `${path}: ${why}`),
      ),
    },
    {
      name: 'no package but the native ones and what they need',
      problems: [...new Set(entries.map(({ path }) => packageOf(path)))]
        .filter((name) => name !== undefined && !packages.includes(name))
        .map((name) => `${name ?? ''} is packed`),
    },
    {
      name: 'native modules are beside the archive, and nothing of the app’s own is',
      problems: entries.flatMap(({ path, unpacked }) => {
        if (path.endsWith('.node') && !unpacked) return [`${path} is inside`];
        return path.startsWith('dist/') && unpacked ? [`${path} is not inside`] : [];
      }),
    },
    {
      name: 'sizes are within their limits',
      problems: sizes
        .filter(([, bytes, limit]) => bytes > limit)
        .map(([what, bytes, limit]) => `${what} has ${bytes} bytes of at most ${limit}`),
    },
  ];
}

/** Native modules that must be there for Linux on x64, as they are found after packing. */
const LINUX_NATIVES: readonly (readonly [string, RegExp])[] = [
  ['usb', /^node_modules\/@node-usb\/usb-linux-x64-gnu\/.*\.node$/],
  ['node-hid', /^node_modules\/node-hid\/prebuilds\/HID_hidraw-linux-x64\/.*\.node$/],
  ['@pokusew/pcsclite', /^node_modules\/@pokusew\/pcsclite\/build\/Release\/pcsclite\.node$/],
  ['@napi-rs/canvas', /^node_modules\/@napi-rs\/canvas-linux-x64-gnu\/.*\.node$/],
];

export function nativesCheck(entries: readonly Entry[]): Check {
  return {
    name: 'each native package has its module for linux-x64',
    problems: LINUX_NATIVES.filter(([, pattern]) => !entries.some(({ path }) => pattern.test(path))).map(
      ([name]) => `${name} has none`,
    ),
  };
}
