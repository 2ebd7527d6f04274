import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kioskUdevRules } from './udev.ts';

/** Writes what is made of tables; the rest of build/image/linux is written by hand. */
await writeFile(join(import.meta.dirname, 'linux/70-bianmin-card-reader.rules'), kioskUdevRules());
