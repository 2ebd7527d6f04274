import process from 'node:process';
import { pino } from 'pino';
import { systemClock } from '@bianmin/card/node/system-clock';
import { releaseKind } from '@bianmin/purchase/api/release';
import { RELEASE_DAYS, ROOT_DAYS } from '@bianmin/purchase/api/release-root';
import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { createAudit } from './wiring/audit.ts';
import { loadConfig } from './config/config.ts';
import { withSealedDatabase } from './sealed-database.ts';
import { mongoTls } from './config/stores.ts';
import { beginRoot, countersign, readRoots } from './fleet/releases/countersign.ts';
import { importFolder } from './fleet/releases/import.ts';
import { openReleases } from './wiring/releases.ts';
import { signFolder, signFormer, signLayoutsFile } from './fleet/releases/sign.ts';
import { makeSignerKey, type Signing } from './fleet/releases/signing.ts';
import { connectDatabase } from './adapters/mongo/connection.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage: (each signer with a key of their own, on a machine of their own that is no server)
npm run release -- key <file>      makes a signer's key: its secret half goes into the file, its public half is printed
npm run release -- root <roots> --signer <public half> (for each of three or more) --key <file> [--threshold 2] [--days 1100]
                                   begins the next root, who signs from then on, in <roots>.next
npm run release -- sign <folder> --kind kiosk-linux|kiosk-win|box --roots <roots> --key <file> [--notes <words>] [--days 90]
                                   signs what npm run package or npm run apk -- --release left there (release.signed.json)
npm run release -- layouts <file> --roots <roots> --key <file> [--days 90]
                                   signs a document of card layouts (JSON); the signed one is beside it (.signed.json)
npm run release -- countersign <folder|file> --roots <roots> --key <file>
                                   adds a person's signature to a folder's release, layouts or <roots>.next
npm run release -- former <folder> --key <file>
                                   for kiosks that know one key and no root: signs the same with that key (release.jws)
npm run release -- import <folder> takes a signed folder in, with the server's own environment
`;

const { positionals, values } = readOptions({
  usage: USAGE,
  words: 2,
  options: {
    kind: { type: 'string' },
    key: { type: 'string' },
    roots: { type: 'string' },
    signer: { type: 'string', multiple: true, default: [] },
    threshold: { type: 'string', default: '2' },
    days: { type: 'string' },
    notes: { type: 'string', default: '' },
  },
});
const [what, path] = positionals;
const kind = releaseKind.safeParse(values.kind);
const { key: keyFile, roots, notes } = values;
const now = systemClock.now();
const out = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

if (what === 'key' && path !== undefined) {
  out({ signer: await makeSignerKey(path) });
} else if (what === 'root' && path !== undefined && keyFile !== undefined) {
  const threshold = wholeNumber(values.threshold, { usage: USAGE, option: 'threshold', least: 2, most: 7 });
  const of = { signers: values.signer, threshold };
  out(await beginRoot(path, of, { keyFile, now, days: daysOf(ROOT_DAYS) }));
} else if (what === 'sign' && path !== undefined && kind.success) {
  const { version, files, expires } = await signFolder(
    { folder: path, kind: kind.data, notes },
    await signing(),
  );
  out({ kind: kind.data, version, expires, files: files.map(({ name, bytes }) => ({ name, bytes })) });
} else if (what === 'layouts' && path !== undefined) {
  out(await signLayoutsFile(path, await signing()));
} else if (what === 'countersign' && path !== undefined && keyFile !== undefined && roots !== undefined) {
  out(await countersign(path, { chain: roots, keyFile, now }));
} else if (what === 'former' && path !== undefined && keyFile !== undefined) {
  const { version } = await signFormer(path, keyFile);
  out({ version });
} else if (what === 'import' && path !== undefined) {
  await take(path);
} else {
  failUsage(USAGE, 'Name a command, with what it takes.');
}

async function signing(): Promise<Signing> {
  if (keyFile === undefined || roots === undefined)
    failUsage(USAGE, 'Name your key and the roots: --key, --roots.');
  const root = await readRoots(roots);
  if (root === undefined) failUsage(USAGE, `${roots} has no root yet. Make the first one.`);
  return { keyFile, root, now, days: daysOf(RELEASE_DAYS) };
}

function daysOf({ usual, most }: { readonly usual: number; readonly most: number }): number {
  return wholeNumber(values.days ?? String(usual), { usage: USAGE, option: 'days', least: 1, most });
}

async function take(folder: string): Promise<void> {
  const config = loadConfig(process.env);
  const open = () => connectDatabase(config.MONGODB_URI, mongoTls(config));
  await withSealedDatabase({ open, keys: config.DATA_KEYS }, async (db) => {
    const { audit } = await createAudit({ db, clock: systemClock, config });
    const log = pino({ level: config.LOG_LEVEL });
    const releases = await openReleases({ db, clock: systemClock, log, config }, audit);
    if (releases === undefined)
      throw new Error('Set RELEASE_DIR and RELEASE_ROOT_FILE as the server has them.');
    const { id, state } = await importFolder(releases, folder);
    out({ id, state });
  });
}
