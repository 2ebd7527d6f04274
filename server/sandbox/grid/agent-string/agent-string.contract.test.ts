import { gridContract } from '../../../src/testing/grid-contract.ts';
import { ABSENT, agentStringHarness } from './harness.ts';

gridContract('the string profile against the sandbox', agentStringHarness, ABSENT);
