import { driveReaders } from './drive-readers.ts';

/** The program that `forkReaderChild` starts. */
await driveReaders(process.argv.at(-1));
