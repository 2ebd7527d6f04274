import process from 'node:process';
import { pino } from 'pino';
import { releaseKind } from '@bianmin/shared/api/release';
import { failUsage, readOptions } from '@bianmin/shared/node/cli-options';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { createAudit } from './wiring/audit.ts';
import { loadConfig } from './config/config.ts';
import { dataKeysOf } from './config/data-keys.ts';
import { sealAsOthersDo } from './upkeep/keys/open-keys.ts';
import { importFolder } from './fleet/releases/import.ts';
import { openReleases } from './wiring/releases.ts';
import { makeReleaseKey, signFolder, signLayoutsFile } from './fleet/releases/sign.ts';
import { connectDatabase } from './adapters/mongo/connection.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage:
npm run release -- key <file>      makes a release key: its secret half goes into the file, its public half is printed
npm run release -- sign <folder> --kind kiosk-linux|kiosk-win|box --key <file> [--notes <words>]
                                   signs what npm run package or npm run apk -- --release left there (release.jws)
npm run release -- layouts <file> --key <file>
                                   signs a document of card layouts (JSON); the signed one is beside it (.jws)
npm run release -- import <folder> takes a signed folder in, with the server's own environment
`;

const { positionals, values } = readOptions({
  usage: USAGE,
  words: 2,
  options: {
    kind: { type: 'string' },
    key: { type: 'string' },
    notes: { type: 'string', default: '' },
  },
});
const [what, path] = positionals;
const kind = releaseKind.safeParse(values.kind);
const out = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

if (what === 'key' && path !== undefined) {
  out({ RELEASE_PUBLIC_KEY: await makeReleaseKey(path) });
} else if (what === 'sign' && path !== undefined && kind.success && values.key !== undefined) {
  const of = { folder: path, kind: kind.data, keyFile: values.key, notes: values.notes };
  const { version, files } = await signFolder(of);
  out({ kind: kind.data, version, files: files.map(({ name, bytes }) => ({ name, bytes })) });
} else if (what === 'layouts' && path !== undefined && values.key !== undefined) {
  out(await signLayoutsFile(path, values.key));
} else if (what === 'import' && path !== undefined) {
  await take(path);
} else {
  failUsage(USAGE, 'Name a command, key, sign, layouts or import, with what it takes.');
}

async function take(folder: string): Promise<void> {
  const config = loadConfig(process.env);
  const db = await connectDatabase(config.MONGODB_URI);
  try {
    await sealAsOthersDo(db, dataKeysOf(config));
    const { audit } = await createAudit({ db, clock: systemClock, config });
    const log = pino({ level: config.LOG_LEVEL });
    const releases = await openReleases({ db, clock: systemClock, log, config }, audit);
    if (releases === undefined)
      throw new Error('Set RELEASE_DIR and RELEASE_PUBLIC_KEY as the server has them.');
    const { id, state } = await importFolder(releases, folder);
    out({ id, state });
  } finally {
    await db.close();
  }
}
