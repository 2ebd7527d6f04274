/**
 * Splits `shared/` (one package, @bianmin/shared) into the workspaces `shared/card` and `shared/purchase`.
 * In the root of a clone: node --import tsx FOLDER/split.ts [--dry]
 * Changes nothing where anything is not as expected: then says each file, and ends with 1.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = process.cwd();
const HERE = import.meta.dirname;
const DRY = process.argv.includes('--dry');
const problems: string[] = [];
const notes: string[] = [];
const wrong = (file: string, what: string): void => void problems.push(`${file}: ${what}`);
const stop = (): void => {
  if (problems.length === 0) return;
  process.stderr.write(`${problems.join('\n')}\nNothing was changed.\n`);
  process.exit(1);
};

// ---------------------------------------------------------------------------------------------- what is here

type Package = 'card' | 'purchase';
const SHARED = 'shared/src/';
if (!existsSync('shared/package.json') || existsSync('shared/card')) {
  process.stderr.write('This is no clone with one package in shared/.\n');
  process.exit(1);
}
const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { encoding: 'utf8', maxBuffer: 64 << 20 })
  .split('\0')
  .filter((path) => path !== '' && existsSync(path) && lstatSync(path).isFile());
const BINARY = /\.(?:png|jpe?g|gif|ico|icns|woff2?|ttf|otf|mp3|ogg|wav|gz|tgz|zip|jar|keystore|bin|pdf|xlsx|apk|webp|svgz)$/i;
/** Texts as they are on the disk; `texts` as they shall be, by the old path. */
const before = new Map<string, string>();
const texts = new Map<string, string>();
for (const path of listed) {
  if (BINARY.test(path) || path === 'package-lock.json') continue;
  const bytes = readFileSync(path);
  if (bytes.includes(0)) continue;
  before.set(path, bytes.toString('utf8'));
  texts.set(path, bytes.toString('utf8'));
}
/** Files that are not just moved or imported otherwise, so that prettier has to look at them whole. */
const reformat = new Set<string>();
/** Files that come to be, by their new path. */
const created = new Map<string, string>();
const executables = new Set<string>();
/** Where a file goes that no rule moves. */
const moves = new Map<string, string>();
const gone = new Set<string>();

const json = (path: string): any => JSON.parse(before.get(path) ?? 'null');
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

// ---------------------------------------------------------------------------------------------- by exact text

/** Whole files that are written anew: what they were when that was decided. */
const WHOLE: Record<string, { was: string; becomes?: string }> = {
  'build/ship/card-package/build.ts': { was: 'f5c9bcb72584eff4dcbe7f32ac26934f9afddef8ac2683ae7d69219286adc69b' },
  'build/kit/imported-path.mjs': { was: '4f88a7cb4a16228508879479f424ed0eb21fc4d4e9a1a8fe6211072f4915c070' },
  'build/ship/card-package/tsconfig.json': {
    was: '46d15f8e77c26bac49422bf59bb8f1caf1980c0b6901063b20dc41f5612dee55',
    becomes: 'shared/card/tsconfig.package.json',
  },
  'build/ship/card-package/files/bin/bianmin-card.js': {
    was: '7120be6fcae6eb75bedc9040ccbb662da0c3971d3860c3b3442d4f7836329fce',
    becomes: 'shared/card/bin/bianmin-card.js',
  },
  'shared/tsconfig.json': {
    was: 'fba12a4cbf97a8fca73ad3cdbdec3fcb747d67d098d10264bf15953ea545239d',
    becomes: 'shared/card/tsconfig.json',
  },
  'shared/tsconfig.node.json': {
    was: 'f430297e6c3349a8772b82321d745ffa77eb12877d62f5d710a0330b6ce5baec',
    becomes: 'shared/card/tsconfig.node.json',
  },
};
for (const [path, { was, becomes = path }] of Object.entries(WHOLE)) {
  const text = before.get(path);
  if (text === undefined) wrong(path, 'is not there');
  else if (sha(text) !== was) wrong(path, `is not what it was (sha256 ${sha(text)}); look at it, then at ${HERE}/new/${becomes}`);
  texts.set(path, readFileSync(join(HERE, 'new', becomes), 'utf8'));
  if (becomes !== path) moves.set(path, becomes);
}
executables.add('shared/card/bin/bianmin-card.js');
moves.set('shared/bin/bianmin-card.mjs', 'shared/card/bin/clone.mjs');
moves.set('build/ship/card-package/files/README.md', 'shared/card/README.md');
moves.set('build/ship/card-package/files/CHANGELOG.md', 'shared/card/CHANGELOG.md');
for (const path of moves.keys()) if (!before.has(path)) wrong(path, 'is not there');
texts.set('shared/bin/bianmin-card.mjs', (before.get('shared/bin/bianmin-card.mjs') ?? '').replace('#!/usr/bin/env node\n', ''));
for (const path of listed) {
  if (/^shared\/(?!src\/|fixtures\/|package\.json$)/.test(path) && !moves.has(path)) wrong(path, 'is known to no rule');
  if (path.startsWith('build/ship/card-package/files/') && !moves.has(path)) wrong(path, 'is known to no rule');
}
for (const path of [
  'shared/purchase/tsconfig.json',
  'shared/purchase/tsconfig.node.json',
  'shared/purchase/src/testing/word-faults.ts',
  'shared/purchase/src/testing/fuzz/bridge-targets.ts',
  'shared/purchase/src/testing/fuzz/fuzz.test.ts',
  'shared/purchase/src/api/card-image.test.ts',
  'shared/purchase/src/remote-card/who-transmits.test.ts',
])
  created.set(path, readFileSync(join(HERE, 'new', path), 'utf8'));
