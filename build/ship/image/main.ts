import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { kioskUdevRules } from './udev.ts';

readOptions({
  usage: "Usage: npx tsx build/ship/image/main.ts. Writes udev's rules from the table of readers.",
});
/** Writes what is made of tables; the rest of build/ship/image/linux is written by hand. */
await writeFile(join(import.meta.dirname, 'linux/70-bianmin-card-reader.rules'), kioskUdevRules());
