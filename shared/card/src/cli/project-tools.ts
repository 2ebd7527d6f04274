import { join } from 'node:path';
import { connectSandboxBus } from '../node/sandbox-bus.ts';
import { meterFiles } from './meter-view.ts';
import type { Project } from './project.ts';

/** What stands around this file. */
export const PROJECT: Project = {
  fixtures: join(import.meta.dirname, '../../fixtures/transcripts'),
  // Loaded only where it is asked for: the simulator is most of what this tool could load.
  openSimulator: async (card, clock) => (await import('./simulator.ts')).openSimulator(card, clock),
  openSandbox: connectSandboxBus,
  meterFiles,
};
