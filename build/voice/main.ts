import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { LANGUAGES } from '@bianmin/shared/i18n/translate';
import type { Language } from '@bianmin/shared/i18n/translate';
import { checkPack, script } from './check.ts';
import { draftPack } from './draft.ts';
import { indexFaults, packFolders, PACKS } from './packs.ts';

/** `npm run voice -- check [folder]`, `-- script <language>`, `-- draft [language…]`. */
const [command = 'check', ...args] = process.argv.slice(2);
const isLanguage = (name: string): name is Language => LANGUAGES.some((language) => language === name);
const languages = args.filter(isLanguage);

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
    process.stderr.write(`There is no "${command}": check, script, draft.\n`);
    process.exitCode = 2;
}
