import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '@bianmin/card/node/system-clock';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { BreakGlass } from './access/break-glass.ts';
import { dataKeysFrom } from './config/data-keys.ts';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { openDatabase } from './open-database.ts';
import { withSealedDatabase } from './sealed-database.ts';
import { ProblemError } from './kernel/problem.ts';
import { breakGlassSheets } from './wiring/break-glass-sheets.ts';
import { createPeople } from './wiring/people.ts';
import { consoleUrl } from './kernel/site-url.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI, DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) PUBLIC_URL and ADMIN_ORIGIN set as the server has them:
npm run break-glass -- seal --by NAME                            prints two sheets, to be sealed apart
npm run break-glass -- open --by NAME --user NAME --reason WHY   asks for what is on both, lets an administrator in

docs/how-to/break-glass.md says who does what.
`;
const OPTIONS = { by: { type: 'string' }, user: { type: 'string' }, reason: { type: 'string' } } as const;

const { positionals, values } = readOptions({ usage: USAGE, words: 1, options: OPTIONS });
const [what = ''] = positionals;
const { by, user, reason } = values;
if (what !== 'seal' && what !== 'open') failUsage(USAGE, 'Name a command: seal or open.');
if (by === undefined) failUsage(USAGE, 'Say who you are: --by NAME.');
const { PUBLIC_URL = '', ADMIN_ORIGIN } = process.env;
const site = consoleUrl({ PUBLIC_URL, ADMIN_ORIGIN });
if (!URL.canParse(site)) failUsage(USAGE, 'Set PUBLIC_URL, and ADMIN_ORIGIN where the server has it.');
const keys = dataKeysFrom(process.env);

/** From the terminal: an argument would stand in the list of processes. */
async function askForCode(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question('Sheet 1: ')) + (await lines.question('Sheet 2: '));
  } finally {
    lines.close();
  }
}

const open = () => openDatabase(process.env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
try {
  await withSealedDatabase({ open, keys }, async (db) => {
    const config = { DATA_KEYS: keys };
    const people = await createPeople({ db, clock: systemClock, config });
    const { users, setup, guesses, trail, sealedCodes: store } = people;
    const glass = new BreakGlass({ store, users, setup, guesses, audit: trail.audit, clock: systemClock });
    if (what === 'seal') {
      process.stdout.write(breakGlassSheets(await glass.seal(by), { by, at: new Date(systemClock.now()) }));
    } else {
      if (user === undefined || reason === undefined) failUsage(USAGE, 'Name --user and --reason.');
      const link = await glass.open({ code: await askForCode(), name: user, by, reason });
      process.stdout.write(
        `${user} opens this within an hour and chooses a password: ${site}${link}\nFor a day they allow nothing that others ask for. All who are told of alerts hear of this.\n`,
      );
    }
  });
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
