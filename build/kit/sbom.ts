import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** As much of package-lock.json as is read (npm's lock file, version 3). */
const names = z.record(z.string(), z.string()).default({});
const locked = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  /** A list is how packages of long ago said that one may choose. */
  license: z.union([z.string(), z.array(z.string()).transform((each) => each.join(' OR '))]).optional(),
  link: z.boolean().default(false),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).default({}),
});
type Locked = z.infer<typeof locked>;
const lockFile = z.object({ version: z.string(), packages: z.record(z.string(), locked) });
type LockFile = z.infer<typeof lockFile>;

/** What is shipped, as a workspace and what its pages and programs have in them besides what it says it depends on. */
interface Product {
  readonly workspace: string;
  /** Folders of sources that are bundled, from the project's root. */
  readonly bundles: readonly string[];
  /** Brought in by a build tool or a packager, and imported nowhere. */
  readonly besides: readonly string[];
}

export const PRODUCTS = {
  server: { workspace: 'server', bundles: ['server/admin/src', 'server/payer/src'], besides: [] },
  kiosk: { workspace: 'terminal-app', bundles: ['terminal-app/src/renderer'], besides: ['electron'] },
  box: { workspace: 'stb-app', bundles: ['stb-app/src'], besides: ['core-js'] },
} as const satisfies Readonly<Record<string, Product>>;
export type ProductName = keyof typeof PRODUCTS;

/** One package of a product, where npm has put it. */
interface Found {
  readonly path: string;
  readonly name: string;
  readonly of: Locked;
  /** For other platforms, or done without where it cannot be built. */
  optional: boolean;
  readonly needs: Set<string>;
}

function readLockFile(root: string): LockFile {
  return lockFile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
}

/**
 * The software bill of materials of a product: every npm package that is in it, by lock file. CycloneDX 1.6, the same bytes for the
 * same source. npm's own `npm sbom --omit=dev` leaves out what the root names as well.
 */
export function billOf(product: ProductName, root: string): Record<string, unknown> {
  const lock = readLockFile(root);
  const found = packagesOf(product, { lock, root });
  const self = `pkg:generic/bianmin-${product}@${lock.version}`;
  const components = found.map(({ path, name, of, optional }) => ({
    ...{ type: 'library', 'bom-ref': path, ...named(name), version: of.version ?? '' },
    ...{ scope: optional ? 'optional' : 'required', purl: purlOf(name, of.version ?? '') },
    ...(of.integrity === undefined ? {} : { hashes: [hashOf(of.integrity)] }),
    licenses: [licenceOf(of.license ?? 'not stated in package-lock.json')],
  }));
  const needs = found.map(({ path, needs: those }) => ({ ref: path, dependsOn: [...those].sort() }));
  const direct = found.filter(({ path }) => !needs.some(({ dependsOn }) => dependsOn.includes(path)));
  const body = {
    metadata: {
      component: { type: 'application', 'bom-ref': self, name: `bianmin-${product}`, version: lock.version },
    },
    components,
    dependencies: [{ ref: self, dependsOn: direct.map(({ path }) => path) }, ...needs],
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: serialOf(body), version: 1 },
    ...body,
  };
}

