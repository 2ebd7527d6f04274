import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { auditHeadsFile } from '@bianmin/purchase/api/audit';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { AUDIT_FAULTS } from './access/audit-check.ts';
import { dataKeysFrom } from './config/data-keys.ts';
import { adoptChains } from './wiring/audit-adopt.ts';
import { createAudit } from './wiring/audit.ts';
import { openDatabase } from './open-database.ts';
import { withSealedDatabase } from './sealed-database.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI and DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) set as the server has them:
npm run audit -- check [heads.json]   reads the whole trail; exits 1 where it is not whole
npm run audit -- heads                prints how far every chain has come, to be kept elsewhere
npm run audit -- adopt                seals chains from before there were heads, and says so in the trail
`;

const [what = '', file] = readOptions({ usage: USAGE, words: 2 }).positionals;
if (!['check', 'heads', 'adopt'].includes(what)) failUsage(USAGE, 'Name a command: check, heads or adopt.');
const keys = dataKeysFrom(process.env);
const out = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const open = () => openDatabase(process.env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
await withSealedDatabase({ open, keys }, async (db) => {
  const config = { DATA_KEYS: keys };
  const trail = await createAudit({ db, clock: systemClock, config });
  if (what === 'adopt') out(await adoptChains(trail, new Date(systemClock.now())));
  else if (what === 'heads') {
    const heads = [];
    for await (const { writer, n, digest } of trail.auditHeads.store.movedSince(new Date(0))) {
      heads.push({ writer, n, digest });
    }
    out({ at: new Date(systemClock.now()).toISOString(), heads });
  } else {
    const kept =
      file === undefined ? [] : auditHeadsFile.parse(JSON.parse(await readFile(file, 'utf8'))).heads;
    const { faults, ...verdict } = await trail.auditCheck.against(kept);
    for (const { code, entry } of faults) {
      process.stdout.write(`${entry} ${code}: ${AUDIT_FAULTS[code]}\n`);
    }
    out({ ...verdict, faults: faults.length + verdict.more });
    if (faults.length > 0) process.exitCode = 1;
  }
});
