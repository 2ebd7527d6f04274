// Runs the card tool from its TypeScript, as everything in this repository runs.
import { register } from 'tsx/esm/api';

register();
const { runProcess } = await import('../src/cli/process.ts');
const { PROJECT } = await import('../src/cli/project-tools.ts');
await runProcess(PROJECT);