/** Sorted by where they are. */
function packagesOf(product: ProductName, { lock, root }: { lock: LockFile; root: string }): Found[] {
  const { workspace, bundles, besides } = PRODUCTS[product];
  const found = new Map<string, Found>();
  const visit = (name: string, from: string, optional: boolean): string | undefined => {
    const path = placeOf(name, from, lock);
    const of = path === undefined ? undefined : lock.packages[path];
    if (path === undefined || of === undefined) {
      if (optional || name.startsWith('@types/')) return undefined;
      throw new Error(
        `package-lock.json has no ${name}, which ${from} needs. Run npm install --ignore-scripts.`,
      );
    }
    const known = found.get(path);
    if (known !== undefined && (optional || !known.optional)) return path;
    const entry: Found = known ?? { path, name, of, optional, needs: new Set() };
    entry.optional = optional;
    found.set(path, entry);
    const extra = of.optionalDependencies;
    for (const needed of Object.keys({ ...of.dependencies, ...extra })) {
      const at = visit(needed, path, optional || needed in extra);
      if (at !== undefined) entry.needs.add(at);
    }
    for (const peer of Object.keys(of.peerDependencies)) {
      if (of.peerDependenciesMeta[peer]?.optional === true) continue;
      const at = visit(peer, path, true);
      if (at !== undefined) entry.needs.add(at);
    }
    return path;
  };
  const own = lock.packages[workspace];
  if (own === undefined) throw new Error(`package-lock.json has no workspace ${workspace}.`);
  const imported = bundles.flatMap((folder) => importedIn(join(root, folder)));
  const wanted = [...Object.keys(own.dependencies), ...imported, ...besides];
  for (const name of wanted) visit(name, workspace, false);
  // Ours are what the bill is of.
  return [...found.values()]
    .filter(({ path }) => path.includes('node_modules/'))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Node's own search, in the lock file; a workspace is followed to its folder. */
function placeOf(name: string, from: string, { packages }: LockFile): string | undefined {
  for (let at: string | undefined = from; at !== undefined; at = above(at)) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    const there = packages[path];
    if (there !== undefined) return there.link ? there.resolved : path;
  }
  return undefined;
}

function above(path: string): string | undefined {
  if (path === '') return undefined;
  const cut = path.lastIndexOf('/node_modules/');
  if (cut >= 0) return path.slice(0, cut);
  return path.startsWith('node_modules/') || !path.includes('/') ? '' : path.slice(0, path.lastIndexOf('/'));
}

/** What a source brings in, but for types, which are not shipped. */
const IMPORTS = [
  /^(?:import|export)(?!\s+type\b)\s+(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/gm,
  /\bimport\(['"]([^'"]+)['"]\)/g,
  /^@import\s+['"]([^'"]+)['"]/gm,
];

/** Names of packages that the sources of a folder import. */
function importedIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(?:ts|vue|js|css)$/.test(name) && !/\.(?:test|e2e)\.ts$|(?:^|[\\/])testing/.test(name),
  );
  const specifiers = files.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)].map((each) => each[1]));
  });
  return [...new Set(specifiers.flatMap((each) => packageNamed(each ?? '')))].sort();
}

function packageNamed(specifier: string): string[] {
  const name = /^(?!node:|@bianmin\/)(@[\w.-]+\/[\w.-]+|[A-Za-z][\w.-]*)(?:\/|$)/.exec(specifier)?.[1];
  return name === undefined ? [] : [name];
}

function named(name: string): { name: string; group?: string } {
  const [group, short] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return { ...(group === undefined ? {} : { group }), name: short ?? name };
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** `sha512-<base64>`, as npm writes it. */
function hashOf(integrity: string): { alg: string; content: string } {
  const [alg = '', digest = ''] = integrity.split(' ')[0]?.split('-', 2) ?? [];
  return { alg: alg.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') };
}

/** Identifiers of SPDX's list, which are all that CycloneDX takes for one. */
const SPDX =
  /^(?:0BSD|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|ISC|LGPL-3\.0-or-later|MIT(?:-0)?|MPL-2\.0|OFL-1\.1|Unlicense|Zlib)$/;

function licenceOf(text: string): Record<string, unknown> {
  if (SPDX.test(text)) return { license: { id: text } };
  const all = text.replaceAll(/[()]/g, '').split(/ (?:OR|AND) /);
  return all.length > 1 && all.every((each) => SPDX.test(each))
    ? { expression: text }
    : { license: { name: text } };
}

function serialOf(body: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
  ];
  return `urn:uuid:${[...parts, digest.slice(20, 32)].join('-')}`;
}
