import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import process from 'node:process';
import { runInNewContext } from 'node:vm';
import type { Check } from './check.ts';

/** Whether every module of the main bundle can be evaluated: it runs in Node until it sees that it is the second instance. */
export function mainStarts(mainFile: string): Check {
  const stub = pathToFileURL(join(import.meta.dirname, 'electron-stub.mjs')).href;
  const run = spawnSync(process.execPath, ['--import', stub, mainFile], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const left = run.status === 0 && run.stdout === 'left as the second instance';
  return {
    name: 'the main bundle starts, and leaves as a second instance',
    problems: left ? [] : [`exit ${String(run.status)}\n${run.stdout}${run.stderr}`],
  };
}

/** Whether the devices' child gets ready: with the driver that has nothing to look for, so that no reader is touched. */
export function childStarts(childFile: string): Check {
  const stub = pathToFileURL(join(import.meta.dirname, 'parent-port-stub.mjs')).href;
  const run = spawnSync(process.execPath, ['--import', stub, childFile, 'hid'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const isReady = run.status === 0 && run.stdout === '{"type":"ready"}';
  return {
    name: 'the devices’ child starts, and says that it is ready',
    problems: isReady ? [] : [`exit ${String(run.status)}\n${run.stdout}${run.stderr}`],
  };
}

/** Whether the preload gives the page its one object, in a world that has Electron's two modules and nothing else. */
export function preloadStarts(text: string): Check {
  const name = 'the preload gives the page one object of two functions';
  const given: [string, object][] = [];
  const electron = {
    contextBridge: { exposeInMainWorld: (key: string, value: object) => given.push([key, value]) },
    ipcRenderer: {},
  };
  const require = (module: string): unknown => {
    if (module !== 'electron') throw new Error(`It asks for ${module}.`);
    return electron;
  };
  try {
    runInNewContext(text, { require, exports: {}, module: { exports: {} } });
  } catch (error) {
    return { name, problems: [String(error)] };
  }
  const shapes = given.map(([key, value]) => `${key}: ${Object.keys(value).sort().join(' ')}`);
  return {
    name,
    problems: shapes.join() === 'bianmin: call on' ? [] : [`it gives ${shapes.join() || 'nothing'}`],
  };
}
