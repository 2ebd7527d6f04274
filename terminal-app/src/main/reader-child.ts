import { driveReaders } from '@bianmin/shared/node/drive-readers';

/**
 * A child that drives readers, in Electron's utility process. Its program speaks Node's own channel to its parent;
 * here the parent is at the end of `process.parentPort`.
 */
const { parentPort } = process;
process.send = (message: unknown) => {
  parentPort.postMessage(message);
  return true;
};
parentPort.on('message', ({ data }) => {
  process.emit('message', data, undefined);
});
await driveReaders(process.argv.at(-1));
