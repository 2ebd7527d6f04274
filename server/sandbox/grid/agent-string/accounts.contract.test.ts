import { accountContract } from '../../../src/testing/grid-contract.ts';
import { accountStringHarness } from './harness.ts';

accountContract(accountStringHarness, { moves: false });
