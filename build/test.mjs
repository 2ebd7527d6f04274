import { bootstrap } from './bootstrap.mjs';
import { runProgram } from './bootstrap/run.mjs';

runProgram('build/test/test.ts', bootstrap('test'));
