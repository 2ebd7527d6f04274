import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReaderChild } from '@bianmin/card/node/guarded-child';
import { forkProgram, forkReaderChild, type ReaderDriver } from '@bianmin/card/node/reader-fork';

/** What a process of its own drives: readers by one way, or the receipt printer on the USB bus. */
export type DeviceDriver = ReaderDriver | 'printer';
export type StartDeviceChild = (driver: DeviceDriver) => ReaderChild;

/** By Node: Electron's shell starts a utility process instead. */
export const forkDeviceChild: StartDeviceChild = (driver) => {
  if (driver !== 'printer') return forkReaderChild(driver);
  const here = fileURLToPath(import.meta.url);
  return forkProgram(join(dirname(here), 'printer', `printer-child${extname(here)}`), []);
};