created.set('shared/card/LICENSE', before.get('LICENSE') ?? '');
/** The checks of words: what card's own test wants of it is card's, under another name. */
moves.set('shared/src/testing/word-faults.ts', 'shared/card/src/testing/catalogue-faults.ts');

/** `@@@ FILE`, then `<<<<` old `====` new `>>>>`, each old text found once, or as often as `<<<<*N` says. */
for (const part of readFileSync(join(HERE, 'edits.txt'), 'utf8').split(/^@@@ /m).slice(1)) {
  const path = part.slice(0, part.indexOf('\n')).trim();
  let text = texts.get(path);
  if (text === undefined) {
    wrong(path, 'is not there');
    continue;
  }
  for (const [, times = '1', old = '', next = ''] of part.matchAll(/^<<<<(?:\*(\d+))?\n([\s\S]*?)\n====\n([\s\S]*?)\n>>>>$/gm)) {
    const found = text.split(old).length - 1;
    if (found !== Number(times)) wrong(path, `has ${found} times, and not ${times}:\n${old.replaceAll(/^/gm, '    ')}`);
    text = text.split(old).join(next);
  }
  texts.set(path, text);
  reformat.add(path);
}

// ---------------------------------------------------------------------------------------------- whose a file is

const CARD_ROOMS = new Set([
  ...['bytes', 'schema', 'framing', 'usb', 'reader', 'chip', 'meter-card', 'transcript', 'web', 'library', 'cli'],
]);
const PURCHASE_ROOMS = new Set(['purchase', 'api', 'i18n', 'design', 'terminal', 'android', 'remote-card']);
/** Of `node/`; what else there is reached from card is card's, the rest purchase's. */
const CARD_NODE =
  /^(?:hid-|usb-(?!printers)|pcsc-|system-clock|sandbox-bus|drive-readers|guarded-child|kept-child|child-slots?|slots?-|reader-|travelled-error)/;
const PURCHASE_NODE = /^(?:cli-options|ecs|trace|signed-|usb-printers)/;
/** Packages that only purchase knows. */
const PURCHASE_NPM = /^(?:zod|axios)$/;
const CARD_NPM = /^(?:node:.*|usb|node-hid|@pokusew\/pcsclite|vitest|fast-check|ws|tsx(?:\/.*)?|assert|vite)$/;

const sources = [...texts.keys()].filter((path) => path.startsWith(SHARED) && path.endsWith('.ts'));
for (const path of texts.keys())
  if (path.startsWith(SHARED) && !path.endsWith('.ts')) wrong(path, 'is no TypeScript: no rule says where it goes');
