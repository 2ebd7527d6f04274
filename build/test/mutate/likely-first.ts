import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';

/** What a test file has told of mutants so far. */
interface Past {
  runs: number;
  failed: number;
  /** Of all its runs, with what it imports. */
  ms: number;
}

const past = new Map<string, Past>();

/** Writes down what each test file cost, and whether it noticed. */
export class PastReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration } = module.diagnostic();
    const before = past.get(module.moduleId) ?? { runs: 0, failed: 0, ms: 0 };
    past.set(module.moduleId, {
      runs: before.runs + 1,
      failed: before.failed + (module.state() === 'failed' ? 1 : 0),
      ms: before.ms + collectDuration + duration,
    });
  }
}

/**
 * A mutant is noticed by the first test that fails, and then no further one is run. So the files come first that notice
 * most for their time; vitest itself begins with the longest.
 */
export class LikelyFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((a, b) => worth(b.moduleId) - worth(a.moduleId)));
  }
}

function worth(moduleId: string): number {
  const { runs, failed, ms } = past.get(moduleId) ?? { runs: 0, failed: 0, ms: 0 };
  return ((failed + 1) / (runs + 2)) * ((runs + 1) / (ms + 20));
}
