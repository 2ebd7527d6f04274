import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import { checkPack, script } from './check.ts';
import { draftPack } from './draft.ts';
import { indexFaults, packFolders, PACKS } from './packs.ts';

const USAGE = `Usage:
npm run voice -- check [FOLDER…]     the packs of these folders, or all
npm run voice -- script LANGUAGE…    what is to be said, for whoever records it
npm run voice -- draft [LANGUAGE…]   drafts by a machine's voice; needs espeak-ng and opusenc
`;
const MOST_WORDS = 32;

const [command = 'check', ...args] = readOptions({ usage: USAGE, words: MOST_WORDS }).positionals;
const isLanguage = (name: string): name is Language => LANGUAGES.some((language) => language === name);
const languages = args.filter(isLanguage);
const strange = command === 'check' ? undefined : args.find((name) => !isLanguage(name));
if (strange !== undefined) failUsage(USAGE, `There is no language "${strange}".`);

async function check(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const { faults, parts, bytes, seconds } = await checkPack(folder);
    process.stdout.write(
      `${folder}: ${parts} parts, ${(bytes / 1024).toFixed(0)} kB, ${seconds.toFixed(0)} s, ${faults.length} faults\n`,
    );
    for (const fault of faults) process.stdout.write(`  ${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

switch (command) {
  case 'check': {
    if (args.length > 0) {
      await check(args);
      break;
    }
    const index: unknown = JSON.parse(await readFile(join(PACKS, 'packs.json'), 'utf8'));
    await check(await packFolders());
    for (const fault of indexFaults(index, await packFolders())) {
      process.stdout.write(`packs.json: ${fault}\n`);
      process.exitCode = 1;
    }
    break;
  }
  case 'script':
    for (const language of languages) process.stdout.write(script(language));
    break;
  case 'draft':
    for (const language of languages.length > 0 ? languages : LANGUAGES) {
      const folder = join(PACKS, language, 'drafted');
      for (const odd of await draftPack(language, folder)) process.stdout.write(`  ${odd}\n`);
      await check([folder]);
    }
    break;
  default:
    failUsage(USAGE, `There is no "${command}".`);
}
