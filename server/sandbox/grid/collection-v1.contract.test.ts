import { gridContract } from '../../src/testing/grid-contract.ts';
import { sandboxHarness } from './harness.ts';

gridContract('collection v1 against the sandbox', sandboxHarness);
