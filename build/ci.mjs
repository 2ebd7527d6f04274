import { bootstrap } from './bootstrap.mjs';
import { runProgram } from './bootstrap/run.mjs';

runProgram('build/test/ci.ts', bootstrap('test'));
