import { join } from 'node:path';
import { pythonEnvironment } from '../../kit/process/python.ts';

/** The program `schemathesis` at the version of requirements.txt. */
export async function ensureSchemathesis(report: (line: string) => void): Promise<string> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const folder = await pythonEnvironment({ name: 'schemathesis', requirements, report });
  return join(folder, 'bin', 'schemathesis');
}
