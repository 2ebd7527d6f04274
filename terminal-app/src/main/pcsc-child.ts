/**
 * The PC/SC child in Electron's utility process. The child's program speaks Node's own channel to its parent;
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
await import('@bianmin/shared/node/pcsc-child');

export {};
