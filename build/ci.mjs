import { bootstrap } from './bootstrap.mjs';
import { runProgram } from './bootstrap/run.mjs';

// Java for the quick database and the box's shell, also where the durable database is found.
bootstrap('apk');
runProgram('build/test/ci.ts', bootstrap('test'));
