import { register } from 'node:module';

/** Stands in for the module `electron` in a Node process: a second instance, which has nothing to do but to leave. */
const STUB = `
export const app = {
  requestSingleInstanceLock: () => false,
  quit: () => process.stdout.write('left as the second instance'),
  exit: (code) => process.exit(code),
};
const nothing = {};
export { nothing as BrowserWindow, nothing as ipcMain, nothing as Menu, nothing as powerSaveBlocker };
export { nothing as protocol, nothing as session, nothing as utilityProcess };
export default { app };
`;
const HOOK = `
export function resolve(specifier, context, next) {
  if (specifier !== 'electron') return next(specifier, context);
  return { url: 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(STUB)}), shortCircuit: true };
}
`;
register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
