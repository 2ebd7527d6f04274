import { bootstrap } from './bootstrap.mjs';
import { runProgram } from './bootstrap/run.mjs';

runProgram('build/run/dev/start.ts', bootstrap('start'));