const NAMED = /^(?:import|export)(?:\s[^;'"]*?\sfrom)?\s+'([^'\n]+)';|\bimport\(\s*'([^'\n]+)'/gm;
const targetOf = (from: string, source: string): string =>
  source.startsWith('.')
    ? posix.join(posix.dirname(from), source)
    : source.startsWith('@bianmin/shared/')
      ? `${SHARED}${source.slice('@bianmin/shared/'.length)}.ts`
      : source;
const importsOf = (path: string): string[] =>
  [...(texts.get(path) ?? '').matchAll(NAMED)].map(([, source, late]) => targetOf(path, source ?? late ?? ''));
const graph = new Map(sources.map((path) => [path, importsOf(path)]));
/** Edits name a file by what it becomes. */
for (const [path, named] of graph)
  graph.set(path, named.map((to) => (to === `${SHARED}testing/catalogue-faults.ts` ? `${SHARED}testing/word-faults.ts` : to)));

const roomOf = (path: string): string => {
  const inside = path.slice(SHARED.length);
  return inside.includes('/') ? (inside.split('/')[0] ?? '') : '';
};
const reachMemo = new Map<string, boolean>();
/** Whether a stand-in knows anything of a purchase, by whatever way. */
function reachesPurchase(path: string, on = new Set<string>()): boolean {
  const known = reachMemo.get(path);
  if (known !== undefined) return known;
  if (on.has(path)) return false;
  on.add(path);
  const room = roomOf(path);
  const name = path.slice(SHARED.length + 'node/'.length);
  const reaches =
    PURCHASE_NPM.test(path) ||
    (path.startsWith(SHARED) &&
      (PURCHASE_ROOMS.has(room) ||
        (room === 'node' && PURCHASE_NODE.test(name)) ||
        (graph.get(path) ?? []).some((to) => reachesPurchase(to, on))));
  reachMemo.set(path, reaches);
  return reaches;
}

const owner = new Map<string, Package>();
const subjectOf = (path: string): string => path.replace(/(?:\.(?:db|process|contract|property))?\.test\.ts$/, '.ts');
for (const path of sources) {
  const room = roomOf(path);
  if (room === '' || CARD_ROOMS.has(room)) owner.set(path, 'card');
  else if (PURCHASE_ROOMS.has(room)) owner.set(path, 'purchase');
  else if (room === 'testing') owner.set(path, reachesPurchase(path) ? 'purchase' : 'card');
  else if (room === 'node') {
    const subject = subjectOf(path);
    if (CARD_NODE.test(path.slice(SHARED.length + 'node/'.length))) owner.set(path, 'card');
    else if (subject !== path && graph.has(subject)) continue;
    else if (subject !== path) owner.set(path, reachesPurchase(path) ? 'purchase' : 'card');
    else owner.set(path, 'purchase');
  } else wrong(path, `is in the folder ${room}, which no rule knows`);
}
// The explicit one: its text is card's by now.
owner.set(`${SHARED}testing/word-faults.ts`, 'card');
/** What card reaches in node/ is card's. */
const waiting = sources.filter((path) => owner.get(path) === 'card');
for (let path = waiting.pop(); path !== undefined; path = waiting.pop())
  for (const to of graph.get(path) ?? [])
    if (roomOf(to) === 'node' && to.startsWith(SHARED) && owner.get(to) !== 'card' && graph.has(to)) {
      const name = to.slice(SHARED.length + 'node/'.length);
      if (PURCHASE_NODE.test(name)) continue;
      owner.set(to, 'card');
      waiting.push(to);
    }
for (const path of sources) if (!owner.has(path)) owner.set(path, owner.get(subjectOf(path)) ?? 'purchase');
// A test beside a stand-in goes where its subject goes.
for (const path of sources)
  if (roomOf(path) === 'testing' && path.endsWith('.test.ts')) {
    const subject = owner.get(subjectOf(path));
    if (subject === 'purchase') owner.set(path, 'purchase');
  }
/** These are tests of the wrapper that purchase has now. */
owner.set(`${SHARED}testing/word-faults.test.ts`, 'purchase');
const catalogueWrapper = 'shared/purchase/src/testing/word-faults.ts';

for (const [path, named] of graph) {
  const own = owner.get(path);
  for (const to of named) {
    if (to.startsWith(SHARED)) {
      if (!graph.has(to)) wrong(path, `imports ${to}, which is not there`);
      const isWrapper = to === `${SHARED}testing/word-faults.ts` && own === 'purchase';
      if (own === 'card' && owner.get(to) === 'purchase' && !isWrapper)
        wrong(path, `is of card and imports ${to}, which is of purchase`);
    } else if (to.startsWith('.') || /^(?:server|terminal-app|stb-app|build)\//.test(to)) wrong(path, `imports ${to}`);
    else if (own === 'card' && !CARD_NPM.test(to)) wrong(path, `is of card and imports the package ${to}`);
  }
}
stop();

const tail = (path: string): string => path.slice(SHARED.length);
for (const path of sources)
  if (!moves.has(path)) moves.set(path, `shared/${owner.get(path)}/src/${tail(path)}`);
for (const path of listed)
  if (path.startsWith('shared/fixtures/')) moves.set(path, path.replace('shared/fixtures/', 'shared/card/fixtures/'));

// ---------------------------------------------------------------------------------------------- names and paths in texts

/** The package of a path below shared/src as a text has it: a file with or without its end, a folder, a pattern. */
function packageOf(rest: string): Package | undefined {
  const clean = rest.replace(/\/[^/]*[<⟨].*$/, '').replace(/\/+$/, '');
  const [room = '', ...inner] = clean.split('/');
  const file = owner.get(`${SHARED}${clean}`) ?? owner.get(`${SHARED}${clean}.ts`);
  if (file !== undefined) return file;
  if (CARD_ROOMS.has(room)) return 'card';
  if (PURCHASE_ROOMS.has(room)) return 'purchase';
  if (inner.length === 0 && room !== 'testing' && room !== 'node') return /^[\w-]+(?:\.ts)?$/.test(room) ? 'card' : undefined;
  const pattern = new RegExp(
    `^${clean.replaceAll(/[.+^$()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '.*').replaceAll('{', '(?:').replaceAll('}', ')').replaceAll(',', '|')}(?:/|$)`,
  );
  const found = new Set(sources.filter((path) => pattern.test(tail(path))).map((path) => owner.get(path)));
  return found.size === 1 ? [...found][0] : undefined;
}
/** `testing/word-faults` is by name what purchase has. */
const renamed = (rest: string): { pkg: Package; rest: string } | undefined => {
  if (/^testing\/word-faults(?:\.ts)?$/.test(rest)) return { pkg: 'purchase', rest };
  const pkg = packageOf(rest);
  return pkg === undefined ? undefined : { pkg, rest };
};

const STATEMENT = /^(import|export)((?:\s[^;'"]*?)?)'([^'\n]+)';\n/gm;
const WIDTH = 110;
/** An import or export-from as prettier has it; undefined where this does not know how. */
function statement(head: string, clause: string, source: string): string | undefined {
  if (/\/[/*]/.test(clause)) return undefined;
  const flat = clause.replaceAll(/\s+/g, ' ').trim();
  if (flat === '') return head === 'import' ? `import '${source}';\n` : undefined;
  const match = /^(?:(type) )?(?:([\w$]+)(?:, )?)?(?:\{ ?([^}]*?),? ?\}|(\*(?: as [\w$]+)?))? ?from$/.exec(flat);
  if (match === null) return undefined;
  const [, type, own, list, star] = match;
  const start = [head, ...(type === undefined ? [] : [type])].join(' ');
  const rest = ` from '${source}';`;
  if (star !== undefined) return `${start} ${own === undefined ? '' : `${own}, `}${star}${rest}\n`;
  if (list === undefined) return own === undefined ? undefined : `${start} ${own}${rest}\n`;
  const names = list.split(',').map((each) => each.trim()).filter((each) => each !== '');
  const front = `${start} ${own === undefined ? '' : `${own}, `}`;
  const line = `${front}{ ${names.join(', ')} }${rest}`;
  const onlyOne = names.length === 1 && own === undefined && head === 'import' && !/ as /.test(names[0] ?? '');
  if (line.length <= WIDTH || onlyOne) return `${line}\n`;
  return `${front}{\n${names.map((each) => `  ${each},\n`).join('')}}${rest}\n`;
}

const RUN = /(?:^import(?:\s[^;'"]*?)?'[^'\n]+';\n)+/gm;
const nameOrder = (statementText: string): number => {
  const source = /'([^'\n]+)';\n$/.exec(statementText)?.[1] ?? '';
  return source.startsWith('@bianmin/card/') ? 1 : source.startsWith('@bianmin/purchase/') ? 2 : 0;
};
/** Packages before files, and of the two packages the lower one first; nothing else changes its place. */
function ordered(run: string, moved: ReadonlySet<string>): string {
  const all = [...run.matchAll(STATEMENT)].map(([whole]) => whole);
  if (all.join('') !== run) return run;
  const stay = all.filter((each) => !moved.has(each));
  const come = all.filter((each) => moved.has(each)).sort((a, b) => nameOrder(a) - nameOrder(b));
  const at = stay.findIndex((each) => /'\.[^'\n]*';\n$/.test(each));
  const joined = at === -1 ? [...stay, ...come] : [...stay.slice(0, at), ...come, ...stay.slice(at)];
  // Neighbours that are both of ours.
  const sorted: string[] = [];
  for (let i = 0; i < joined.length; ) {
    let j = i;
    while (j < joined.length && nameOrder(joined[j] ?? '') > 0) j++;
    if (j === i) sorted.push(joined[i++] ?? '');
    else {
      sorted.push(...joined.slice(i, j).sort((a, b) => nameOrder(a) - nameOrder(b)));
      i = j;
    }
  }
  return sorted.join('');
}

/** How a file names a module now: undefined where nothing changes. */
function sourceNow(path: string, source: string): string | undefined {
  const to = targetOf(path, source);
  if (!to.startsWith(SHARED)) return undefined;
  const rest = tail(to).replace(/\.ts$/, '');
  const isOwn = path.startsWith(SHARED);
  if (isOwn && rest === 'testing/catalogue-faults') return undefined;
  const goes = renamed(rest);
  if (goes === undefined) {
    wrong(path, `names ${source}, and which package that is in is not clear`);
    return undefined;
  }
  if (source.startsWith('.') && (!isOwn || owner.get(path) === goes.pkg)) return undefined;
  return `@bianmin/${goes.pkg}/${goes.rest}`;
}

const IS_CODE = /\.(?:ts|mts|mjs|js|vue)$/;
/** Left as they are: what they say of paths is looked after elsewhere, or is history. */
const AS_THEY_ARE = new Set(['shared/package.json', 'package.json', 'server/package.json', 'terminal-app/package.json', 'stb-app/package.json']);
for (const [path, original] of texts) {
  if (AS_THEY_ARE.has(path)) continue;
  let text = original;
  if (IS_CODE.test(path) && /'(?:@bianmin\/shared\/|\.)/.test(text)) {
    const moved = new Set<string>();
    const changed = new Set<string>();
    text = text.replace(STATEMENT, (whole, head: string, clause: string, source: string) => {
      const now = sourceNow(path, source);
      if (now === undefined || now === source) return whole;
      const made = statement(head, clause, now);
      const written = made ?? `${head}${clause}'${now}';\n`;
      if (made === undefined) reformat.add(path);
      changed.add(written);
      if (source.startsWith('.')) moved.add(written);
      return written;
    });
    if (changed.size > 0) text = text.replace(RUN, (run) => ([...changed].some((each) => run.includes(each)) ? ordered(run, moved) : run));
    // Dynamic ones, and those of types.
    text = text.replace(/(\bimport\(\s*')([^'\n]+)(')/g, (whole, open: string, source: string, close: string) => {
      const now = sourceNow(path, source);
      if (now === undefined || now === source) return whole;
      reformat.add(path);
      return `${open}${now}${close}`;
    });
  }
  const plain = text;
  text = text.replace(/@bianmin\/shared\/([\w-]+(?:\/[\w-]+)*)/g, (whole, rest: string) => {
    const goes = renamed(rest);
    if (goes === undefined) wrong(path, `names ${whole}, and which package that is in is not clear`);
    return `@bianmin/${goes?.pkg ?? 'shared'}/${rest}`;
  });
  text = text.replace(
    /shared\/src\/([\w<⟨-]+[\w<>⟨⟩-]*(?:\.[\w*-]+)*(?:\/(?:[\w*{},<>⟨⟩-]|\.(?=[\w*]))+)*)/g,
    (whole, rest: string) => {
      const goes = renamed(rest);
      if (goes === undefined) wrong(path, `has the path ${whole}, and which package that is in is not clear`);
      return `shared/${goes?.pkg ?? ''}/src/${rest}`;
    },
  );
  // The same in a regular expression.
  text = text.replace(/shared\\\/src\\\/([\w-]+)/g, (whole, room: string) => {
    const pkg = CARD_ROOMS.has(room) ? 'card' : PURCHASE_ROOMS.has(room) ? 'purchase' : undefined;
    if (pkg === undefined) wrong(path, `has ${whole}, and which package that is in is not clear`);
    return String.raw`shared\/${pkg ?? ''}\/src\/${room}`;
  });
  text = text.replaceAll('shared/fixtures/', 'shared/card/fixtures/');
  if (text !== plain) reformat.add(path);
  texts.set(path, text);
}

/** Links of documents that move themselves. */
for (const [path, to] of moves) {
  if (!path.endsWith('.md')) continue;
  const text = (texts.get(path) ?? '').replace(/\]\(((?:\.\.?\/|[\w-])[^):#\s]*)/g, (whole, link: string) => {
    if (/^\w+:/.test(link)) return whole;
    const target = posix.join(posix.dirname(path), link);
    if (!existsSync(target)) return whole;
    return `](${posix.relative(posix.dirname(to), moves.get(target) ?? target)}`;
  });
  texts.set(path, text);
}
for (const [path, text] of texts) {
  if (!path.endsWith('.md') || moves.has(path)) continue;
  const now = text.replace(/\]\(((?:\.\.?\/|[\w-])[^):#\s]*)/g, (whole, link: string) => {
    const target = moves.get(posix.join(posix.dirname(path), link));
    return target === undefined ? whole : `](${posix.relative(posix.dirname(path), target)}`;
  });
  if (now !== text) reformat.add(path);
  texts.set(path, now);
}

// ---------------------------------------------------------------------------------------------- package.json files

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const sorted = (of: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
const root = json('package.json');
const shared = json('shared/package.json');
const known = {
  dependencies: ['axios', 'ws', 'zod'],
  devDependencies: ['fast-check', 'tsx', 'vitest'],
  optionalDependencies: ['@pokusew/pcsclite', 'node-hid', 'usb'],
} as const;
for (const [kind, names] of Object.entries(known))
  if (Object.keys(shared[kind] ?? {}).sort().join() !== [...names].join())
    wrong('shared/package.json', `has other ${kind} than ${names.join(', ')}: say in split.ts whose they are`);
for (const key of Object.keys(shared))
  if (!['name', 'version', 'private', 'license', 'type', 'bin', 'exports', ...Object.keys(known)].includes(key))
    wrong('shared/package.json', `has "${key}", which no rule knows`);
const entries = sources
  .filter((path) => /^shared\/src\/library\/[\w-]+\.ts$/.test(path))
  .map((path) => path.slice(`${SHARED}library/`.length, -3))
  .sort();
const cardManifest = {
  name: '@bianmin/card',
  version: shared.version,
  private: true,
  description: 'Readers and cards of prepaid electricity: USB, HID and PC/SC, nine memory chips and CPU cards',
  license: shared.license,
  type: 'module',
  engines: root.engines,
  bin: { 'bianmin-card': 'bin/bianmin-card.js' },
  exports: {
    ...Object.fromEntries(entries.map((each) => [each === 'index' ? '.' : `./${each}`, `./src/library/${each}.ts`])),
    './package.json': './package.json',
    './*': './src/*.ts',
  },
  files: ['bin/bianmin-card.js', 'dist', 'CHANGELOG.md'],
  devDependencies: sorted({ ...shared.devDependencies, ws: shared.dependencies.ws }),
  optionalDependencies: shared.optionalDependencies,
};
const usesUsb = [...graph].some(([path, named]) => owner.get(path) === 'purchase' && named.includes('usb'));
const usesWs = [...graph].some(([path, named]) => owner.get(path) === 'purchase' && named.includes('ws'));
const { axios, zod, ws } = shared.dependencies as Record<string, string>;
const { tsx: _tsx, ...purchaseDev } = shared.devDependencies as Record<string, string>;
const purchaseManifest = {
  name: '@bianmin/purchase',
  version: shared.version,
  private: true,
  license: shared.license,
  type: 'module',
  exports: { './*': './src/*.ts' },
  dependencies: sorted({ '@bianmin/card': shared.version, axios: axios ?? '', zod: zod ?? '', ...(usesWs ? { ws: ws ?? '' } : {}) }),
  devDependencies: sorted(purchaseDev),
  ...(usesUsb ? { optionalDependencies: { usb: shared.optionalDependencies.usb } } : {}),
};
created.set('shared/card/package.json', asJson(cardManifest));
created.set('shared/purchase/package.json', asJson(purchaseManifest));
gone.add('shared/package.json');
root.workspaces = (root.workspaces as string[]).flatMap((each) => (each === 'shared' ? ['shared/card', 'shared/purchase'] : [each]));
texts.set('package.json', asJson(root));
/** In the place of @bianmin/shared. */
const dependsNow = (of: Record<string, string> | undefined): Record<string, string> | undefined =>
  of === undefined || of['@bianmin/shared'] === undefined
    ? of
    : Object.fromEntries(
        Object.entries(of).flatMap(([name, version]) =>
          name === '@bianmin/shared'
            ? [
                ['@bianmin/card', version],
                ['@bianmin/purchase', version],
              ]
            : [[name, version]],
        ),
      );
for (const workspace of ['server', 'terminal-app', 'stb-app']) {
  const path = `${workspace}/package.json`;
  const own = json(path);
  if (own.dependencies['@bianmin/shared'] === undefined) wrong(path, 'does not depend on @bianmin/shared');
  own.dependencies = dependsNow(own.dependencies);
  texts.set(path, asJson(own));
}
for (const path of ['package.json', 'server/package.json', 'terminal-app/package.json', 'stb-app/package.json'])
  if (asJson(json(path)) !== before.get(path)) wrong(path, 'is not written as npm writes it');

// ---------------------------------------------------------------------------------------------- package-lock.json

const installing = await import(pathToFileURL(join(ROOT, 'build/bootstrap/npm-ci.mjs')).href);
const wereCurrent: boolean = installing.modulesAreCurrent(ROOT);
const lockText = readFileSync('package-lock.json', 'utf8');
const lock = JSON.parse(lockText);
if (asJson(lock) !== lockText) wrong('package-lock.json', 'is not written as npm writes it');
lock.packages[''].workspaces = root.workspaces;
const inLock = (manifest: any): object => {
  const { name, version, license, bin, dependencies, devDependencies, engines, optionalDependencies } = manifest;
  // In npm's own order.
  return { name, version, license, dependencies, bin, devDependencies, engines, optionalDependencies };
};
const packages: [string, any][] = [];
for (const [path, entry] of Object.entries<any>(lock.packages)) {
  if (path === 'node_modules/@bianmin/shared') continue;
  if (path === 'node_modules/@bianmin/server')
    for (const name of ['card', 'purchase'])
      packages.push([`node_modules/@bianmin/${name}`, { resolved: `shared/${name}`, link: true }]);
  if (path === 'shared') {
    packages.push(['shared/card', JSON.parse(JSON.stringify(inLock(cardManifest)))]);
    packages.push(['shared/purchase', JSON.parse(JSON.stringify(inLock(purchaseManifest)))]);
    continue;
  }
  if (path.startsWith('shared/')) wrong('package-lock.json', `has ${path}, which no rule knows`);
  packages.push([path, entry.dependencies?.['@bianmin/shared'] === undefined ? entry : { ...entry, dependencies: dependsNow(entry.dependencies) }]);
}
lock.packages = Object.fromEntries(packages);
stop();

// ---------------------------------------------------------------------------------------------- format

const prettier = await import(pathToFileURL(createRequire(join(ROOT, 'package.json')).resolve('prettier')).href).then(
  (found) => found.default ?? found,
);
const final = new Map<string, string>();
for (const [path, text] of texts) {
  if (gone.has(path)) continue;
  const to = moves.get(path) ?? path;
  if (to !== path || text !== before.get(path)) final.set(to, text);
}
for (const [path, text] of created) final.set(path, text);
const whole = new Set([
  ...[...reformat].map((path) => moves.get(path) ?? path),
  ...Object.keys(WHOLE).map((path) => moves.get(path) ?? path),
  ...created.keys(),
]);
for (const path of whole) {
  const text = final.get(path);
  if (text === undefined) continue;
  const { ignored, inferredParser } = await prettier.getFileInfo(path, { ignorePath: '.prettierignore', withNodeModules: false });
  if (ignored || inferredParser === null) continue;
  const options = await prettier.resolveConfig(path);
  try {
    final.set(path, await prettier.format(text, { ...options, filepath: path }));
  } catch (error) {
    wrong(path, `is not read by prettier: ${String(error)}`);
  }
}

// ---------------------------------------------------------------------------------------------- what was tried by mutants

const IMPORTS = /^import\s[^;]*;\n/gmu;
const codeOf = (text: string): string => text.replaceAll(IMPORTS, '');
const digestOf = (text: string): string => sha(codeOf(text)).slice(0, 16);
/** Lines of a file that are no import, by number. */
function codeLines(text: string): number[] {
  const isImport = new Set<number>();
  for (const match of text.matchAll(IMPORTS)) {
    const first = text.slice(0, match.index).split('\n').length;
    for (let line = 0; line < match[0].split('\n').length - 1; line++) isImport.add(first + line);
  }
  return text.split('\n').flatMap((_, i) => (isImport.has(i + 1) ? [] : [i + 1]));
}
const RECORD = 'build/test/mutate/record.json';
{
  const old = JSON.parse(before.get(RECORD) ?? '[]') as { file: string; text: string; killed: number; unnoticed: { at: string }[] }[];
  const oldOf = new Map([...moves].map(([from, to]) => [to, from]));
  const record = JSON.parse(texts.get(RECORD) ?? '[]') as typeof old;
  record.forEach((row, n) => {
    const path = oldOf.get(row.file) ?? row.file;
    const [was, is] = [before.get(path), final.get(row.file)];
    if (was === undefined || is === undefined || digestOf(was) !== old[n]?.text) return;
    if (digestOf(is) !== row.text) {
      notes.push(`${row.file}: more than its imports changed; what was tried still holds`);
      row.text = digestOf(is);
    }
    const [from, to] = [codeLines(was), codeLines(is)];
    if (from.length !== to.length) return wrong(RECORD, `${row.file} has another number of lines now`);
    const now = (line: string): number => to[from.indexOf(Number(line))] ?? Number(line);
    for (const each of row.unnoticed) each.at = each.at.replace(/(^|-)(\d+)(?=:)/g, (_, dash: string, line: string) => `${dash}${now(line)}`);
  });
  record.sort((a, b) => (a.file < b.file ? -1 : 1));
  const rows = record.map(({ unnoticed, ...file }) => {
    const head = JSON.stringify(file).slice(0, -1);
    const lines = unnoticed.map((each) => `  ${JSON.stringify(each)}`).join(',\n');
    return `${head},"unnoticed":[${lines === '' ? '' : `\n${lines}\n`}]}`;
  });
  final.set(RECORD, `[\n${rows.join(',\n')}\n]\n`);
}

// ---------------------------------------------------------------------------------------------- the end of it: nothing of the old names

const MAY_SAY: readonly RegExp[] = [/^CHANGELOG\.md$/];
const LEFT = /@bianmin\/shared\b|shared\/src\b|shared\\\/src|shared\/(?:bin|dist|tsconfig|package\.json|fixtures)\b|shared\[/;
for (const path of [...texts.keys()].map((each) => moves.get(each) ?? each)) {
  if (gone.has(path) || MAY_SAY.some((each) => each.test(path))) continue;
  const text = final.get(path) ?? before.get(path) ?? '';
  text.split('\n').forEach((line, n) => {
    if (!LEFT.test(line) || /shared\[\\\\\/\]\(?(?:card|purchase|\?:)/.test(line)) return;
    wrong(path, `line ${n + 1} still says: ${line.trim().slice(0, 140)}`);
  });
}
const taken = [...moves.values(), ...created.keys()];
for (const path of taken) if (before.has(path) && !moves.has(path)) wrong(path, 'is in the way');
if (new Set(taken).size !== taken.length)
  wrong('shared', `two files would be one: ${taken.filter((path, n) => taken.indexOf(path) !== n).join(', ')}`);
stop();
if (!final.has(catalogueWrapper)) throw new Error('the wrapper was lost');

// ---------------------------------------------------------------------------------------------- pictures

const STAMPS = [
  ['docs/images/kiosk-pay.sha256', 'terminal-app/e2e/readme-screenshot.ts', 'SCREEN_SOURCES'],
  ['docs/images/kiosk/screens.sha256', 'terminal-app/e2e/contact-sheet.ts', 'SOURCES'],
  ['docs/images/stb/screens.sha256', 'stb-app/e2e/pictures.ts', 'SOURCES'],
] as const;
for (const path of listed)
  if (/^docs\/.*\.sha256$/.test(path) && !STAMPS.some(([stamp]) => stamp === path)) wrong(path, 'is a digest that no rule knows');
function listIn(text: string, name: string, scope: Record<string, readonly string[]>): readonly string[] | undefined {
  const match = new RegExp(`const ${name} = (\\[[\\s\\S]*?\\n\\]);`).exec(text);
  if (match === null) return undefined;
  const value = new Function(...Object.keys(scope), `return ${match[1]};`) as (...values: unknown[]) => string[];
  return value(...Object.values(scope));
}
/** As terminal-app/e2e/readme-screenshot.ts does it. */
function pictureDigest(lists: readonly string[]): string {
  const hash = createHash('sha256');
  const filesOf = (path: string): string[] => {
    let found;
    try {
      found = readdirSync(path, { withFileTypes: true, recursive: true });
    } catch {
      return [path];
    }
    return found
      .filter(({ name }) => !name.endsWith('.test.ts') && !name.startsWith('.'))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  };
  for (const source of lists)
    for (const file of filesOf(join(ROOT, source))) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  return hash.digest('hex');
}
const screenSources = (text: (path: string) => string): readonly string[] =>
  listIn(text('terminal-app/e2e/readme-screenshot.ts'), 'SCREEN_SOURCES', {}) ?? [];
const stampedBefore = STAMPS.filter(([stamp, file, name]) => {
  const text = (path: string): string => before.get(path) ?? '';
  const lists = listIn(text(file), name, { SCREEN_SOURCES: screenSources(text) });
  if (lists === undefined) {
    wrong(file, `has no ${name}`);
    return false;
  }
  const current = pictureDigest(lists) === (before.get(stamp) ?? '').trim();
  if (!current) notes.push(`${stamp}: was out of date before; left as it is`);
  return current;
});
stop();

const count = { card: 0, purchase: 0 };
for (const each of owner.values()) count[each]++;
if (DRY) {
  for (const path of sources.filter((each) => /^(?:testing|node)$/.test(roomOf(each)))) process.stdout.write(`${owner.get(path)}\t${path}\n`);
  process.stdout.write(`${count.card} files of card, ${count.purchase} of purchase; ${final.size} files would be written\n`);
  process.exit(0);
}

// ---------------------------------------------------------------------------------------------- write

const modeOf = new Map(listed.map((path) => [path, lstatSync(path).mode & 0o777]));
const folders = new Set<string>();
for (const path of [...moves.keys(), ...gone]) {
  rmSync(path);
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
}
for (const [path, text] of final) {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) rmSync(path); // It may be one with another clone's.
  writeFileSync(path, text);
}
for (const [from, to] of moves) {
  if (!final.has(to)) throw new Error(`${to} was lost`);
  chmodSync(to, modeOf.get(from) ?? 0o644);
}
for (const path of before.keys()) if (!moves.has(path) && final.has(path)) chmodSync(path, modeOf.get(path) ?? 0o644);
chmodSync('shared/card/bin/clone.mjs', 0o644);
for (const path of executables) chmodSync(path, 0o755);
rmSync('package-lock.json');
writeFileSync('package-lock.json', asJson(lock));
for (const folder of [...folders].sort((a, b) => b.length - a.length))
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);

for (const [stamp, file, name] of stampedBefore) {
  const text = (path: string): string => final.get(path) ?? before.get(path) ?? '';
  writeFileSync(stamp, `${pictureDigest(listIn(text(file), name, { SCREEN_SOURCES: screenSources(text) }) ?? [])}\n`);
}

// ---------------------------------------------------------------------------------------------- node_modules, as npm ci would link them

if (existsSync('node_modules/@bianmin')) {
  const link = (path: string, to: string): void => {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
    symlinkSync(to, path);
  };
  if (lstatSync('node_modules/@bianmin/shared', { throwIfNoEntry: false }) !== undefined) unlinkSync('node_modules/@bianmin/shared');
  for (const name of ['card', 'purchase']) link(`node_modules/@bianmin/${name}`, `../../shared/${name}`);
  link('node_modules/.bin/bianmin-card', '../@bianmin/card/bin/bianmin-card.js');
  if (wereCurrent) installing.markModulesCurrent(ROOT);
  notes.push('node_modules: linked as npm ci would, without asking npm');
}
// The checks ask git which files there are.
execFileSync('git', ['add', '-A']);
for (const note of notes) process.stdout.write(`${note}\n`);
process.stdout.write(`${count.card} files of card, ${count.purchase} of purchase; ${final.size} files were written\n`);
