import process from 'node:process';
import { sentenceOf } from '../log.ts';
import { writeSupport } from './program.ts';

/** Starts the kiosk, or with `--support FILE` writes its support archive, beside one that runs, and ends. */
export function begin(
  kiosk: () => Promise<unknown>,
  { dataDir, exit }: { readonly dataDir: () => string; readonly exit: (code: number) => void },
): void {
  const asked = process.argv.indexOf('--support');
  if (asked < 0) {
    kiosk().catch((error: unknown) => {
      process.stderr.write(`The kiosk cannot start: ${sentenceOf(error)}\n`);
      exit(1);
    });
    return;
  }
  const file = process.argv[asked + 1] ?? 'bianmin-support.zip';
  writeSupport(file, { BIANMIN_DATA_DIR: dataDir(), ...process.env }).then(
    (said) => {
      process.stdout.write(said);
      exit(0);
    },
    (error: unknown) => {
      process.stderr.write(`No archive was written: ${sentenceOf(error)}\n`);
      exit(1);
    },
  );
}
